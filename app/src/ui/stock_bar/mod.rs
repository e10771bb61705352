//! Stock as a bar with figures: reserved by others, used by this case, left.
//!
//! Drawn with SVG presentation attributes, because the content security policy forbids `style=`.

use leptos::prelude::*;

use super::Examples;

/// One bar of note counts. `text` gives the same figures.
#[component]
pub fn StockBar(
    /// The note: 100 元.
    #[prop(into)]
    label: String,
    /// Reserved by other cases.
    taken: i64,
    /// Used by the case on the page.
    wanted: i64,
    /// Total stock.
    stock: i64,
    /// The figures: 4,000 / 4,000 张.
    #[prop(into)]
    text: String,
) -> AnyView {
    let taken = share(taken, stock);
    let wanted = share(wanted, stock).min(1000 - taken);
    view! {
        <div class="stock">
            <span>{label}</span>
            <svg viewBox="0 0 1000 8" preserveAspectRatio="none" height="8" aria-hidden="true" focusable="false">
                <rect class="stock-all" width="1000" height="8" />
                <rect class="stock-taken" width=taken.to_string() height="8" />
                <rect class="stock-wanted" x=taken.to_string() width=wanted.to_string() height="8" />
            </svg>
            <span class="stock-figures">{text}</span>
        </div>
    }
    .into_any()
}

/// Share of the stock in thousandths, limited to 0…1000.
fn share(part: i64, stock: i64) -> i64 {
    if stock <= 0 {
        return 0;
    }
    (part.max(0).saturating_mul(1000) / stock).min(1000)
}

pub fn examples() -> Examples {
    vec![(
        "three denominations",
        view! {
            <StockBar label="100 元" taken=2500 wanted=1500 stock=4000 text="4,000 / 4,000 张" />
            <StockBar label="50 元" taken=400 wanted=1000 stock=5000 text="1,400 / 5,000 张" />
            <StockBar label="20 元" taken=250 wanted=0 stock=5000 text="250 / 5,000 张" />
        }
        .into_any(),
    )]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_never_leaves_its_track() {
        assert_eq!(share(1, 0), 0);
        assert_eq!(share(9, 3), 1000);
        assert_eq!(share(1400, 5000), 280);
        assert_eq!(share(-5, 10), 0);
    }
}
