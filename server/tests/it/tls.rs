//! TLS on the portal's own socket, with a certificate made for the test and a client that verifies it.

use std::future::pending;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use server::config::{Flags, Settings};
use server::limits::Limits;
use server::serving::{self, tls};
use server::{host, router};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::support::TestBank;

const PATIENCE: Duration = Duration::from_secs(10);
const SHORT: Duration = Duration::from_millis(300);

/// A certificate for `lobby.example`.
fn certified(folder: &Path) -> CertifiedKey<KeyPair> {
    let made = generate_simple_self_signed(["lobby.example".to_owned()]).expect("a certificate");
    std::fs::write(folder.join("cert.pem"), made.cert.pem()).expect("a file");
    std::fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).expect("a file");
    made
}

/// A client that trusts this certificate.
fn trusting(cert: &CertificateDer<'static>) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(cert.clone()).expect("a root");
    let client = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
    let client = client.with_safe_default_protocol_versions().expect("versions").with_root_certificates(roots);
    TlsConnector::from(Arc::new(client.with_no_client_auth()))
}

async fn said(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let _ = timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("the connection ends");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn the_portal_speaks_tls_and_nothing_else() {
    let bank = TestBank::sqlite().await;
    let folder = tempfile::tempdir().expect("a folder");
    let made = certified(folder.path());
    let tls = tls::acceptor(&folder.path().join("cert.pem"), &folder.path().join("key.pem")).expect("TLS");
    let flags = Flags { public_origin: Some("https://lobby.example".to_owned()), ..Flags::default() };
    let settings = Settings { public_origin: Settings::load(&flags).expect("settings").public_origin, ..bank.settings() };
    let limits = Limits { head_time: SHORT, ..Limits::default() };
    let portal = host::portal(&settings, bank.bank.clone(), false).expect("a portal");
    let router = router::router(portal.into(), &settings.public_origin, limits).expect("a router");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address: SocketAddr = listener.local_addr().expect("an address");
    tokio::spawn(serving::serve(listener, Some(tls), router, limits, pending()));

    let request = "POST /login HTTP/1.1\r\nHost: lobby.example\r\nOrigin: https://lobby.example\r\nConnection: close\r\n\
                   Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 35\r\n\r\n\
                   sign_in_name=c1&password=lobby-demo";
    let stream = TcpStream::connect(address).await.expect("a connection");
    let name = ServerName::try_from("lobby.example").expect("a name");
    let mut stream = trusting(made.cert.der()).connect(name.clone(), stream).await.expect("a handshake");
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("in time").expect("an answer that is closed properly");
    let answer = String::from_utf8_lossy(&answer).to_lowercase();
    assert!(answer.starts_with("http/1.1 303") && answer.contains("strict-transport-security: max-age="), "{answer}");
    let cookies: Vec<&str> = answer.lines().filter(|line| line.starts_with("set-cookie:")).collect();
    assert!(!cookies.is_empty() && cookies.iter().all(|cookie| cookie.contains("; secure")), "{answer}");

    // Another certificate is not believed.
    let other = tempfile::tempdir().expect("a folder");
    let stranger = certified(other.path());
    let stream = TcpStream::connect(address).await.expect("a connection");
    assert!(trusting(stranger.cert.der()).connect(name, stream).await.is_err());

    let mut plain = TcpStream::connect(address).await.expect("a connection");
    plain.write_all(b"GET /login HTTP/1.1\r\nHost: lobby.example\r\n\r\n").await.expect("sent");
    assert!(!said(&mut plain).await.contains("HTTP/"), "plain HTTP is not answered");
    let mut silent = TcpStream::connect(address).await.expect("a connection");
    assert_eq!(said(&mut silent).await, "", "a handshake has a time limit");
}

#[test]
fn files_that_do_not_serve_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    let fault = || format!("{:#}", tls::acceptor(&cert, &key).err().expect("a fault"));
    assert!(fault().contains("cert.pem"), "{}", fault());
    certified(folder.path());
    let other = tempfile::tempdir().expect("a folder");
    certified(other.path());
    std::fs::copy(other.path().join("key.pem"), &key).expect("a file");
    assert!(fault().contains("the certificate and its key do not serve"), "{}", fault());
    std::fs::write(&key, "no key").expect("a file");
    assert!(fault().contains("key.pem"), "{}", fault());
    certified(folder.path());
    assert!(tls::acceptor(&cert, &key).is_ok());
}
