//! What compressing a page costs and saves, by encoding and level: stored pages behind the portal's compression layer, at one
//! client.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use tokio::net::TcpListener;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;

use super::figures::client::Client;
use super::figures::{Times, knob, median};
use super::plain::Answered;

/// Encodings and levels; 0 stands for no level.
const LEVELS: [(&str, i32); 11] = [
    ("identity", 0),
    ("gzip", 1),
    ("gzip", 2),
    ("gzip", 4),
    ("gzip", 6),
    ("br", 0),
    ("br", 1),
    ("br", 2),
    ("br", 3),
    ("br", 4),
    ("br", 6),
];

/// Serves the stored pages at `/0`, `/1` …
async fn serve(pages: &[Arc<Answered>], level: i32) -> String {
    let mut router = Router::new();
    for (number, page) in pages.iter().enumerate() {
        let page = page.clone();
        router = router.route(&format!("/{number}"), get(move || async move { Html(page.html.clone()) }));
    }
    let router = router.layer(CompressionLayer::new().quality(CompressionLevel::Precise(level)));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

/// Measures all levels in turns and prints a line each. `pure`: the mean time of the same pages without compression, ms.
pub async fn table(pages: &[Arc<Answered>], pure: f64) {
    let (rounds, times) = (knob("LOBBY_BENCH_ROUNDS", 5), knob("LOBBY_BENCH_GETS", 200));
    let mut bases = Vec::new();
    for (_, level) in LEVELS {
        bases.push(serve(pages, level).await);
    }
    let mut took = vec![Vec::new(); LEVELS.len()];
    let mut bytes = vec![0; LEVELS.len()];
    for _ in 0..rounds {
        for (line, ((encoding, _), base)) in LEVELS.iter().zip(&bases).enumerate() {
            let (mut sum, mut length) = (0.0, 0);
            for number in 0..pages.len() {
                let mut client = Client::connect(base).await;
                let request = client.request(&format!("/{number}"), "", encoding);
                length += client.get(&request).await;
                let mut each = Vec::new();
                let whole = Instant::now();
                for _ in 0..times {
                    let began = Instant::now();
                    client.get(&request).await;
                    each.push(began.elapsed());
                }
                sum += Times { each, whole: whole.elapsed() }.figures().p50;
            }
            took[line].push(sum);
            bytes[line] = length;
        }
    }
    let count = u32::try_from(pages.len()).map_or(f64::NAN, f64::from);
    let mean: Vec<f64> = took.into_iter().map(|rounds| median(rounds) / count).collect();
    println!("  compression: the mean of these pages, stored, at one client");
    println!("  {:<10} {:>6} {:>14} {:>10} {:>24}", "encoding", "level", "bytes a page", "added ms", "share of a page's time");
    for (((encoding, level), mean_time), bytes) in LEVELS.iter().zip(&mean).zip(bytes) {
        let added = mean_time - mean[0];
        let share = added / (pure + added) * 100.0;
        println!("  {encoding:<10} {level:>6} {:>14} {added:>10.3} {share:>22.0} %", bytes / pages.len());
    }
}
