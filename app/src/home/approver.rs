//! What waits for a company's approver, on top of the home page.

use bank::cases::CaseLine;
use bank::kernel::language::{day_from_now, moment, time_span};
use leptos::prelude::*;

use crate::cases::{state_told, title_words};
use crate::kinds;
use crate::t;
use crate::ui::state_tag::StateTag;
use crate::visit::Visit;

/// The bookings to answer, a line each; `None` without any.
pub fn to_approve(visit: &Visit, cases: &[CaseLine]) -> Option<AnyView> {
    let (language, l) = (visit.language, visit.locale());
    let row = |case: &CaseLine| {
        let (state, tone) = state_told(l, case.kind, &case.state);
        let when = case.time.map(|(start, end)| {
            format!("{} {}", day_from_now(language, start.day(), visit.now), time_span(start.time(), end.time()))
        });
        view! {
            <li>
                <div>
                    <h3>
                        <a href=kinds::path(&case.number)>{title_words(language, case)}</a>
                    </h3>
                    <p class="hint">{when}</p>
                    <p class="hint">{t!(l, home.approve_until, until = moment(language, case.due_at, visit.now))}</p>
                </div>
                <StateTag text=state tone=tone />
            </li>
        }
    };
    (!cases.is_empty()).then(|| {
        view! {
            <section class="block">
                <h2>{t!(l, home.to_approve)}</h2>
                <ul class="rows">{cases.iter().map(row).collect_view()}</ul>
            </section>
        }
        .into_any()
    })
}
