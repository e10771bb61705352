//! Texts of administration: states, refusals, what a change touches and changes.

use bank::administration::{ChangeRefusal, ChangeRequest, ChangeState, Difference, Touch};
use bank::kernel::entries::EntryRule;
use bank::kernel::forms::Refusal;
use bank::kernel::language::{Language, day_full, day_with_year};
use bank::kernel::time::At;
use bank::sessions::Permission;
use leptos::prelude::*;

use super::request_path;
use super::ui::{ChangeContext, ChangeUi};
use crate::form::OpenForm;
use crate::t;
use crate::typed::display_text;
use crate::ui::error_summary::{OfferButton, Refused};
use crate::ui::parts::Tone;
use crate::ui::summary_list::SummaryRow;
use crate::words::{Locale, locale};

/// The name of a state and its colour.
fn state_words(l: Locale, state: ChangeState) -> (String, Tone) {
    match state {
        ChangeState::Waiting => (t!(l, admin.state.waiting), Tone::Wait),
        ChangeState::Applied => (t!(l, admin.state.applied), Tone::Ok),
        ChangeState::Rejected => (t!(l, admin.state.rejected), Tone::Seal),
        ChangeState::Withdrawn => (t!(l, admin.state.withdrawn), Tone::Neutral),
    }
}

/// The name of the state of a request and its colour: what was decided may take effect on a later day only.
pub fn request_state(language: Language, now: At, request: &ChangeRequest) -> (String, Tone) {
    let l = locale(language);
    match request.effective_from.filter(|from| request.state == ChangeState::Applied && *from > now.day()) {
        Some(from) => (t!(l, admin.state.recorded, day = day_full(language, from)), Tone::Ok),
        None => state_words(l, request.state),
    }
}

/// The label of a field; the shared field of the effective day included.
fn label(ui: &dyn ChangeUi, context: ChangeContext<'_>, field: &str) -> String {
    match field {
        "from" => t!(context.locale(), admin.from),
        _ => ui.label(context, field).unwrap_or_default(),
    }
}

/// Title and body of a refusal.
pub fn refusal_words(ui: &dyn ChangeUi, context: ChangeContext<'_>, refusal: &ChangeRefusal) -> (String, String) {
    let l = context.locale();
    match refusal {
        ChangeRefusal::Missing { field } => {
            (t!(l, admin.refused.missing, field = label(ui, context, field)), ui.rule(context, field))
        }
        ChangeRefusal::Invalid { field } => {
            (t!(l, admin.refused.invalid, field = label(ui, context, field)), ui.rule(context, field))
        }
        ChangeRefusal::OutOfBounds { field, lowest, highest, .. } => {
            let [lowest, highest] = [lowest, highest].map(|bound| ui.value(context, field, &bound.to_string()));
            let text = t!(l, admin.refused.out_of_bounds_text, lowest = lowest, highest = highest);
            (t!(l, admin.refused.out_of_bounds, field = label(ui, context, field)), text)
        }
        ChangeRefusal::Entry(entry) => {
            let field = label(ui, context, entry.column);
            let title = match entry.rule {
                EntryRule::Missing => t!(l, admin.refused.missing, field = field),
                _ => t!(l, admin.refused.invalid, field = field),
            };
            let accepted = ui.rule(context, entry.column);
            let words = || crate::entries::words(l, entry.rule, |other| label(ui, context, other));
            let asks_for_one = matches!(entry.rule, EntryRule::Missing | EntryRule::UnknownReference);
            (title, if asks_for_one && !accepted.is_empty() { accepted } else { words() })
        }
        ChangeRefusal::Blocked { by } => {
            let by = by.iter().map(|touch| blocked_words(l, touch)).collect::<Vec<_>>().join(&t!(l, admin.and));
            (t!(l, admin.refused.blocked), t!(l, admin.refused.blocked_text, by = by))
        }
        ChangeRefusal::DayPassed { earliest, .. } => {
            (t!(l, admin.refused.day_passed), t!(l, admin.refused.day_passed_text, day = day_full(context.language, *earliest)))
        }
        ChangeRefusal::NothingChanges => (t!(l, admin.refused.nothing), t!(l, admin.refused.nothing_text)),
        ChangeRefusal::AlreadyWaiting { .. } => (t!(l, admin.refused.waiting), t!(l, admin.refused.waiting_text)),
        ChangeRefusal::PreviewChanged => (t!(l, admin.refused.preview), t!(l, admin.refused.preview_text)),
        ChangeRefusal::Outdated { changed } => {
            let changes = changed.iter().map(|difference| difference_words(ui, context, difference)).collect::<Vec<_>>();
            let changes = changes.join(&t!(l, admin.and));
            (t!(l, admin.refused.outdated), t!(l, admin.refused.outdated_text, changes = changes))
        }
        ChangeRefusal::Decided { state } => {
            (t!(l, admin.refused.decided), t!(l, admin.refused.decided_text, state = state_words(l, *state).0))
        }
        ChangeRefusal::OwnProposal => (t!(l, admin.refused.own), t!(l, admin.refused.own_text)),
        ChangeRefusal::NotProposer => (t!(l, admin.refused.not_proposer), t!(l, admin.refused.not_proposer_text)),
        ChangeRefusal::NotYours => (t!(l, admin.refused.not_yours), t!(l, admin.refused.not_yours_text)),
        ChangeRefusal::ProposerMayNot => (t!(l, admin.refused.proposer), t!(l, admin.refused.proposer_text)),
        ChangeRefusal::ReasonMissing => (t!(l, admin.refused.reason), t!(l, admin.refused.reason_text)),
        ChangeRefusal::ReasonTooLong { max, length } => {
            (t!(l, admin.refused.reason_long), t!(l, admin.refused.reason_long_text, max = max, length = length))
        }
    }
}

/// A refusal in the summary of a form, with its nearest value and the way on.
pub fn refused(ui: &'static dyn ChangeUi, context: ChangeContext<'_>, shown: &OpenForm, refusal: &ChangeRefusal) -> Refused {
    let l = context.locale();
    let mut offers = shown.offers("", refusal, |nearest| match (refusal, nearest.0.first()) {
        (ChangeRefusal::OutOfBounds { .. }, Some((field, stored))) => {
            t!(l, admin.use_value, value = ui.value(context, field, stored))
        }
        _ => t!(l, admin.use_today),
    });
    if let ChangeRefusal::AlreadyWaiting { id } = refusal {
        offers.push(OfferButton::go(t!(l, admin.to_request), request_path(id)));
    }
    let item = Refused::of(refusal, refusal_words(ui, context, refusal)).offers(offers);
    match refusal.field() {
        "" => item,
        "reason" => item.field("reason", t!(l, admin.reason)),
        field => item.field(field, label(ui, context, field)),
    }
}

/// A value in words; a missing one too.
fn value(ui: &dyn ChangeUi, context: ChangeContext<'_>, field: &str, stored: &str) -> String {
    if stored.is_empty() { t!(context.locale(), admin.none) } else { ui.value(context, field, stored) }
}

/// A change as a sentence, in which the values stand in quotation marks.
fn difference_words(ui: &dyn ChangeUi, context: ChangeContext<'_>, difference: &Difference) -> String {
    let (l, Difference { field, before, after }) = (context.locale(), difference);
    let [before, after] = [before, after].map(|stored| {
        let words = value(ui, context, field, stored);
        if stored.is_empty() { words } else { t!(l, typed.quoted, text = display_text(&words)) }
    });
    t!(l, admin.difference, field = label(ui, context, field), before = before, after = after)
}

/// The changed fields with their values before and after.
pub fn difference_rows(ui: &dyn ChangeUi, context: ChangeContext<'_>, differences: &[Difference]) -> Vec<SummaryRow> {
    let l = context.locale();
    let row = |Difference { field, before, after }: &Difference| {
        let [was, becomes] = [before, after].map(|stored| value(ui, context, field, stored));
        let was = (!before.is_empty()).then(|| {
            view! {
                <span class="change-before">
                    <span class="hint">{t!(l, admin.before)}</span>
                    " "
                    {display_text(&was)}
                </span>
            }
        });
        let view = view! {
            {was}
            <span class="change-after">
                <span class="unseen">{t!(l, admin.after)}</span>
                " "
                <b>{display_text(&becomes)}</b>
            </span>
        };
        SummaryRow::new(label(ui, context, field), view)
    };
    differences.iter().map(row).collect()
}

/// What a change touches, one sentence each.
pub fn touch_words(ui: &dyn ChangeUi, context: ChangeContext<'_>, touch: &Touch) -> String {
    let l = context.locale();
    match touch {
        Touch::Branches { count } => t!(l, admin.touch.branches, n = count),
        Touch::OwnValues { count } => t!(l, admin.touch.own_values, n = count),
        Touch::LaterValue { from } => t!(l, admin.touch.later_value, day = day_with_year(context.language, *from)),
        Touch::Appointments { count: 0 } => t!(l, admin.touch.no_appointments),
        Touch::Appointments { count } => t!(l, admin.touch.appointments, n = count),
        Touch::Stranded { count: 0 } => t!(l, admin.touch.nobody_stranded),
        Touch::Stranded { count } => t!(l, admin.touch.stranded, n = count),
        Touch::StrandedAt { branch, count, numbers } => {
            let branch = context.reference.branch(branch).map_or(branch.as_str(), |known| known.name(context.language));
            let branch = branch.to_owned();
            let separator = t!(l, admin.list_separator);
            let listed = numbers.join(&separator);
            match usize::try_from(*count).unwrap_or(usize::MAX) {
                _ if numbers.is_empty() => t!(l, admin.touch.stranded_only, branch = branch, n = count),
                all if all > numbers.len() => {
                    let listed = t!(l, admin.touch.stranded_more, numbers = listed);
                    t!(l, admin.touch.stranded_at, branch = branch, n = count, numbers = listed)
                }
                _ => t!(l, admin.touch.stranded_at, branch = branch, n = count, numbers = listed),
            }
        }
        Touch::Promised { count: 0 } => t!(l, admin.touch.nothing_promised),
        Touch::Promised { count } => t!(l, admin.touch.promised, n = count),
        Touch::YearKnown { year } => t!(l, admin.touch.year_known, year = year),
        Touch::UsualBranch { count } => t!(l, admin.touch.usual_branch, n = count),
        Touch::Cards { count } => t!(l, admin.touch.cards, n = count),
        Touch::Places { count } => t!(l, admin.touch.places, n = count),
        Touch::BranchOpens { .. } => t!(l, admin.touch.branch_opens),
        Touch::ComesBack => t!(l, staff.touch.comes_back),
        Touch::LaterMove { from } => t!(l, staff.touch.later_move, day = day_with_year(context.language, *from)),
        Touch::LaterRights { from } => t!(l, staff.touch.later_rights, day = day_with_year(context.language, *from)),
        Touch::WithRole { count } => t!(l, staff.touch.with_role, n = count),
        Touch::Deserted { branch, permission } => {
            let branch = context.reference.branch(branch).map_or(branch.as_str(), |known| known.name(context.language));
            t!(l, staff.nobody_left, branch = branch.to_owned(), what = handling_words(l, *permission))
        }
        Touch::NobodyYet { permissions } => t!(l, staff.nobody_yet, what = all_handling_words(l, permissions)),
        Touch::OpenCases { .. }
        | Touch::Receptions { .. }
        | Touch::Proposals { .. }
        | Touch::Staff { .. }
        | Touch::Applications { .. }
        | Touch::Administrators { .. }
        | Touch::Unattended { .. }
        | Touch::ClosedBranch
        | Touch::HasLeft => blocked_words(l, touch),
        Touch::DaysKept { count: 0 } => t!(l, admin.touch.no_days),
        Touch::DaysKept { count } => t!(l, admin.touch.days_kept, n = count),
        Touch::DaysAbove { count, most } => {
            t!(l, admin.touch.days_above, n = count, most = ui.value(context, "value", &most.to_string()))
        }
    }
}

/// What staff do with a case by this permission, as a verb.
pub fn handling_words(l: Locale, permission: Permission) -> String {
    match permission {
        Permission::ApproveCases => t!(l, staff.handling.approve),
        Permission::ServeCounter => t!(l, staff.handling.serve),
        _ => t!(l, staff.handling.answer),
    }
}

/// The same for several permissions, for a sentence that denies them.
pub fn all_handling_words(l: Locale, permissions: &[Permission]) -> String {
    let each = permissions.iter().map(|permission| handling_words(l, *permission));
    each.collect::<Vec<_>>().join(&t!(l, staff.handling_or))
}

/// What must be settled first.
pub fn blocked_words(l: Locale, touch: &Touch) -> String {
    let n = touch.count().unwrap_or_default();
    match touch {
        Touch::Appointments { .. } => t!(l, admin.blocked.appointments, n = n),
        Touch::OpenCases { .. } => t!(l, admin.blocked.cases, n = n),
        Touch::Receptions { .. } => t!(l, admin.blocked.receptions, n = n),
        Touch::Proposals { .. } => t!(l, admin.blocked.proposals, n = n),
        Touch::Staff { .. } => t!(l, admin.blocked.staff, n = n),
        Touch::Administrators { .. } => t!(l, staff.blocked.administrators, n = n),
        Touch::Unattended { .. } => t!(l, staff.blocked.unattended, n = n),
        Touch::ClosedBranch => t!(l, staff.blocked.closed_branch),
        Touch::HasLeft => t!(l, staff.blocked.has_left),
        _ => t!(l, admin.blocked.applications, n = n),
    }
}

/// Everything that must be settled first, in one sentence.
pub fn all_blocked_words(l: Locale, by: &[Touch]) -> String {
    by.iter().map(|touch| blocked_words(l, touch)).collect::<Vec<_>>().join(&t!(l, admin.and))
}

/// The list of what a change touches.
pub fn touch_list(ui: &dyn ChangeUi, context: ChangeContext<'_>, touches: &[Touch]) -> AnyView {
    if touches.is_empty() {
        return view! { <p>{t!(context.locale(), admin.touch.nothing)}</p> }.into_any();
    }
    let lines = touches.iter().map(|touch| {
        let warns = match touch {
            Touch::DaysAbove { .. } | Touch::StrandedAt { .. } | Touch::Deserted { .. } | Touch::NobodyYet { .. } => true,
            Touch::Stranded { count } => *count > 0,
            _ => false,
        };
        view! { <li class:change-warning=warns>{touch_words(ui, context, touch)}</li> }
    });
    view! { <ul class="change-touches">{lines.collect_view()}</ul> }.into_any()
}
