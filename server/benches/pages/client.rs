//! A client that costs little beside the server it measures: one connection, one prepared request, and an answer of which only
//! status and length are read.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection that sends the same request again and again.
pub struct Client {
    stream: TcpStream,
    request: Vec<u8>,
    read: Vec<u8>,
}

impl Client {
    /// `base`: `http://address`; `encoding`: the value of `Accept-Encoding`.
    pub async fn connect(base: &str, path: &str, cookie: &str, encoding: &str) -> Self {
        let address = base.strip_prefix("http://").expect("an address");
        let stream = TcpStream::connect(address).await.expect("a connection");
        stream.set_nodelay(true).expect("no delay");
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {address}\r\naccept: text/html\r\naccept-encoding: {encoding}\r\ncookie: {cookie}\r\n\r\n"
        );
        Self { stream, request: request.into_bytes(), read: Vec::new() }
    }

    /// Sends the request; returns the number of bytes of the body. An answer other than 200 stops the bench.
    pub async fn get(&mut self) -> usize {
        self.stream.write_all(&self.request).await.expect("sent");
        self.read.clear();
        let head = loop {
            if let Some(end) = self.read.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break end + 4;
            }
            self.more().await;
        };
        let text = String::from_utf8_lossy(&self.read[..head]).to_ascii_lowercase();
        assert!(text.starts_with("http/1.1 200"), "{text}");
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
