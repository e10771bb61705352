//! Moving what has been booked, over HTTP. A move has a booking's work to do, and gives back what was held.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::Mutex;

use super::figures::Times;
use super::figures::client::Client;
use super::{Bench, DAYS, Line, book, connect, customer, key, measure};

/// Sends a move to another day as the check page's button does.
async fn move_it(client: &mut Client, key: &str, cookie: &str, number: &str, day: &str) {
    let fields = [("key", key), ("version", "0"), ("do", "move"), ("moves", "0"), ("day", day)];
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let answer = client.post(&format!("/appointments/{number}/move"), cookie, &body).await;
    let case = format!("\r\nlocation: /appointments/{}#", number.to_ascii_lowercase());
    assert!(answer.contains(&case), "{number} was not moved: {answer}");
}

impl Bench<'_> {
    /// Each client moves what it has booked before, outside the measurement.
    pub async fn moves(&self, line: &Line<'_>, base: &str) -> Times {
        let connections = connect(line.clients, base).await;
        let numbers = Arc::new(Mutex::new(HashMap::new()));
        measure(line.clients, |client, turn| {
            let (connection, numbers) = (connections[client % line.clients].clone(), numbers.clone());
            let (cookie, key) = (self.sessions[client][turn].clone(), key(self.bank));
            let (name, slot) = (customer(client, turn), (line.place)(client));
            async move {
                let number = book(&mut *connection.lock().await, &key, &name, &cookie, &slot).await;
                numbers.lock().await.insert((client, turn), number);
            }
        })
        .await;
        let numbers = std::mem::take(&mut *numbers.lock().await);
        measure(line.clients, |client, turn| {
            let connection = connections[client % line.clients].clone();
            let (cookie, key, number) = (self.sessions[client][turn].clone(), key(self.bank), numbers[&(client, turn)].clone());
            let day = if (line.place)(client).day == DAYS[0] { DAYS[1] } else { DAYS[0] };
            async move { move_it(&mut *connection.lock().await, &key, &cookie, &number, day).await }
        })
        .await
    }
}
