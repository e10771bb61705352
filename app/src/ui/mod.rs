//! The design system: each component with named examples and a test. Styles are in `style/ui/`.
//!
//! All texts, names and values are properties, and inputs are uncontrolled (`value=` only), so a component can be used on
//! server-rendered pages and in islands. Components contain no catalogue texts and no business rules.
//! Each folder holds the markup, `examples()` and a test; [`gallery`] collects the examples for `/ui`.
//!
//! # Components
//! - Page: [`Header`], [`Footer`], [`DisplaySwitch`], [`Steps`], [`Saved`], [`Banner`], [`Card`], [`TaskTile`], [`Icon`].
//! - Input: [`TextField`], [`TextArea`], [`Amount`], [`Select`], [`ChoiceGroup`], [`MonthGroup`], [`Tick`], [`Stepper`];
//!   [`Button`] in a form, [`LinkButton`], [`PostButton`] (a form of its own).
//! - Errors: one [`ErrorSummary`] before the form, with a [`Refused`] per refusal and its [`OfferButton`]s; `error=` at the field.
//! - Output: [`Confirmation`], [`Ticket`], [`QrCode`], [`CaseNumber`], [`SummaryList`], [`PanelSide`] and [`PanelFold`], [`Table`], [`StateTag`], [`Timeline`], [`Reasons`],
//!   [`StockBars`], [`Pills`], [`Pagination`].
//!
//! Optional texts are [`OptionalText`]: pass `"…"`, a `String` or an `Option`. Components return `AnyView`, so that the type of a
//! page stays small; a page with much plain markup should do the same for its parts.
//!
//! # Page layouts
//! Classes of the style sheets, described at the top of `style/base.css` and of each capability's partial:
//! `<main id="main" class="page">` (one column), `page page-wide` (lists, home), `form`, `stack`, `block` (an `h2` and
//! its content), `actions`, `pair`, `tiles`, `home`, `notes`, and on `<body class="desk">` `desk-panes` with
//! `desk-queue` and `desk-case`. A `<div class="reveal">` directly after a [`ChoiceGroup`] is visible only while a choice
//! with [`Choice::reveals`] is chosen; this needs no script.

pub mod amount;
pub mod banner;
pub mod button;
pub mod card;
pub mod case_number;
pub mod choice_group;
pub mod confirmation;
pub mod display_switch;
pub mod error_summary;
pub mod field;
pub mod footer;
pub mod header;
pub mod icon;
pub mod month;
pub mod pagination;
pub mod panel;
pub mod parts;
pub mod password_field;
pub mod pills;
pub mod qr_code;
pub mod reasons;
pub mod saved;
pub mod select;
pub mod state_tag;
pub mod stepper;
pub mod steps;
pub mod stock_bar;
pub mod summary_list;
pub mod table;
pub mod task_tile;
pub mod text_area;
pub mod text_field;
pub mod tick;
pub mod ticket;
pub mod timeline;

pub use amount::Amount;
pub use banner::Banner;
pub use button::{Button, ButtonKind, LinkButton, PostButton};
pub use card::Card;
pub use case_number::CaseNumber;
pub use choice_group::{Choice, ChoiceGroup, Layout, Pick};
pub use confirmation::Confirmation;
pub use display_switch::DisplaySwitch;
pub use error_summary::{ErrorSummary, OfferButton, Refused};
pub use footer::{Contact, Footer};
pub use header::{FormSwitch, Header, HeaderKind, LanguageSwitch};
pub use icon::{Icon, Picture};
pub use month::{DayState, MonthDay, MonthGroup, MonthView};
pub use pagination::Pagination;
pub use panel::{PanelContents, PanelFold, PanelRow, PanelSide};
pub use parts::{Fields, Link, OptionalText, Tone};
pub use pills::Pills;
pub use qr_code::QrCode;
pub use reasons::{ReasonItem, Reasons};
pub use saved::Saved;
pub use select::Select;
pub use state_tag::StateTag;
pub use stepper::Stepper;
pub use steps::Steps;
pub use stock_bar::{StockBars, StockRow};
pub use summary_list::{SummaryList, SummaryRow};
pub use table::{Column, Table, TableRow};
pub use task_tile::TaskTile;
pub use text_area::TextArea;
pub use text_field::TextField;
pub use tick::Tick;
pub use ticket::{Ticket, TicketRow};
pub use timeline::{Timeline, TimelineEntry};

use leptos::prelude::AnyView;

/// Examples of one component, each with a name that says what it shows.
pub type Examples = Vec<(&'static str, AnyView)>;

/// Every example of every component, in alphabetical order of the components.
pub fn gallery() -> Vec<(&'static str, Examples)> {
    vec![
        ("amount", amount::examples()),
        ("banner", banner::examples()),
        ("button", button::examples()),
        ("card", card::examples()),
        ("case_number", case_number::examples()),
        ("choice_group", choice_group::examples()),
        ("confirmation", confirmation::examples()),
        ("display_switch", display_switch::examples()),
        ("error_summary", error_summary::examples()),
        ("footer", footer::examples()),
        ("header", header::examples()),
        ("icon", icon::examples()),
        ("month", month::examples()),
        ("pagination", pagination::examples()),
        ("panel", panel::examples()),
        ("password_field", password_field::examples()),
        ("pills", pills::examples()),
        ("qr_code", qr_code::examples()),
        ("reasons", reasons::examples()),
        ("saved", saved::examples()),
        ("select", select::examples()),
        ("state_tag", state_tag::examples()),
        ("stepper", stepper::examples()),
        ("steps", steps::examples()),
        ("stock_bar", stock_bar::examples()),
        ("summary_list", summary_list::examples()),
        ("table", table::examples()),
        ("task_tile", task_tile::examples()),
        ("text_area", text_area::examples()),
        ("text_field", text_field::examples()),
        ("tick", tick::examples()),
        ("ticket", ticket::examples()),
        ("timeline", timeline::examples()),
    ]
}

/// Renders examples to HTML, for the tests of the components.
#[cfg(test)]
fn html(examples: Examples) -> String {
    use leptos::prelude::{Owner, RenderHtml};
    let owner = Owner::new();
    owner.with(|| examples.into_iter().map(|(_, view)| view.to_html()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_example_carries_a_style_attribute_the_page_policy_would_drop() {
        for (component, examples) in gallery() {
            assert!(!html(examples).contains(" style="), "{component}");
        }
    }

    #[test]
    fn every_described_input_finds_its_description() {
        for (component, examples) in gallery() {
            let page = html(examples);
            for ids in page.split("aria-describedby=\"").skip(1) {
                let ids = ids.split('"').next().unwrap_or_default();
                for id in ids.split(' ') {
                    assert!(page.contains(&format!("id=\"{id}\"")), "{component}: nothing is called {id}");
                }
            }
        }
    }
}
