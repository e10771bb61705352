//! One question a page (elder mode, docs/domain.md §12): which fields of a step belong to one question, and which question is
//! next. The same fields, values and rules as the whole step; a page names only its own fields as `offered`, so that nothing else
//! counts as missing.

use std::collections::BTreeSet;

use axum::response::Response;
use bank::kernel::forms::Field;
use leptos::prelude::*;

use super::step::{asked, input, is_open};
use super::{Asks, OpenForm, Rendered, whole};
use crate::page::see_other;

/// Frames that only arrange their fields; each of these is a question of its own.
const ARRANGED: [&str; 4] = ["stack", "reveal", "pair", "times"];

/// The place of a question among those of its step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuestionPlace {
    /// From 1.
    pub at: usize,
    pub of: usize,
}

/// Which question of a step to ask.
#[derive(Clone, Debug, Default)]
pub struct Turn {
    /// A field of the question to show; none: the next one.
    pub field: Option<String>,
    /// A field of the question that was answered last.
    pub after: Option<String>,
    /// One answer is changed; only what it opens is asked after it.
    pub changes: bool,
}

/// A question: fields that are shown together.
struct Question<'f> {
    fields: Vec<&'f Field>,
    /// Whether a custom view holds them.
    own: bool,
}

impl Question<'_> {
    fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.name == name)
    }

    fn is_wrong(&self, asks: &dyn Asks) -> bool {
        self.fields.iter().any(|field| asks.error(&field.name).is_some())
    }

    fn is_new(&self, offered: &BTreeSet<String>) -> bool {
        !self.fields.iter().any(|field| offered.contains(&*field.name))
    }
}

/// The questions of a step, as the present values open them.
fn questions<'f>(fields: impl IntoIterator<Item = &'f Field>, asks: &dyn Asks) -> Vec<Question<'f>> {
    let mut questions: Vec<Question<'f>> = Vec::new();
    let mut held: Vec<(&'static str, usize)> = Vec::new();
    let mut framed: Option<(String, usize)> = None;
    for field in fields.into_iter().filter(|field| asks.applies(&field.name)) {
        if let Some((_, place)) = held.iter().find(|(name, _)| *name == field.name) {
            if let Some(question) = questions.get_mut(*place) {
                question.fields.push(field);
            }
            continue;
        }
        if let Some(own) = asks.own(&field.name) {
            if is_open(field, asks) {
                held.extend(own.holds.into_iter().map(|name| (name, questions.len())));
                questions.push(Question { fields: vec![field], own: true });
            }
            continue;
        }
        let Some(ask) = asked(field, asks) else { continue };
        let frame = ask.frame().filter(|frame| !ARRANGED.contains(frame)).map(str::to_owned);
        match (&framed, &frame) {
            (Some((open, place)), Some(frame)) if open == frame => {
                if let Some(question) = questions.get_mut(*place) {
                    question.fields.push(field);
                }
            }
            _ => {
                framed = frame.map(|frame| (frame, questions.len()));
                questions.push(Question { fields: vec![field], own: false });
            }
        }
    }
    questions
}

impl OpenForm {
    /// The place of the question to show; `None` after the last one.
    fn next(&self, turn: &Turn, questions: &[Question<'_>], asks: &dyn Asks) -> Option<usize> {
        let named = |name: &Option<String>| {
            let name = name.as_deref()?;
            questions.iter().position(|question| question.has(name))
        };
        if let Some(place) = named(&turn.field) {
            return Some(place);
        }
        let wrong = || questions.iter().position(|question| question.is_wrong(asks));
        let new = || questions.iter().position(|question| question.is_new(&self.state.offered));
        match named(&turn.after) {
            Some(place) if questions.get(place).is_some_and(|question| question.is_wrong(asks)) => Some(place),
            Some(place) if place + 1 < questions.len() => Some(place + 1),
            Some(_) => wrong().or_else(new),
            None => wrong().or_else(new).or((!questions.is_empty()).then_some(0)),
        }
    }

    /// Renders the fields of a step: all that are open, or one question.
    pub fn fields<'f>(&self, fields: impl IntoIterator<Item = &'f Field>, asks: &dyn Asks) -> Rendered {
        let Some(turn) = &self.turn else { return whole(fields, asks) };
        let questions = questions(fields, asks);
        let place = self.next(turn, &questions, asks).unwrap_or_default();
        let before = place.checked_sub(1).and_then(|before| questions.get(before)).and_then(|question| question.fields.first());
        let before = before.map(|field| field.name.to_string());
        let Some(question) = questions.get(place) else { return Rendered::nothing() };
        let place = Some(QuestionPlace { at: place + 1, of: questions.len() });
        let shown = || question.fields.iter().copied();
        let rendered = if question.own || question.fields.len() > 1 {
            whole(shown(), asks)
        } else {
            let alone = shown().filter_map(|field| Some((field, asked(field, asks)?)));
            let (views, offered) =
                alone.map(|(field, ask)| (input(field, ask, asks), field.name.to_string())).unzip::<_, _, Vec<_>, _>();
            Rendered { view: views.into_any(), offered, ..Rendered::nothing() }
        };
        Rendered { place, before, ..rendered }
    }

    /// After the last question of a step: the redirect to the first open step.
    pub fn past<'f>(&self, fields: impl IntoIterator<Item = &'f Field>, asks: &dyn Asks) -> Option<Response> {
        let turn = self.turn.as_ref().filter(|turn| turn.after.is_some())?;
        let done = self.next(turn, &questions(fields, asks), asks).is_none();
        done.then(|| see_other(&format!("{}?key={}", self.path, self.key)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::step::{Ask, Own};
    use bank::kernel::forms::{FieldKind, Form, FormState};
    use bank::kernel::ids::Key;

    /// A form for tests: names answered, and names refused.
    struct Letter(&'static [&'static str], &'static [&'static str]);

    impl Asks for Letter {
        fn label(&self, name: &str) -> Option<String> {
            Some(name.to_owned())
        }
        fn ask(&self, field: &Field) -> Option<Ask> {
            Some(match &*field.name {
                "first" | "second" => Ask::new().within("name"),
                "yes" | "no" => Ask::new().within("stack"),
                _ => Ask::new(),
            })
        }
        fn typed(&self, name: &str) -> String {
            if self.0.contains(&name) { "x".to_owned() } else { String::new() }
        }
        fn error(&self, name: &str) -> Option<String> {
            self.1.contains(&name).then(|| "wrong".to_owned())
        }
        fn applies(&self, name: &str) -> bool {
            name != "agent" || self.0.contains(&"kind")
        }
        fn own(&self, name: &str) -> Option<Own> {
            let view = || view! { <input name="n1" /><input name="n2" /> }.into_any();
            ["n1", "n2"].contains(&name).then(|| Own { holds: vec!["n1", "n2"], view: view() })
        }
    }

    fn step() -> Vec<Field> {
        let line = |name| Field::new(name, FieldKind::Line);
        let after = line("later").after(&["kind"]);
        vec![line("kind"), line("agent"), line("first"), line("second"), line("n1"), line("n2"), line("yes"), line("no"), after]
    }

    fn form(offered: &[&str], after: Option<&str>, field: Option<&str>) -> OpenForm {
        let mut state = FormState::default();
        state.offered.extend(offered.iter().map(|name| (*name).to_owned()));
        OpenForm {
            form: Form::new("letter", vec![("one", step())]),
            path: "/letter".to_owned(),
            key: Key::parse("0123456789abcdef0123456789abcdef").unwrap_or_else(|_| panic!("a key")),
            made_for: String::new(),
            state,
            stale: false,
            unsent: false,
            turn: Some(Turn { field: field.map(str::to_owned), after: after.map(str::to_owned), changes: false }),
            also: Vec::new(),
        }
    }

    fn shown(form: &OpenForm, letter: &Letter) -> (Vec<String>, usize, usize) {
        Owner::new().with(|| {
            let rendered = form.fields(&step(), letter);
            let place = rendered.place.unwrap_or(QuestionPlace { at: 0, of: 0 });
            (rendered.offered, place.at, place.of)
        })
    }

    #[test]
    fn a_page_asks_one_question_and_the_next_follows_it() {
        let blank = Letter(&[], &[]);
        assert_eq!(shown(&form(&[], None, None), &blank), (vec!["kind".to_owned()], 1, 5));
        let (offered, at, _) = shown(&form(&["kind"], Some("kind"), None), &blank);
        assert_eq!((offered, at), (vec!["first".to_owned(), "second".to_owned()], 2), "fields of one frame are one question");
        let (offered, ..) = shown(&form(&[], Some("second"), None), &blank);
        assert_eq!(offered, ["n1", "n2"], "a custom view is one question");
        assert_eq!(shown(&form(&[], Some("n2"), None), &blank).0, ["yes"], "a frame that only arranges is no question");
        assert_eq!(shown(&form(&[], Some("yes"), None), &blank).0, ["no"]);
    }

    #[test]
    fn an_answer_opens_its_questions() {
        let answered = Letter(&["kind"], &[]);
        assert_eq!(shown(&form(&["kind"], Some("kind"), None), &answered), (vec!["agent".to_owned()], 2, 7));
        assert_eq!(shown(&form(&["kind"], Some("no"), None), &answered).0, ["later"]);
    }

    #[test]
    fn a_refused_question_is_shown_again_and_a_named_one_on_request() {
        let wrong = Letter(&[], &["first"]);
        assert_eq!(shown(&form(&["kind", "first"], Some("second"), None), &wrong).0, ["first", "second"]);
        assert_eq!(shown(&form(&["kind", "first"], None, None), &wrong).0, ["first", "second"]);
        assert_eq!(shown(&form(&["kind", "first"], None, Some("n2")), &wrong).0, ["n1", "n2"]);
        assert_eq!(
            shown(&form(&["kind", "first", "second"], None, None), &Letter(&[], &[])).0,
            ["n1", "n2"],
            "the first new one"
        );
    }

    #[test]
    fn after_the_last_question_the_step_is_left_unless_one_was_never_asked() {
        let blank = Letter(&[], &[]);
        let all = ["kind", "first", "second", "n1", "n2", "yes", "no"];
        let left = |form: OpenForm, letter: &Letter| Owner::new().with(|| form.past(&step(), letter).is_some());
        assert!(left(form(&all, Some("no"), None), &blank));
        assert!(!left(form(&["no"], Some("no"), None), &blank), "others are new");
        assert!(!left(form(&all, Some("no"), None), &Letter(&[], &["kind"])), "one is wrong");
        assert!(!left(form(&all, None, None), &blank), "on request it is shown");
        assert!(!left(OpenForm { turn: None, ..form(&all, Some("no"), None) }, &blank));
    }
}
