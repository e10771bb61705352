//! The footer of every page: the display switch, phone numbers, and how to complain (required by law, docs/domain.md §8).
//!
//! The bank's phone numbers are settings, not constants.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::display_switch::DisplaySwitch;
use super::{Examples, parts::Link};

/// A phone number of the bank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Its purpose: 客服热线.
    pub label: String,
    /// The number as displayed: 95500.
    pub number: String,
}

impl Contact {
    pub fn new(label: impl Into<String>, number: impl Into<String>) -> Self {
        Self { label: label.into(), number: number.into() }
    }

    /// To call it.
    pub fn href(&self) -> String {
        let digits = self.number.chars().filter(char::is_ascii_digit);
        format!("tel:{}", digits.collect::<String>())
    }
}

/// Phone numbers, address, e-mail, and a link to the complaint process.
#[component]
pub fn Footer(
    /// The hotline first, then the complaint line.
    contacts: Vec<Contact>,
    /// Address for complaints.
    #[prop(into)]
    address: String,
    /// E-mail address for complaints.
    #[prop(into)]
    email: String,
    /// Link to the complaint process.
    process: Link,
    display: DisplaySwitch,
) -> AnyView {
    view! {
        <footer class="foot">
            <div class="foot-in">
                <p>
                    {contacts
                        .into_iter()
                        .map(|contact| {
                            let href = contact.href();
                            view! {
                                <span class="foot-item">
                                    {contact.label} " " <a href=href>{contact.number}</a>
                                </span>
                            }
                        })
                        .collect_view()}
                </p>
                <p>
                    <span class="foot-item">
                        <a href=format!("mailto:{email}")>{email.clone()}</a>
                    </span>
                    <span class="foot-item">
                        <a href=process.href>{process.text}</a>
                    </span>
                    <span class="foot-item">{address}</span>
                </p>
                {display.view()}
            </div>
        </footer>
    }
    .into_any()
}

pub fn examples() -> Examples {
    vec![(
        "with everything the law asks for",
        view! {
            <Footer
                contacts=vec![
                    Contact::new("客服热线", "95500"),
                    Contact::new("投诉", "0760-8888 0000"),
                ]
                address="中山市石岐区孙文中路 128 号"
                email="tousu@lingnan.example"
                process=Link::new("/complaints", "投诉流程")
                display=super::display_switch::example(None)
            />
        }
        .into_any(),
    )]
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_complaint_line_can_be_called_with_one_touch() {
        let html = super::super::html(super::examples());
        assert!(html.contains(r#"href="tel:076088880000""#));
        assert!(html.contains(r#"href="mailto:tousu@lingnan.example""#));
    }
}
