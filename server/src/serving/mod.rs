//! Serves the router on a socket within the limits (`limits.rs`): slow, idle and unread connections end, and when all places
//! are taken an idle one gives way (`places.rs`). Every request has the address of its connection as the extension
//! `ConnectInfo`.

mod places;
pub mod tls;

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Duration, sleep, timeout};
use tokio_io_timeout::TimeoutWriter;
use tokio_rustls::TlsAcceptor;
use tower::Service as _;

use crate::limits::Limits;
use places::{Place, Places};

/// How long to wait when the system has no resources for another connection.
const WITHOUT_RESOURCES: Duration = Duration::from_secs(1);

/// Serves until `stop`, then finishes running requests. False if some did not finish in time.
pub async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    limits: Limits,
    stop: impl Future<Output = ()>,
) -> bool {
    let server = Arc::new(Server { tls, router, http: http(&limits), limits });
    let places = Places::new(limits);
    let graceful = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener) => accepted,
        };
        let place = tokio::select! {
            () = &mut stop => break,
            place = places.take(peer.ip()) => place,
        };
        if let Some(place) = place {
            tokio::spawn(server.clone().connection(stream, peer, place, graceful.watcher()));
        }
    }
    drop(listener);
    timeout(limits.last_requests, graceful.shutdown()).await.is_ok()
}

/// The next connection. An error of one connection does not concern the others.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset) => {}
            Err(error) => {
                tracing::error!(%error, "a connection cannot be accepted");
                sleep(WITHOUT_RESOURCES).await;
            }
        }
    }
}

/// HTTP/1.1 with the limits of heads.
fn http(limits: &Limits) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.head_time)
        .max_header_size(limits.head_bytes)
        .max_headers(limits.headers)
        // An incomplete head has no other limit.
        .max_buf_size(2 * limits.head_bytes);
    http
}

/// What all connections share.
struct Server {
    tls: Option<TlsAcceptor>,
    router: Router,
    http: http1::Builder,
    limits: Limits,
}

impl Server {
    /// Serves a connection until it is closed or has to give way.
    async fn connection(self: Arc<Self>, stream: TcpStream, peer: SocketAddr, place: Place, watcher: Watcher) {
        // Otherwise the last packet of an answer waits until the ones before it are acknowledged.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its last packets back");
        }
        tokio::select! {
            () = self.encrypted(stream, peer, &place, watcher) => {}
            () = place.wanted() => tracing::debug!("an idle connection gives way to a new one"),
        }
    }

    /// By TLS if it is configured.
    async fn encrypted(&self, stream: TcpStream, peer: SocketAddr, place: &Place, watcher: Watcher) {
        let Some(tls) = &self.tls else { return self.requests(stream, peer, place, watcher).await };
        match timeout(self.limits.head_time, tls.accept(stream)).await {
            Ok(Ok(stream)) => self.requests(stream, peer, place, watcher).await,
            Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
            Err(_) => tracing::debug!("a TLS handshake took too long"),
        }
    }

    async fn requests(
        &self,
        stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
        peer: SocketAddr,
        place: &Place,
        watcher: Watcher,
    ) {
        let mut stream = TimeoutWriter::new(stream);
        stream.set_timeout(Some(self.limits.unread_time));
        let service = service_fn(|mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            let mut router = self.router.clone();
            async move {
                let _busy = place.busy();
                router.call(request).await
            }
        });
        let connection = self.http.serve_connection(TokioIo::new(Box::pin(stream)), service);
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(%error, "a connection ended");
        }
    }
}
