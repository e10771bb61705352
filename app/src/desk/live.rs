//! Live updates of an open desk page: one stream of server-sent events for the list and the open case. An event says only that
//! something changed; the script replaces the list and reports a change of the open case. The stream reads `case_events` after
//! every notification and every five seconds, so a lost notification only delays an event. The stream ends with the session and
//! at shutdown. It does not count as activity of the session.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use bank::cases::{RECENT_MAX, event_count, find_for_staff, recent_events};
use bank::kernel::bank::Bank;
use bank::kernel::failure::Failure;
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
use crate::visit::{App, LenientQuery, Stopping, Visit};

/// The scripts of an open desk page.
pub const SCRIPT: &str = concat!(include_str!("live.js"), include_str!("keys.js"));

/// Changes within this time are coalesced into one event.
const TOGETHER: Duration = Duration::from_millis(300);

/// How often the stream polls the events and checks the session and its permission.
const CHECK: Duration = Duration::from_secs(5);

/// The query of the stream's URL.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct EventsQuery {
    /// Number of the case that is open beside the list.
    pub case: Option<String>,
    /// When the page was rendered, UTC milliseconds: later changes are reported at once.
    pub since: Option<String>,
    /// Number of recent events that the page had read.
    pub recent: Option<String>,
    /// Number of events of the open case that the page had read.
    pub of_case: Option<String>,
}

/// The events that a page read before it read the data it shows. The stream reports what came later.
#[derive(Clone, Copy, Debug)]
pub struct PageState {
    since: At,
    /// Number of events in the reader's scope since `since`, overlap included.
    recent: usize,
    /// Number of events of the open case.
    of_case: i64,
}

impl PageState {
    /// Reads the counts for a page that shows this case, or no case.
    pub async fn read(bank: &Bank, staff: &Staff, since: At, case: Option<&str>) -> Result<Self, Failure> {
        let scope = staff.scope(Permission::SeeCases);
        let recent = recent_events(bank, &scope, since).await?.len();
        Ok(Self { since, recent, of_case: count(bank, &scope, case).await? })
    }

    fn parse(query: &EventsQuery) -> Option<Self> {
        let since = At(query.since.as_ref()?.parse().ok()?);
        let number = |text: &Option<String>| text.as_ref()?.parse().ok();
        let recent = number(&query.recent).and_then(|recent: i64| usize::try_from(recent).ok()).unwrap_or_default();
        Some(Self { since, recent, of_case: number(&query.of_case).unwrap_or_default() })
    }
}

async fn count(bank: &Bank, scope: &Scope, case: Option<&str>) -> Result<i64, Failure> {
    match case {
        Some(number) => event_count(bank, scope, number).await,
        None => Ok(0),
    }
}

/// What a change concerns, as the script knows it.
#[derive(Clone, Copy, Debug)]
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
pub async fn events(
    visit: Visit,
    staff: Staff,
    State(app): State<App>,
    LenientQuery(query): LenientQuery<EventsQuery>,
) -> Response {
    visit.answer(open(&staff, &app, query).await)
}

async fn open(staff: &Staff, app: &App, query: EventsQuery) -> Result<Response, PageError> {
    // Subscribe before reading the events, so that no change falls between the two.
    let changed = app.bank.changed_cases();
    let scope = staff.scope(Permission::SeeCases);
    let case = match &query.case {
        Some(number) => Some(find_for_staff(&app.bank, &scope, number).await?.ok_or(PageError::NotFound)?.number),
        None => None,
    };
    let shown = PageState::parse(&query);
    let since = shown.map_or_else(|| app.bank.now(), |shown| shown.since);
    let mut check = interval(CHECK);
    check.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let session = staff.session_id().to_owned();
    let (app, stopping) = (app.clone(), app.stopping.clone());
    let mut stream = DeskStream {
        app,
        session,
        scope,
        case,
        changed,
        check,
        stopping,
        since,
        known: BTreeSet::new(),
        of_case: 0,
        first: None,
    };
    stream.poll().await?;
    stream.first = shown.and_then(|shown| stream.missed(shown));
    Ok(Sse::new(unfold(stream, DeskStream::next)).into_response())
}

/// An open stream.
struct DeskStream {
    app: App,
    session: String,
    /// Cases out of this scope are not reported.
    scope: Scope,
    case: Option<String>,
    changed: Receiver<String>,
    check: Interval,
    stopping: Stopping,
    /// When the events were last read.
    since: At,
    /// The sequence numbers of that read.
    known: BTreeSet<i64>,
    /// Number of events of the open case at that read.
    of_case: i64,
    first: Option<News>,
}

impl DeskStream {
    /// The next event; `None` at the end.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        if let Some(missed) = self.first.take() {
            return Some((Ok(missed.event()), self));
        }
        tokio::select! {
            () = self.stopping.wait() => return None,
            _ = self.check.tick() => if !self.is_signed_in().await {
                return None;
            },
            changed = self.changed.recv() => self.gather(changed).await?,
        }
        let event = match self.poll().await {
            Ok(Some(news)) => news.event(),
            // A keep-alive: without one a closed connection would not be noticed.
            Ok(None) => Event::default().comment(""),
            Err(failure) => {
                tracing::warn!(error = %failure, "a stream could not read what changed and ends");
                return None;
            }
        };
        Some((Ok(event), self))
    }

    /// Waits briefly and discards the notifications that arrive meanwhile; the events contain what changed. `None` at the end of
    /// the stream.
    async fn gather(&mut self, first: Result<String, RecvError>) -> Option<()> {
        if first == Err(RecvError::Closed) {
            return None;
        }
        sleep(TOGETHER).await;
        while !self.changed.is_empty() {
            if self.changed.recv().await == Err(RecvError::Closed) {
                return None;
            }
        }
        Some(())
    }

    /// Reads the events again, overlap included, and returns what is new to this reader.
    async fn poll(&mut self) -> Result<Option<News>, Failure> {
        let now = self.app.bank.now();
        let events = recent_events(&self.app.bank, &self.scope, self.since).await?;
        let of_case = count(&self.app.bank, &self.scope, self.case.as_deref()).await?;
        let others = |number: &String| self.case.as_ref() != Some(number);
        let fresh = events.iter().any(|event| !self.known.contains(&event.seq) && others(&event.number));
        let news = if of_case == self.of_case { fresh.then_some(News::List) } else { Some(News::Case) };
        (self.since, self.of_case) = (now, of_case);
        self.known = events.into_iter().map(|event| event.seq).collect();
        Ok(news)
    }

    /// What the first read found in addition to what the page had read.
    fn missed(&self, shown: PageState) -> Option<News> {
        let more = self.known.len() > shown.recent || self.known.len() >= RECENT_MAX;
        if self.of_case > shown.of_case { Some(News::Case) } else { more.then_some(News::List) }
    }

    /// Whether the session still exists and may still see cases. Also updates the scope.
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

/// The reload link, and the place where the script says why. `renew` is the address of the list as it is now; `ticks`: what the list
/// says changes with every minute, so it is read again without an event too.
pub fn view(visit: &Visit, shown: PageState, case: Option<&str>, (here, renew, ticks): (String, String, bool)) -> AnyView {
    let locale = visit.locale();
    let case = case.map(|number| format!("&case={number}&of_case={}", shown.of_case)).unwrap_or_default();
    let events = format!("{EVENTS}?since={}&recent={}{case}", shown.since.0, shown.recent);
    let refresh = t!(locale, desk.refresh);
    view! {
        <div class="desk-live">
            <div
                class="desk-news"
                role="status"
                data-events=events
                data-here=here.clone()
                data-renew=renew
                data-ticks=ticks.then_some("")
                data-list=t!(locale, desk.list_changed)
                data-case=t!(locale, desk.case_changed)
                data-refresh=refresh.clone()
            ></div>
            <a href=here>{refresh}</a>
        </div>
    }
    .into_any()
}
