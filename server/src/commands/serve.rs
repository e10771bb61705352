//! `lobby serve`: the portal and its worker, until SIGTERM or Ctrl-C. Running requests are finished first.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use app::visit::{Portal, Stopping};
use bank::kernel::time::At;
use tokio::net::TcpListener;
use tokio::signal;
use tokio::sync::watch;

use crate::config::Settings;
use crate::worker::Worker;
use crate::{host, nodes, router};

/// Time limit for running requests after the server is asked to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(8);

pub async fn run(settings: &Settings, gallery: bool, now: Option<At>, expose_demo: bool) -> anyhow::Result<()> {
    let bank = host::open_bank(settings, host::clock(now)).await?;
    host::ensure_may_choose_clock(&bank, now).await?;
    host::ensure_not_exposed(&bank, settings, expose_demo).await?;
    let (asked, mut stop) = watch::channel(false);
    let gateway = host::gateway(&bank, settings).await?;
    let portal = Portal {
        stopping: Stopping::when(stop.clone()),
        sends_messages: gateway.is_some(),
        ..host::portal(settings, bank.clone(), gallery)?
    };
    let router = router::router(portal.into(), &settings.public_origin)?;
    let listener =
        TcpListener::bind(&settings.address).await.with_context(|| format!("cannot listen on {}", settings.address))?;

    // Work that became due while no server was running is done before the first request.
    if gateway.is_none() {
        tracing::info!("no gateway is configured: messages are shown in the portal only");
    }
    let worker = Worker::new(bank.clone(), gateway);
    worker.pass().await;
    let worker = tokio::spawn(worker.run());

    let nodes = tokio::spawn(nodes::run(bank.clone()));

    tokio::spawn(async move {
        asked_to_stop().await;
        tracing::info!("asked to stop");
        asked.send_replace(true);
    });
    tracing::info!(address = %listener.local_addr()?, origin = settings.public_origin.as_str(), "serving");
    let mut stopping = stop.clone();
    // A router given as it is would be copied for each connection.
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(router::at_once(listener), service).with_graceful_shutdown(async move {
        let _ = stop.wait_for(|stop| *stop).await;
    });
    tokio::select! {
        served = serving => served.context("serving")?,
        () = async {
            let _ = stopping.wait_for(|stop| *stop).await;
            tokio::time::sleep(LAST_REQUESTS).await;
        } => tracing::warn!("some requests did not finish in time"),
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
