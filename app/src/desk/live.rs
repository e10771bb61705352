//! Live updates of an open desk: one stream of server-sent events for list and case. An event says that something has
//! changed, never what; the page is loaded again to see it. The stream ends with the session and at shutdown, and does not
//! count as activity.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use bank::cases::{changed_in_scope, find_for_staff, in_scope};
use bank::kernel::time::At;
use bank::sessions::{Caller, Permission, Scope, Staff, idle_caller};
use futures_util::stream::unfold;
use leptos::prelude::*;
use serde::Deserialize;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Interval, MissedTickBehavior, interval, sleep};

use super::EVENTS;
use crate::page::PageError;
use crate::t;
use crate::visit::{App, Asked, Stopping, Visit};

/// The script of the open desk.
pub const SCRIPT: &str = include_str!("live.js");

/// Changes within this time are coalesced into one event.
const TOGETHER: Duration = Duration::from_millis(300);

/// How often the stream makes sure that its session still lives, and that its reader does.
const CHECK: Duration = Duration::from_secs(5);

/// What the address of the stream asks for.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct EventsQuery {
    /// The case that is open beside the list.
    pub case: Option<String>,
    /// When the page was made, UTC milliseconds: what has happened since is told at once.
    pub since: Option<String>,
}

/// What a change concerns, as the script knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum News {
    List,
    Case,
}

impl News {
    fn event(self) -> Event {
        Event::default().event("changed").data(match self {
            Self::List => "list",
            Self::Case => "case",
        })
    }
}

/// GET /desk/events
pub async fn events(visit: Visit, staff: Staff, State(app): State<App>, Asked(query): Asked<EventsQuery>) -> Response {
    visit.answer(open(&staff, &app, query).await)
}

async fn open(staff: &Staff, app: &App, query: EventsQuery) -> Result<Response, PageError> {
    // Subscribe first, then read what has changed meanwhile, so that nothing is missed in between.
    let changed = app.bank.changed_cases();
    let scope = staff.scope(Permission::SeeCases);
    let case = match query.case {
        Some(number) => Some(find_for_staff(&app.bank, &scope, &number).await?.ok_or(PageError::NotFound)?.number),
        None => None,
    };
    let missed = match query.since.and_then(|since| since.parse().ok()) {
        Some(since) => changed_in_scope(&app.bank, &scope, At(since)).await?,
        None => Vec::new(),
    };
    let first = missed.iter().map(|(number, _)| about(case.as_deref(), number)).max();
    let mut check = interval(CHECK);
    check.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let session = staff.session_id().to_owned();
    let line = Line { app: app.clone(), session, scope, case, changed, check, stopping: app.stopping.clone(), first };
    Ok(Sse::new(unfold(line, Line::next)).into_response())
}

/// What a changed case means for who looks at `open`.
fn about(open: Option<&str>, number: &str) -> News {
    if open == Some(number) { News::Case } else { News::List }
}

/// One open stream.
struct Line {
    app: App,
    session: String,
    /// Nothing is told of cases out of it.
    scope: Scope,
    case: Option<String>,
    changed: Receiver<String>,
    check: Interval,
    stopping: Stopping,
    first: Option<News>,
}

impl Line {
    /// The next event, or the end.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        if let Some(missed) = self.first.take() {
            return Some((Ok(missed.event()), self));
        }
        let event = tokio::select! {
            () = self.stopping.wait() => return None,
            _ = self.check.tick() => {
                if !self.is_signed_in().await {
                    return None;
                }
                // A keep-alive: without one a closed connection would not be noticed.
                Event::default().comment("")
            }
            // A change outside the scope is sent as a keep-alive.
            changed = self.changed.recv() => self.gather(changed).await?.map_or_else(|| Event::default().comment(""), News::event),
        };
        Some((Ok(event), self))
    }

    /// This change and those that follow at once: what they mean for this reader. The end of the stream is `None`.
    async fn gather(&mut self, first: Result<String, RecvError>) -> Option<Option<News>> {
        let mut heard = vec![first];
        sleep(TOGETHER).await;
        while !self.changed.is_empty() {
            heard.push(self.changed.recv().await);
        }
        let mut numbers = Vec::new();
        for one in heard {
            match one {
                Ok(number) => numbers.push(number),
                // The receiver has lagged and missed some: the open case may be among them.
                Err(RecvError::Lagged(_)) => return Some(Some(News::Case)),
                Err(RecvError::Closed) => return None,
            }
        }
        match in_scope(&self.app.bank, &self.scope, numbers).await {
            Ok(numbers) => Some(numbers.iter().map(|number| about(self.case.as_deref(), number)).max()),
            Err(failure) => {
                tracing::warn!(error = %failure, "a stream could not read what changed and ends");
                None
            }
        }
    }

    /// Whether the session still lives and may still see cases; what it sees may have changed.
    async fn is_signed_in(&mut self) -> bool {
        match idle_caller(&self.app.bank, &self.session).await {
            Ok(visitor) => match visitor.caller {
                Caller::Staff(staff) if staff.may(Permission::SeeCases) => {
                    self.scope = staff.scope(Permission::SeeCases);
                    true
                }
                _ => false,
            },
            Err(failure) => {
                tracing::warn!(error = %failure, "a stream could not read its session and ends");
                false
            }
        }
    }
}

/// The link that reads the page again, and the place where the script says why.
pub fn view(visit: &Visit, case: Option<&str>, here: String) -> AnyView {
    let locale = visit.locale();
    let case = case.map(|number| format!("&case={number}")).unwrap_or_default();
    let events = format!("{EVENTS}?since={}{case}", visit.now.0);
    let refresh = t!(locale, desk.refresh);
    view! {
        <div class="desk-live">
            <div
                class="desk-news"
                role="status"
                data-events=events
                data-here=here.clone()
                data-list=t!(locale, desk.list_changed)
                data-case=t!(locale, desk.case_changed)
                data-refresh=refresh.clone()
            ></div>
            <a href=here>{refresh}</a>
        </div>
    }
    .into_any()
}
