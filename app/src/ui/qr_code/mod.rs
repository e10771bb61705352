//! A QR code, drawn by the server as one path. It is dark on white in every theme, because scanners expect that.

use std::fmt::Write;

use leptos::prelude::*;
use qrcodegen::{QrCode as Modules, QrCodeEcc};

use super::Examples;

/// The white margin that the standard requires, modules.
const MARGIN: i32 = 4;

/// The code of a short text, with the text that replaces it for screen readers. Nothing if the text does not fit.
#[component]
pub fn QrCode(
    /// What a scanner reads, such as a case number.
    #[prop(into)]
    text: String,
    #[prop(into)] label: String,
) -> AnyView {
    let Ok(modules) = Modules::encode_text(&text, QrCodeEcc::Medium) else { return ().into_any() };
    let side = modules.size() + 2 * MARGIN;
    view! {
        <svg class="qr" viewBox=format!("0 0 {side} {side}") role="img" aria-label=label>
            <rect width="100%" height="100%" fill="#fff"></rect>
            <path d=path(&modules) fill="#000"></path>
        </svg>
    }
    .into_any()
}

/// The dark modules as rectangles, one for each run of a row.
fn path(modules: &Modules) -> String {
    let mut path = String::new();
    for y in 0..modules.size() {
        let mut x = 0;
        while x < modules.size() {
            let run = (x..modules.size()).take_while(|x| modules.get_module(*x, y)).count();
            let run = i32::try_from(run).unwrap_or_default();
            if run > 0 {
                // Writing to a string cannot fail.
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + MARGIN, y + MARGIN);
            }
            x += run.max(1);
        }
    }
    path
}

pub fn examples() -> Examples {
    vec![("a case number", view! { <QrCode text="QK7-3M9D-X4V" label="预约编号的二维码" /> }.into_any())]
}

#[cfg(test)]
mod tests {
    use super::{Modules, QrCodeEcc, path};

    #[test]
    fn every_dark_module_is_drawn_and_nothing_else() {
        let modules = Modules::encode_text("QK7-3M9D-X4V", QrCodeEcc::Medium).expect("it fits");
        let dark = (0..modules.size())
            .flat_map(|y| (0..modules.size()).map(move |x| (x, y)))
            .filter(|(x, y)| modules.get_module(*x, *y))
            .count();
        let path = path(&modules);
        let drawn: usize =
            path.split('h').skip(1).step_by(2).filter_map(|run| run.split('v').next()?.parse::<usize>().ok()).sum();
        assert_eq!((drawn, modules.size()), (dark, 21));
        assert!(path.starts_with("M4 4h7v1h-7z"), "the first finder pattern: {path}");
    }

    #[test]
    fn a_screen_reader_hears_what_it_is() {
        assert!(super::super::html(super::examples()).contains(r#"role="img" aria-label="预约编号的二维码""#));
    }
}
