//! The stock of a day, one bar for each note: reserved by others, used by this case, left. The figures stand beside the bars, so that
//! colour is never alone.
//!
//! Drawn with SVG presentation attributes, because the content security policy forbids `style=`.

use leptos::prelude::*;

use super::Examples;

/// The stock of one note.
pub struct StockRow {
    /// The note: 100 元.
    pub label: String,
    /// Reserved by other cases.
    pub taken: i64,
    /// Used by the case on the page.
    pub wanted: i64,
    /// Total stock.
    pub stock: i64,
    /// What is left, or missing, in words.
    pub left: String,
    /// The figures of stock, taken and wanted.
    pub figures: [String; 3],
}

/// The bars as a table. A bar is the whole stock; what is missing stands at its end.
#[component]
pub fn StockBars(
    /// Caption for screen readers.
    #[prop(into)]
    caption: String,
    /// The headings: note, stock, taken, wanted, left.
    heads: [String; 5],
    rows: Vec<StockRow>,
) -> AnyView {
    let [note, stock, taken, wanted, left] = heads;
    let label = caption.clone();
    view! {
        // At large text the table is wider than a phone: it scrolls by itself, by keys too.
        <div class="stock-scroll" role="region" tabindex="0" aria-label=label>
        <table class="stock">
            <caption class="unseen">{caption}</caption>
            <thead>
                <tr>
                    <th scope="col">{note}</th>
                    <td></td>
                    <th scope="col" class="figures">{stock}</th>
                    <th scope="col" class="figures">
                        <span class="stock-key stock-key-taken"></span>
                        {taken}
                    </th>
                    <th scope="col" class="figures">
                        <span class="stock-key stock-key-wanted"></span>
                        {wanted}
                    </th>
                    <th scope="col" class="figures">{left}</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(line).collect_view()}</tbody>
        </table>
        </div>
    }
    .into_any()
}

fn line(row: StockRow) -> impl IntoView {
    let Parts { taken, wanted, missing } = parts(row.taken, row.wanted, row.stock);
    let short = missing > 0;
    let missing = short.then(|| {
        view! { <rect class="stock-missing" x=(1000 - missing).to_string() width=missing.to_string() height="14" /> }
    });
    let figures = row.figures.into_iter().map(|figure| view! { <td class="figures">{figure}</td> });
    view! {
        <tr>
            <th scope="row">{row.label}</th>
            <td class="stock-bar">
                <svg viewBox="0 0 1000 14" preserveAspectRatio="none" height="14" aria-hidden="true" focusable="false">
                    <rect class="stock-all" width="1000" height="14" />
                    <rect class="stock-taken" width=taken.to_string() height="14" />
                    <rect class="stock-wanted" x=taken.to_string() width=wanted.to_string() height="14" />
                    {missing}
                </svg>
            </td>
            {figures.collect_view()}
            <td class="figures" class:late=short>
                <b>{row.left}</b>
            </td>
        </tr>
    }
}

/// The parts of a bar in thousandths.
#[derive(Debug, PartialEq, Eq)]
struct Parts {
    taken: i64,
    wanted: i64,
    /// At the end: what the stock lacks.
    missing: i64,
}

/// The bar is the stock, or all that is promised if that is more.
fn parts(taken: i64, wanted: i64, stock: i64) -> Parts {
    let (taken, wanted, stock) = (taken.max(0), wanted.max(0), stock.max(0));
    let whole = stock.max(taken + wanted).max(1);
    let share = |part: i64| part.saturating_mul(1000) / whole;
    Parts { taken: share(taken), wanted: share(wanted), missing: share((taken + wanted - stock).max(0)) }
}

pub fn examples() -> Examples {
    let row = |label: &str, taken: i64, wanted: i64, stock: i64, left: &str| StockRow {
        label: label.to_owned(),
        taken,
        wanted,
        stock,
        left: left.to_owned(),
        figures: [stock, taken, wanted].map(|figure| figure.to_string()),
    };
    let heads = ["面额", "库存", "其他预约", "这一单", "还能约"].map(str::to_owned);
    vec![(
        "three denominations, one of them short",
        view! {
            <StockBars
                caption="当天库存"
                heads=heads
                rows=vec![
                    row("100 元", 2500, 1500, 4000, "0"),
                    row("50 元", 400, 1000, 5000, "3,600"),
                    row("5 元", 250, 750, 850, "缺 150"),
                ]
            />
        }
        .into_any(),
    )]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_never_leaves_its_track_and_ends_with_what_is_missing() {
        assert_eq!(parts(1, 0, 0), Parts { taken: 1000, wanted: 0, missing: 1000 });
        assert_eq!(parts(1400, 0, 5000), Parts { taken: 280, wanted: 0, missing: 0 });
        assert_eq!(parts(250, 750, 850), Parts { taken: 250, wanted: 750, missing: 150 });
        assert_eq!(parts(-5, 0, 10), Parts { taken: 0, wanted: 0, missing: 0 });
    }
}
