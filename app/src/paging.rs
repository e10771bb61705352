//! The page of a long list in an address: `after` or `before` a position in the list (`bank::cases::ListPosition`). The links of
//! a page stay valid whatever arrives in the list or leaves it. A position that cannot be read shows the first page and says so.

use std::fmt::Display;
use std::str::FromStr;

use bank::cases::{ListPosition, Neighbours, PageStart};
use bank::kernel::text::cleaned;
use leptos::prelude::*;

use crate::t;
use crate::ui::banner::Banner;
use crate::ui::pagination::Pagination;
use crate::ui::parts::{Link, Tone};
use crate::words::Locale;

/// Where the page begins, as an address says it. A list of something else than cases has a position of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paging<P = ListPosition> {
    pub start: PageStart<P>,
    /// The address names a position that cannot be read; the first page is shown.
    pub is_broken: bool,
}

impl<P> Default for Paging<P> {
    fn default() -> Self {
        Self { start: PageStart::First, is_broken: false }
    }
}

impl<P: Clone + PartialEq + FromStr + Display> Paging<P> {
    /// The page that follows, or precedes, this position.
    fn at(start: PageStart<P>) -> Self {
        Self { start, is_broken: false }
    }

    /// Reads one pair of an address; others are ignored.
    pub fn read_pair(&mut self, name: &str, value: &str) {
        let start = match name {
            "after" => PageStart::After,
            "before" => PageStart::Before,
            _ => return,
        };
        match value.parse() {
            Ok(position) => self.start = start(position),
            Err(_) => self.is_broken = true,
        }
    }

    /// Reads an address.
    pub fn read(uri: &str) -> Self {
        let query = uri.split_once('?').map_or("", |(_, query)| query);
        let mut read = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            read.read_pair(&name, cleaned(&value).trim());
        }
        read
    }

    /// The pair for an address; the first page has none.
    pub fn pair(&self) -> Option<(&'static str, String)> {
        match &self.start {
            PageStart::First => None,
            PageStart::After(position) => Some(("after", position.to_string())),
            PageStart::Before(position) => Some(("before", position.to_string())),
        }
    }

    /// The notice that the address names no page of ours.
    pub fn notice(&self, locale: Locale) -> Option<AnyView> {
        let notice = || {
            let (title, text) = (t!(locale, paging.broken_title), t!(locale, paging.broken_text));
            view! { <Banner tone=Tone::Wait title=title text=text /> }.into_any()
        };
        self.is_broken.then(notice)
    }

    /// The line below a list with links to the first, the previous and the next page. `href` makes the address of a page.
    pub fn links(&self, locale: Locale, text: String, neighbours: &Neighbours<P>, href: impl Fn(&Self) -> String) -> AnyView {
        let link = |start: PageStart<P>, text: String| Link::new(href(&Self::at(start)), text);
        let first = (self.start != PageStart::First).then(|| link(PageStart::First, t!(locale, paging.first)));
        let previous = neighbours.previous.clone().map(|to| link(PageStart::Before(to), t!(locale, paging.previous)));
        let next = neighbours.next.clone().map(|to| link(PageStart::After(to), t!(locale, paging.next)));
        view! { <Pagination text=text label=t!(locale, paging.pages) first=first previous=previous next=next /> }.into_any()
    }

    /// The same for a list at a path without other parameters; nothing for a list of one page.
    pub fn links_of(&self, locale: Locale, path: &'static str, neighbours: &Neighbours<P>) -> Option<AnyView> {
        let alone = self.start == PageStart::First && neighbours.next.is_none();
        let href = |page: &Self| page.pair().map_or_else(|| path.to_owned(), |(name, value)| format!("{path}?{name}={value}"));
        (!alone).then(|| self.links(locale, String::new(), neighbours, href))
    }
}

#[cfg(test)]
mod tests {
    use super::Paging as AnyPaging;
    use bank::cases::{ListPosition, PageStart};
    use bank::kernel::ids::CaseNumber;

    type Paging = AnyPaging<ListPosition>;

    #[test]
    fn the_page_of_an_address_is_read_as_it_was_written() {
        let number = CaseNumber::generate("QK", &[7; 8]);
        for (name, other) in [("after", "before"), ("before", "after")] {
            let position = format!("1764000000000.{number}");
            let read = Paging::read(&format!("/desk?state=all&{name}={position}"));
            assert_eq!(read.pair(), Some((name, position.clone())));
            assert!(!read.is_broken);
            let broken = Paging::read(&format!("/desk?{other}=12"));
            assert_eq!((broken.start, broken.is_broken), (PageStart::First, true));
        }
        assert_eq!(Paging::read("/desk?page=7"), Paging::default());
    }
}
