//! Exports of an appointment: print, and a calendar file (RFC 5545).

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bank::branches::{Branch, reference};
use bank::cases::{CaseLine, Phase};
use bank::kernel::time::{At, day_text, hhmm};
use bank::sessions::Customer;
use leptos::prelude::*;

use super::ADDRESS;
use super::print::PrintButton;
use crate::cases::{comma, mine};
use crate::kinds::AtCase;
use crate::page::PageError;
use crate::t;
use crate::ui::button::{ButtonKind, LinkButton};
use crate::visit::{App, Visit};
use crate::words::Locale;

/// The calendar file of an upcoming appointment, and the print button.
#[component]
pub fn KeepIt(
    locale: Locale,
    /// Path of the appointment.
    case_path: String,
    /// Text of the calendar link; `None` if there is nothing to add or remove.
    calendar: Option<String>,
    /// Whether the appointment is still to come, so that the calendar is the main button.
    ahead: bool,
) -> impl IntoView {
    let file = format!("{case_path}/calendar");
    let kind = if ahead { ButtonKind::Primary } else { ButtonKind::Secondary };
    view! {
        {calendar.map(|words| view! { <LinkButton href=file text=words kind=kind /> })}
        <PrintButton text=t!(locale, appointments.print) />
    }
}

/// Text of the calendar link: add, or remove if the appointment was cancelled before its time.
pub fn calendar_words(locale: Locale, case: &CaseLine, ahead: bool, now: At) -> Option<String> {
    // What the company has not agreed to yet is no appointment for a calendar.
    if case.phase() == Some(Phase::Held) {
        return None;
    }
    if ahead {
        return Some(t!(locale, appointments.calendar));
    }
    let given_up = case.time.is_some_and(|(_, end)| now < end) && is_given_up(&case.state);
    given_up.then(|| t!(locale, appointments.calendar_cancelled))
}

/// States in which the appointment does not take place.
fn is_given_up(state: &str) -> bool {
    matches!(state, "cancelled" | "declined" | "timed_out")
}

/// GET /appointments/{number}/calendar
pub async fn calendar(visit: Visit, State(app): State<App>, customer: Customer, Path(number): Path<String>) -> Response {
    visit.answer(file(&visit, &app, &customer, &number).await)
}

async fn file(visit: &Visit, app: &App, customer: &Customer, number: &str) -> Result<Response, PageError> {
    let (case, ui) = mine(app, customer, ADDRESS, number).await?;
    let reference = reference(&app.bank).await?;
    let branch = case.branch_id.as_deref().and_then(|id| reference.branch(id));
    let place =
        branch.map_or_else(String::new, |branch| format!("{} {}", branch.name(visit.language), branch.address(visit.language)));
    let link = format!("{}{}", app.origin, ui.path(&case.number));
    let entry = Entry {
        title: ui.calendar(visit.locale()),
        place,
        text: described(visit, &case, branch, ui.bring(AtCase { visit, app, customer, case: &case }).await?, &link),
        link,
    };
    let text = event(&case, &entry, visit.now).ok_or(PageError::NotFound)?;
    let name = format!("attachment; filename=\"{}.ics\"", case.number);
    Ok(([(header::CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)], text)
        .into_response())
}

/// What an entry of a calendar says besides its time. Other people see it: no amount, no account.
struct Entry {
    title: String,
    place: String,
    text: String,
    /// Address of the page of the appointment.
    link: String,
}

/// Number and branch, what to bring, and the page with the rest.
fn described(visit: &Visit, case: &CaseLine, branch: Option<&Branch>, bring: Vec<String>, link: &str) -> String {
    let branch = branch.map(|branch| {
        let (name, phone) = (branch.name(visit.language).to_owned(), branch.phone.clone());
        t!(visit.locale(), appointments.calendar_text, number = case.number.clone(), branch = name, phone = phone)
    });
    let bring = Some(bring.join(comma(visit.language))).filter(|bring| !bring.is_empty());
    branch.into_iter().chain(bring).chain([link.to_owned()]).collect::<Vec<_>>().join("\n")
}

/// The calendar file; `None` for a case without a time.
fn event(case: &CaseLine, entry: &Entry, now: At) -> Option<String> {
    let (start, end) = case.time?;
    let status = match case.state.as_str() {
        state if is_given_up(state) => "CANCELLED",
        _ if case.waiting || matches!(case.phase(), Some(Phase::Held | Phase::Proposed)) => "TENTATIVE",
        _ => "CONFIRMED",
    };
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Lobby//Lobby//ZH".to_owned(),
        "METHOD:PUBLISH".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}@lobby", case.number),
        format!("DTSTAMP:{}", utc(now)),
        format!("DTSTART:{}", utc(start)),
        format!("DTEND:{}", utc(end)),
        format!("STATUS:{status}"),
        // Calendars replace an entry with the same UID by the one with the higher SEQUENCE.
        format!("SEQUENCE:{}", case.version),
        format!("SUMMARY:{}", escaped(&format!("{} {}", entry.title, case.number))),
        format!("LOCATION:{}", escaped(&entry.place)),
        format!("DESCRIPTION:{}", escaped(&entry.text)),
        format!("URL:{}", entry.link),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    Some(lines.iter().map(|line| folded(line)).collect())
}

/// A time in the UTC format of RFC 5545: `20261203T020000Z`.
fn utc(at: At) -> String {
    // Bank time is eight hours ahead of UTC.
    let utc = at.plus_hours(-8);
    format!("{}T{}00Z", day_text(utc.day()).replace('-', ""), hhmm(utc.time()).replace(':', ""))
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

/// Folds a line after at most 75 octets; continuation lines begin with a space.
fn folded(line: &str) -> String {
    let mut text = String::new();
    let mut octets = 0;
    for letter in line.chars() {
        if octets + letter.len_utf8() > 75 {
            text.push_str("\r\n ");
            octets = 1;
        }
        text.push(letter);
        octets += letter.len_utf8();
    }
    text.push_str("\r\n");
    text
}

#[cfg(test)]
mod tests {
    use super::{escaped, folded, utc};
    use bank::kernel::time::At;

    #[test]
    fn moments_are_written_in_utc() {
        let at = At::parse_rfc3339("2026-12-03T00:30:00+08:00").unwrap_or(At(0));
        assert_eq!(utc(at), "20261202T163000Z");
    }

    #[test]
    fn long_lines_are_folded_between_letters() {
        let text = folded(&format!("LOCATION:{}", "街".repeat(60)));
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        assert_eq!(text.replace("\r\n ", "").trim_end(), format!("LOCATION:{}", "街".repeat(60)));
        assert_eq!(escaped("a, b; c"), "a\\, b\\; c");
    }
}
