//! Captures the statements that the driver sends, from its log events.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// The statements since [`Captured::begin`].
#[derive(Clone, Default)]
pub struct Captured(Arc<Mutex<Option<BTreeSet<String>>>>);

pub fn install() -> Captured {
    let captured = Captured::default();
    let listening = captured.clone().with_filter(Targets::new().with_target("sqlx::query", tracing::Level::DEBUG));
    tracing_subscriber::registry().with(listening).init();
    captured
}

impl Captured {
    pub fn begin(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(BTreeSet::new());
    }

    /// The distinct statements that read or change rows.
    pub fn end(&self) -> Vec<String> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default();
        let verbs = ["SELECT ", "INSERT ", "UPDATE ", "DELETE "];
        // On SQLite several statements may be sent as one text.
        let each = all.iter().flat_map(|sent| sent.split("; ")).filter(|sql| verbs.iter().any(|verb| sql.starts_with(verb)));
        each.map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect()
    }
}

impl<S: Subscriber> Layer<S> for Captured {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if let Some(statements) = self.0.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            let mut read = Statement::default();
            event.record(&mut read);
            // The full text is in the second field, unless it is as short as the summary.
            let sql = if read.whole.trim().is_empty() { read.summary } else { read.whole };
            statements.insert(sql.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
}

#[derive(Default)]
struct Statement {
    summary: String,
    whole: String,
}

impl Visit for Statement {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => value.clone_into(&mut self.summary),
            "db.statement" => value.clone_into(&mut self.whole),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}
