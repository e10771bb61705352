//! A client that costs little beside the server it measures: one connection, and an answer of which only the head and the length
//! are read.

use std::net::Ipv4Addr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// A connection.
pub struct Client {
    stream: TcpStream,
    address: String,
    read: Vec<u8>,
}

impl Client {
    /// `base`: `http://address`.
    pub async fn connect(base: &str) -> Self {
        Self::connect_from(base, Ipv4Addr::UNSPECIFIED).await
    }

    /// The same from this address of the machine.
    pub async fn connect_from(base: &str, source: Ipv4Addr) -> Self {
        let address = base.strip_prefix("http://").expect("an address").to_owned();
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind((source, 0).into()).expect("an address of this machine");
        let stream = socket.connect(address.parse().expect("an address with a port")).await.expect("a connection");
        stream.set_nodelay(true).expect("no delay");
        Self { stream, address, read: Vec::new() }
    }

    /// A GET to be sent again and again; `encoding` is the value of `Accept-Encoding`.
    pub fn request(&self, path: &str, cookie: &str, encoding: &str) -> Vec<u8> {
        let address = &self.address;
        format!(
            "GET {path} HTTP/1.1\r\nhost: {address}\r\naccept: text/html\r\naccept-encoding: {encoding}\r\ncookie: {cookie}\r\n\r\n"
        )
        .into_bytes()
    }

    /// Sends a request of [`Client::request`]; returns the number of bytes of the body. An answer other than 200 stops the bench.
    pub async fn get(&mut self, request: &[u8]) -> usize {
        let (head, text) = self.send(request).await;
        assert!(text.starts_with("http/1.1 200"), "{text}");
        self.body(head, &text).await
    }

    /// Posts a form; returns the head of the answer in lower case.
    pub async fn post(&mut self, path: &str, cookie: &str, form: &str) -> String {
        let (address, length) = (&self.address, form.len());
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\naccept: text/html\r\naccept-encoding: br\r\ncookie: {cookie}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{form}"
        );
        let (head, text) = self.send(request.as_bytes()).await;
        self.body(head, &text).await;
        text
    }

    /// Sends a request and reads up to the end of the head, which is returned in lower case with its length.
    async fn send(&mut self, request: &[u8]) -> (usize, String) {
        self.stream.write_all(request).await.expect("sent");
        self.read.clear();
        let head = loop {
            if let Some(end) = self.read.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break end + 4;
            }
            self.more().await;
        };
        (head, String::from_utf8_lossy(&self.read[..head]).to_ascii_lowercase())
    }

    /// Reads the body behind a head of this length; returns the number of its bytes.
    async fn body(&mut self, head: usize, text: &str) -> usize {
        let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok());
        let Some(length) = length else { return self.chunks(head).await };
        while self.read.len() < head + length {
            self.more().await;
        }
        length
    }

    /// Reads a body in chunks, which begins at this byte.
    async fn chunks(&mut self, mut at: usize) -> usize {
        let mut body = 0;
        loop {
            let line = loop {
                if let Some(end) = self.read[at..].windows(2).position(|bytes| bytes == b"\r\n") {
                    break end;
                }
                self.more().await;
            };
            let size = std::str::from_utf8(&self.read[at..at + line]).expect("a size");
            let size = usize::from_str_radix(size.split(';').next().unwrap_or_default(), 16).expect("a size");
            at += line + 2;
            while self.read.len() < at + size + 2 {
                self.more().await;
            }
            at += size + 2;
            body += size;
            if size == 0 {
                return body;
            }
        }
    }

    async fn more(&mut self) {
        let read = self.stream.read_buf(&mut self.read).await.expect("an answer");
        assert!(read > 0, "the server closed the connection");
    }
}
