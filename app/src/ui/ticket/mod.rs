//! An appointment as a ticket: the number large and as a QR code, below a tear line when and where, and what to bring.

use leptos::prelude::*;

use super::{
    Examples,
    case_number::CaseNumber,
    icon::{Icon, Picture},
    parts::{Link, ScreenAndPrint, Tone},
    qr_code::QrCode,
    state_tag::StateTag,
};

/// A line of the ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketRow {
    picture: Picture,
    text: ScreenAndPrint,
    hints: Vec<String>,
    link: Option<Link>,
}

impl TicketRow {
    pub fn new(picture: Picture, text: impl Into<ScreenAndPrint>) -> Self {
        Self { picture, text: text.into(), hints: Vec::new(), link: None }
    }

    /// Adds a smaller line below the text; an empty one is left out.
    #[must_use]
    pub fn hint(mut self, words: impl Into<String>) -> Self {
        self.hints.extend(Some(words.into()).filter(|words| !words.is_empty()));
        self
    }

    /// Sets the link at the end of the line.
    #[must_use]
    pub fn link(mut self, link: Link) -> Self {
        self.link = Some(link);
        self
    }
}

/// The ticket. The first line is its time and stands out.
#[component]
pub fn Ticket(
    /// What it is for: 大额取款预约.
    #[prop(into)]
    title: String,
    /// Name and colour of the state.
    state: (String, Tone),
    /// Label of the number: 预约编号.
    #[prop(into)]
    label: String,
    #[prop(into)] number: String,
    /// What to do with the code: 到店扫这个码，或报编号.
    #[prop(into)]
    scan: String,
    rows: Vec<TicketRow>,
) -> AnyView {
    let (words, tone) = state;
    let rows = rows.into_iter().map(|row| {
        view! {
            <li>
                <Icon picture=row.picture />
                <div>
                    <p class="ticket-text">{row.text.view()}</p>
                    {row.hints.into_iter().map(|words| view! { <p class="hint">{words}</p> }).collect_view()}
                </div>
                {row.link.map(|link| view! { <a href=link.href rel="noreferrer">{link.text}</a> })}
            </li>
        }
    });
    view! {
        <section class="ticket">
            <div class="ticket-head">
                <h2>{title}</h2>
                <StateTag text=words tone=tone />
            </div>
            <div class="ticket-code">
                <p class="hint">{label.clone()}</p>
                <p class="ticket-number">
                    <CaseNumber number=number.clone() />
                </p>
                <QrCode text=number label=label />
                <p class="hint">{scan}</p>
            </div>
            <ul class="ticket-rows">{rows.collect_view()}</ul>
        </section>
    }
    .into_any()
}

pub fn examples() -> Examples {
    let rows = vec![
        TicketRow::new(Picture::Clock, "12 月 2 日 周三 10:00–11:00").hint("过了 11:30 算未到，钱款放回库中"),
        TicketRow::new(Picture::Bank, "石岐支行").hint("孙文中路 128 号").link(Link::new("/ui", "看地图")),
        TicketRow::new(Picture::Person, "本人来，带身份证件原件").hint("和尾号 6601 的卡或存折"),
    ];
    let state = ("已确认".to_owned(), Tone::Ok);
    vec![(
        "of a withdrawal",
        view! {
            <Ticket
                title="大额取款预约"
                state=state
                label="预约编号"
                number="QK7-3M9D-X4V"
                scan="到店扫这个码，或报编号"
                rows=rows
            />
        }
        .into_any(),
    )]
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_page_is_known_by_its_number_and_the_code_has_a_text() {
        let html = super::super::html(super::examples());
        assert_eq!(html.matches("data-case-number=").count(), 1);
        assert!(html.contains(r#"aria-label="预约编号""#) && html.contains("和尾号 6601 的卡或存折"));
    }
}
