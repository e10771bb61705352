//! Captures the statements of a booking from the driver's log events, so that the bare run cannot become outdated.

use std::sync::{Arc, Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// The statements sent since [`Statements::forget`].
#[derive(Clone, Default)]
pub struct Statements(Arc<Mutex<Option<Vec<String>>>>);

/// Starts to capture.
pub fn install() -> Statements {
    let statements = Statements::default();
    let listening = statements.clone().with_filter(Targets::new().with_target("sqlx::query", tracing::Level::DEBUG));
    tracing_subscriber::registry().with(listening).init();
    statements
}

impl Statements {
    /// Clears the captured statements.
    pub fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Vec::new());
    }

    /// The statements of the booking's transaction; stops capturing. The transaction starts with the lock of the form's row.
    pub fn transaction(&self) -> Vec<String> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default();
        let begins = all.iter().position(|sql| sql.starts_with("INSERT INTO form_states"));
        let mut transaction = all[begins.expect("a booking that locks its form")..].to_vec();
        // The driver reports BEGIN and COMMIT themselves on one engine only.
        transaction.retain(|sql| !sql.starts_with("COMMIT") && !sql.starts_with("BEGIN"));
        transaction
    }
}

impl<S: Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if let Some(statements) = self.0.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            let mut read = Statement::default();
            event.record(&mut read);
            // The full text is in the second field, unless it is as short as the summary.
            let sql = if read.whole.trim().is_empty() { read.summary } else { read.whole };
            statements.push(sql.trim().to_owned());
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
