//! `lobby serve`: the portal and its worker, until SIGTERM or Ctrl-C. Running requests are finished first.

use std::path::PathBuf;

use anyhow::{Context, bail};
use app::visit::{Portal, Stopping};
use bank::kernel::time::At;
use clap::Args;
use tokio::net::TcpListener;
use tokio::signal;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use crate::config::{PublicOrigin, Settings};
use crate::limits::Limits;
use crate::serving::tls;
use crate::worker::Worker;
use crate::{host, nodes, router, serving};

/// Files of the portal's own TLS, both or none.
#[derive(Args, Debug, Default)]
pub struct TlsFiles {
    /// Serves by TLS with this certificate chain, PEM
    #[arg(long, env = "LOBBY_TLS_CERT", value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The key of the certificate, PEM
    #[arg(long, env = "LOBBY_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
}

impl TlsFiles {
    /// `None` without files.
    fn acceptor(&self, origin: &PublicOrigin) -> anyhow::Result<Option<TlsAcceptor>> {
        let (Some(cert), Some(key)) = (&self.tls_cert, &self.tls_key) else { return Ok(None) };
        if !origin.is_secure() {
            bail!("with --tls-cert the address in the browser is https: set LOBBY_PUBLIC_ORIGIN (now {})", origin.as_str());
        }
        tls::acceptor(cert, key).map(Some)
    }
}

pub async fn run(settings: &Settings, gallery: bool, now: Option<At>, expose_demo: bool, tls: &TlsFiles) -> anyhow::Result<()> {
    let tls = tls.acceptor(&settings.public_origin)?;
    let bank = host::open_bank(settings, host::clock(now)).await?;
    host::ensure_may_choose_clock(&bank, now).await?;
    host::ensure_not_exposed(&bank, settings, expose_demo).await?;
    let (asked, mut stop) = watch::channel(false);
    let gateway = host::gateway(&bank, settings).await?;
    if gateway.is_none() {
        tracing::info!("no gateway is configured: messages are shown in the portal only");
    }
    let worker = Worker::new(bank.clone(), gateway);
    let portal = Portal {
        stopping: Stopping::when(stop.clone()),
        courier: worker.courier(),
        ..host::portal(settings, bank.clone(), gallery)?
    };
    let limits = Limits::of_this_process();
    let router = router::router(portal.into(), &settings.public_origin, limits)?;
    let listener =
        TcpListener::bind(&settings.address).await.with_context(|| format!("cannot listen on {}", settings.address))?;

    // Work that became due while no server was running is done before the first request.
    worker.pass().await;
    let worker = tokio::spawn(worker.run());

    let nodes = tokio::spawn(nodes::run(bank.clone()));

    tokio::spawn(async move {
        asked_to_stop().await;
        tracing::info!("asked to stop");
        asked.send_replace(true);
    });
    tracing::info!(address = %listener.local_addr()?, origin = settings.public_origin.as_str(), "serving");
    let stopped = async move {
        let _ = stop.wait_for(|stop| *stop).await;
    };
    if !serving::serve(listener, tls, router, limits, stopped).await {
        tracing::warn!("some requests did not finish in time");
    }
    worker.abort();
    nodes.abort();
    bank.db().close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Waits for Ctrl-C, or for SIGTERM where it exists.
async fn asked_to_stop() {
    let interrupted = async {
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}
