//! What the branch proposes instead of an appointment, on its customer's page: booked and proposed side by side, and the answer
//! with one press (docs/domain.md §3.5). It is the same for every kind; the POST is in `crate::cases`.

use bank::cases::{ACCEPT, CaseLine, REJECT, SEEN};
use bank::kernel::forms::Refusal;
use bank::kernel::time::At;
use leptos::prelude::*;

use crate::kinds;
use crate::t;
use crate::ui::button::{Button, ButtonKind, hidden};
use crate::ui::card::Card;
use crate::ui::error_summary::{ErrorSummary, Refused};
use crate::ui::parts::ScreenAndPrint;
use crate::visit::Visit;

/// An appointment with the other place that is proposed for it.
pub struct ProposalParts {
    /// The lines of what is booked: day and time, branch, address.
    pub booked: Vec<String>,
    /// Those of what is proposed.
    pub proposed: Vec<String>,
    /// Until when it can be answered.
    pub until: At,
    /// The same with what happens otherwise, for whoever answers it.
    pub until_told: ScreenAndPrint,
    /// Why it cannot be accepted.
    pub obstacle: Option<String>,
    pub may_accept: bool,
    pub may_reject: bool,
}

/// The question.
pub fn view(visit: &Visit, case: &CaseLine, parts: ProposalParts) -> AnyView {
    let l = visit.locale();
    let may_answer = parts.may_accept || parts.may_reject;
    let title = if may_answer { t!(l, appointments.proposal.title) } else { t!(l, appointments.proposal.told) };
    let until = if may_answer {
        parts.until_told
    } else if visit.now >= parts.until {
        t!(l, appointments.proposal.too_late).into()
    } else {
        visit.dated(|say| t!(l, appointments.proposal.by_operator, until = say(parts.until)))
    };
    let card = |title: String, lines: Vec<String>, accent: bool| {
        let lines = lines.into_iter().map(|line| view! { <p>{line}</p> }).collect_view();
        view! {
            <Card title=title level=3 accent=accent>
                {lines}
            </Card>
        }
    };
    let answer = (visit.acts() && may_answer).then(|| {
        // What was proposed when the page was made is answered, and nothing that followed.
        let fields = visit.bound(vec![(SEEN.to_owned(), case.version.to_string())]);
        let kind = if parts.may_accept { ButtonKind::Secondary } else { ButtonKind::Primary };
        view! {
            <form method="post" action=kinds::path(&case.number) class="actions no-print">
                {hidden(fields)}
                {parts.may_accept.then(|| view! { <Button text=t!(l, appointments.proposal.accept) name="do" value=ACCEPT /> })}
                {parts
                    .may_reject
                    .then(|| view! { <Button text=t!(l, appointments.proposal.reject) kind=kind name="do" value=REJECT /> })}
            </form>
        }
    });
    view! {
        <section class="block">
            <h2>{title}</h2>
            <div class="proposal-places">
                {card(t!(l, appointments.proposal.booked), parts.booked, false)}
                {card(t!(l, appointments.proposal.proposed), parts.proposed, true)}
            </div>
            {parts.obstacle.map(|why| view! { <p>{why}</p> })}
            <p class="hint">{until.view()}</p>
            {answer}
        </section>
    }
    .into_any()
}

/// The answer came too late, or was about another proposal.
pub struct ProposalOver;

impl Refusal for ProposalOver {
    fn code(&self) -> &'static str {
        "proposal_over"
    }

    fn field(&self) -> &'static str {
        ""
    }

    fn nearest(&self) -> Vec<bank::kernel::forms::Nearest> {
        Vec::new()
    }
}

impl ProposalOver {
    /// The error summary of a page to which a refused answer has led.
    pub fn view(visit: &Visit) -> Option<AnyView> {
        let l = visit.locale();
        visit.asks("refused").filter(|code| *code == ProposalOver.code()).map(|_| {
            let words = (t!(l, appointments.proposal.over_title), t!(l, appointments.proposal.over_text));
            view! { <ErrorSummary refused=vec![Refused::of(&ProposalOver, words)] /> }.into_any()
        })
    }
}
