//! Step 2: amount, account, notes. The server adds up the table; with script the island does it while typing, with the same
//! rules.

use bank::appointments::cash::{ANY_NOTES, Denomination, OWN_NOTES, branch_chooses_notes};
use bank::kernel::language::{Language, amount, amount_short};
use bank::kernel::money::{Fen, grouped};
use leptos::prelude::*;

use crate::appointments::cash::form_data::CashFormData;
use crate::appointments::cash::islands::{HowMuch, MOVING, MuchWords};
use crate::appointments::cash::words::notes_words;
use crate::form::{Ask, Asks, Own};
use crate::t;
use crate::ui::amount::Amount;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::choice_group::Choice;
use crate::ui::stepper::Stepper;

/// Where the page continues after a button that only fills in the amount.
pub const AMOUNT_PART: &str = "amount-part";

/// The button that shows the page again with everything added up, for browsers without script.
pub const RECOUNT: &str = "recount";

/// Where the page continues after adding up the notes.
pub const NOTES_PART: &str = "notes-part";

/// The fields of the step, except the amount and the notes, which have views of their own.
pub fn ask(data: &CashFormData, field: &str) -> Ask {
    match field {
        "account" => Ask::new().choices(accounts(data)),
        "any_notes" => Ask::new().choices(who_chooses(data)),
        _ => Ask::new().within("stack"),
    }
}

/// Whether the branch chooses the notes, which the step begins with, or the customer.
fn who_chooses(data: &CashFormData) -> Vec<Choice> {
    let locale = data.locale;
    let any = branch_chooses_notes(&data.values, &data.shown.state.offered);
    let split = data.parsed.notes.filter(|_| data.parsed.any_notes).map(|notes| notes_words(locale, &notes));
    let detail = split.map_or_else(|| t!(locale, cash.any_detail), |notes| t!(locale, cash.any_split, notes = notes));
    vec![
        Choice::new(ANY_NOTES, t!(locale, cash.any_notes)).detail(detail).chosen(any),
        Choice::new(OWN_NOTES, t!(locale, cash.own_notes)).detail(t!(locale, cash.own_detail)).chosen(!any).reveals(),
    ]
}

/// The amount: what is typed, the same in figures and capital numerals, buttons with round amounts, and the elements in which the
/// island shows refusals and that it is above the balance.
pub fn amount_part(data: &CashFormData) -> Own {
    let (locale, language, limits) = (data.locale, data.language, &data.context.limits);
    let (least, most) = (amount(language, limits.minimum), amount(language, limits.maximum));
    let must = amount(language, data.parameters.cash_mandatory_from);
    let read = data.parsed.amount;
    let capitals = (language == Language::ZhCn).then(|| {
        view! {
            <span class="hint">{t!(locale, cash.capitals)}</span>
            <b id="amount-capitals">{read.map(Fen::in_capitals)}</b>
        }
    });
    let buttons = data.context.quick_amounts().into_iter().map(|quick| {
        let current = (read == Some(quick)).then_some("true");
        view! {
            <button
                type="submit"
                class="button button-secondary"
                name="quick_amount"
                value=quick.yuan()
                aria-current=current
            >
                {amount_short(language, quick)}
            </button>
        }
    });
    let above = data.above_balance();
    let silent = above.is_none();
    let view = view! {
        <div class="amount-part" id=AMOUNT_PART>
            // Enter in a field presses the first button of the form; it must continue, not choose an amount.
            <button type="submit" class="unseen" tabindex="-1" aria-hidden="true"></button>
            <Amount
                label=data.label("amount").unwrap_or_default()
                name="amount"
                unit=t!(locale, cash.yuan)
                hint=t!(locale, cash.amount_hint, least = least, most = most, mandatory = must, phone = data.phone())
                error=data.error("amount")
                value=data.typed("amount")
            />
            <p class="error" id="amount-live" role="status" hidden></p>
            <p class="amount-read" hidden=read.is_none()>
                <span id="amount-figures">{read.map(|read| amount(language, read))}</span>
                {capitals}
            </p>
            <div class="quick-amounts" role="group" aria-label=t!(locale, cash.quick)>
                {buttons.collect_view()}
            </div>
            <p class="caution" id="balance-live" role="status" hidden=silent>{above}</p>
        </div>
    };
    Own { holds: vec!["amount"], view: view.into_any() }
}

/// The island that adds up the notes while the user types.
pub fn island(data: &CashFormData) -> AnyView {
    let context = data.context.clone().for_browser(data.parsed.amount);
    view! { <HowMuch context=context held=held(data) words=words(data) language=data.language /> }.into_any()
}

fn accounts(data: &CashFormData) -> Vec<Choice> {
    let typed = data.typed("account");
    // A single account is chosen automatically.
    let only = typed.is_empty() && data.accounts.len() == 1;
    let accounts = data.accounts.iter().zip(&data.balances);
    let choice = |((id, words), balance): (&(String, String), &Fen)| {
        let note = t!(data.locale, cash.balance, amount = amount(data.language, *balance));
        // The island compares the amount with it.
        Choice::new(id.clone(), words.clone()).chosen(only || typed == *id).note(note).data("balance", balance.0)
    };
    accounts.map(choice).collect()
}

/// The values of step 1 the island needs for validation, and the booking that is being moved.
fn held(data: &CashFormData) -> Vec<(String, String)> {
    let mut held = ["branch", "day", "slot"].map(|field| (field.to_owned(), data.typed(field))).to_vec();
    held.push((MOVING.to_owned(), data.moving_number()));
    held
}

/// The table with the number of notes per denomination.
pub fn notes(data: &CashFormData) -> Own {
    let locale = data.locale;
    let fields = Denomination::ALL.map(Denomination::field);
    let wrong = fields.iter().find_map(|field| data.error(field).map(|words| (*field, words)));
    let rows = Denomination::ALL.map(|note| {
        let yuan = note.yuan();
        let count = data.parsed.typed_notes.map_or(0, |notes| notes.count(note));
        let is_wrong = wrong.as_ref().is_some_and(|(field, _)| *field == note.field());
        view! {
            <tr>
                <th scope="row">{t!(locale, cash.note_of, yuan = yuan)}</th>
                <td>
                    <Stepper
                        name=note.field()
                        label=t!(locale, cash.count_of, yuan = yuan)
                        value=data.typed(note.field())
                        less=t!(locale, cash.less, yuan = yuan)
                        more=t!(locale, cash.more, yuan = yuan)
                        less_hundred=t!(locale, cash.less_hundred, yuan = yuan)
                        more_hundred=t!(locale, cash.more_hundred, yuan = yuan)
                        wrong=is_wrong
                        described_by=is_wrong.then(|| "notes-live".to_owned())
                    />
                </td>
                <td data-subtotal=note.field()>{grouped(count * yuan)}</td>
            </tr>
        }
    });
    let sum = data.parsed.typed_notes.map_or(Fen::ZERO, |notes| notes.value());
    let (class, words) = words(data).sum(data.language, sum, data.parsed.amount);
    let error = wrong.map(|(_, words)| words);
    let silent = error.is_none();
    let view = view! {
        <fieldset class="reveal notes-part" id=NOTES_PART>
            <legend>{t!(locale, cash.notes_title)}</legend>
            <p class="hint">{t!(locale, cash.notes_hint)}</p>
            <table class="notes">
                <thead>
                    <tr>
                        <th scope="col">{t!(locale, cash.note)}</th>
                        <th scope="col">{t!(locale, cash.count)}</th>
                        <th scope="col">{t!(locale, cash.subtotal)}</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().collect_view()}</tbody>
                <tfoot>
                    <tr>
                        <th scope="row">{t!(locale, cash.sum)}</th>
                        <td colspan="2" id="notes-sum" class=class>{words}</td>
                    </tr>
                </tfoot>
            </table>
            <p class="error" id="notes-live" role="status" hidden=silent>{error}</p>
            <button type="button" class="button button-secondary" id="notes-propose" hidden>
                {t!(locale, cash.propose)}
            </button>
            <div id="notes-recount">
                <Button text=t!(locale, cash.recount) kind=ButtonKind::Secondary name="do" value=RECOUNT />
            </div>
        </fieldset>
    };
    Own { holds: fields.into(), view: view.into_any() }
}

/// Texts of the island, with placeholders.
fn words(data: &CashFormData) -> MuchWords {
    let l = data.locale;
    MuchWords {
        sum_right: t!(l, cash.sum_right),
        sum_missing: t!(l, cash.sum_missing, amount = "{amount}"),
        sum_over: t!(l, cash.sum_over, amount = "{amount}"),
        any_detail: t!(l, cash.any_detail),
        any_split: t!(l, cash.any_split, notes = "{notes}"),
        pieces: t!(l, cash.pieces, yuan = "{yuan}", count = "{count}"),
        comma: t!(l, cash.pieces_comma),
        amount_invalid: t!(l, cash.refused.amount_invalid),
        amount_unclear: t!(l, cash.refused.amount_unclear),
        amount_not_whole: t!(l, cash.refused.amount_not_whole),
        amount_below_minimum: t!(l, cash.refused.amount_below_minimum, minimum = "{amount}"),
        amount_above_maximum: t!(l, cash.refused.amount_above_maximum, maximum = "{amount}"),
        cash_short: t!(l, cash.refused.cash_short, left = "{amount}"),
        notes_invalid: t!(l, cash.refused.notes_invalid, note = "{note}"),
        notes_short: t!(l, cash.refused.notes_short, note = "{note}", asked = "{asked}"),
        notes_unsplittable: t!(l, cash.refused.notes_unsplittable),
        above_balance: t!(l, cash.above_balance, amount = "{amount}"),
    }
}
