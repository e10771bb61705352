//! A form for tests, whole and field by field: which fields are open, what is offered, the input of each kind.

use std::collections::BTreeMap;

use super::*;

/// A form for tests: labels and typed values.
struct Letter(BTreeMap<&'static str, &'static str>);

impl Asks for Letter {
    fn label(&self, name: &str) -> Option<String> {
        Some(format!("label of {name}"))
    }

    fn ask(&self, field: &Field) -> Option<Ask> {
        let choices = || vec![Choice::new("a", "A"), Choice::new("b", "B")];
        Some(match &*field.name {
            "refused" => return None,
            "kind" => Ask::new().choices(choices()),
            "topics" => Ask::new().grid(choices()).hint("several".to_owned()),
            "branch" => Ask::new().options(vec![("b1".to_owned(), "B1".to_owned())], "choose".to_owned()),
            "sum" => Ask::new().unit("yuan".to_owned()),
            "first" | "second" => Ask::new().within("pair"),
            _ => Ask::new(),
        })
    }

    fn typed(&self, name: &str) -> String {
        self.0.get(name).copied().unwrap_or_default().to_owned()
    }

    fn error(&self, name: &str) -> Option<String> {
        (name == "text").then(|| "too short".to_owned())
    }

    fn own(&self, name: &str) -> Option<Own> {
        let view = || view! { <p><input name="day" /> <input name="slot" /></p> }.into_any();
        ["day", "slot"].contains(&name).then(|| Own { holds: vec!["day", "slot"], view: view() })
    }
}

fn fields() -> Vec<Field> {
    vec![
        Field::new("carried", FieldKind::Carried),
        Field::new("kind", FieldKind::Choice),
        Field::new("topics", FieldKind::Choices),
        Field::new("branch", FieldKind::Choice),
        Field::new("day", FieldKind::Day).after(&["branch"]),
        Field::new("slot", FieldKind::Time).after(&["branch", "day"]),
        Field::new("text", FieldKind::Lines(|_| 10)),
        Field::new("first", FieldKind::Line),
        Field::new("second", FieldKind::Phone),
        Field::new("sum", FieldKind::Amount),
        Field::new("count", FieldKind::Count),
        Field::new("date", FieldKind::Day).after(&["kind"]),
        Field::new("refused", FieldKind::Line),
        Field::new("yes", FieldKind::Tick),
    ]
}

/// Distinct names and types of the inputs of a page.
fn inputs(html: &str) -> BTreeSet<String> {
    let tags = html.split('<').filter(|tag| ["input", "select", "textarea"].iter().any(|kind| tag.starts_with(kind)));
    let attribute = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
        rest.split_once('"').map(|(value, _)| value.to_owned())
    };
    let named = tags.map(|tag| {
        let (name, kind) = (attribute(tag, "name").unwrap_or_default(), attribute(tag, "type").unwrap_or_default());
        format!("{name} {kind} {}", attribute(tag, "value").unwrap_or_default())
    });
    named.collect()
}

fn rendered(letter: &Letter) -> (String, Vec<String>) {
    Owner::new().with(|| {
        let fields = fields();
        let Rendered { view, offered, .. } = whole(&fields, letter);
        (view.to_html(), offered)
    })
}

#[test]
fn a_step_shows_the_same_inputs_whole_and_field_by_field() {
    for typed in [BTreeMap::new(), BTreeMap::from([("branch", "b1"), ("day", "2026-12-03"), ("kind", "a"), ("first", "x")])] {
        let letter = Letter(typed);
        let (html, offered) = rendered(&letter);
        let alone = Owner::new().with(|| {
            let views = fields().iter().filter_map(|field| alone(field, &letter)).collect::<Vec<_>>();
            views.into_iter().map(RenderHtml::to_html).collect::<String>()
        });
        let shown: BTreeSet<String> = inputs(&html).into_iter().filter(|input| !is_held(input, &offered)).collect();
        assert_eq!(shown, inputs(&alone).into_iter().filter(|input| !is_held(input, &offered)).collect());
    }
}

/// Whether an input belongs to a custom view and its field is not open; such inputs are rendered anyway.
fn is_held(input: &str, offered: &[String]) -> bool {
    ["day ", "slot "].iter().any(|held| input.starts_with(held)) && !offered.iter().any(|name| name == "day")
}

#[test]
fn only_fields_that_are_open_and_asked_are_offered() {
    let (_, blank) = rendered(&Letter(BTreeMap::new()));
    assert_eq!(blank, ["kind", "topics", "branch", "text", "first", "second", "sum", "count", "yes"]);
    let (html, begun) = rendered(&Letter(BTreeMap::from([("branch", "b1"), ("kind", "a")])));
    let of_branch = ["kind", "topics", "branch", "day", "text", "first", "second", "sum", "count", "date", "yes"];
    assert_eq!(begun, of_branch, "a slot opens after its day");
    assert!(!html.contains("refused") && !html.contains("carried"), "{html}");
}

#[test]
fn an_input_is_the_one_of_its_kind_with_label_hint_and_error() {
    let (html, _) = rendered(&Letter(BTreeMap::from([("kind", "a"), ("yes", "on"), ("text", "hi")])));
    for part in [
        r#"<label for="text" class="">label of text</label>"#,
        r#"id="text-error""#,
        r#"type="tel""#,
        r#"autocomplete="tel-national""#,
        r#"inputmode="numeric""#,
        r#"type="date""#,
        r#"type="checkbox" id="yes" name="yes" value="yes" checked"#,
        r#"id="topics-hint""#,
        "yuan",
    ] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
    assert_eq!(html.matches(r#"<div class="pair">"#).count(), 1, "two fields in one frame");
}
