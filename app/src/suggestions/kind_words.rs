//! Texts about a suggestion in lists, history, messages and on the home page.

use bank::branches::Reference;
use bank::cases::{CaseLine, HistoryLine};
use bank::kernel::forms::Values;
use bank::kernel::language::Language;
use bank::kernel::text::cut;
use bank::suggestions::{Judgement, SuggestionState, claims_loss};
use serde_json::Value;

use super::SuggestionUi;
use super::words::{category_words, judgement_words};
use crate::kinds::Words;
use crate::messages::fact;
use crate::t;
use crate::typed::display_text;
use crate::ui::parts::Tone;
use crate::visit::Visit;
use crate::words::{Locale, locale};

/// How much of an unfinished text a list shows, characters.
const DRAFT_CHARACTERS: i64 = 30;

/// What an unfinished form is about: the category and the first words.
pub(super) fn draft_about(l: Locale, values: &Values) -> Vec<String> {
    let category = values.filled("category").map(|code| category_words(l, code));
    let text = values.filled("content").map(|text| display_text(&cut(text, DRAFT_CHARACTERS)));
    [category, text].into_iter().flatten().collect()
}

/// The judgement among the values of an answer.
fn judged(l: Locale, facts: &Value) -> Option<String> {
    fact(facts, "judgement").and_then(Judgement::parse).map(|judgement| judgement_words(l, judgement))
}

impl Words for SuggestionUi {
    fn name(&self, l: Locale) -> String {
        t!(l, suggestions.kind.name)
    }

    fn title(&self, language: Language, case: &CaseLine) -> String {
        let l = locale(language);
        t!(l, suggestions.kind.title, topic = category_words(l, &case.topic))
    }

    fn short(&self, language: Language, case: &CaseLine) -> String {
        let l = locale(language);
        t!(l, suggestions.kind.short, topic = category_words(l, &case.topic))
    }

    fn state(&self, l: Locale, state: &str) -> Option<(String, Tone)> {
        Some(match SuggestionState::parse(state)? {
            SuggestionState::Recorded => (t!(l, suggestions.state.recorded), Tone::Brand),
            SuggestionState::Answered => (t!(l, suggestions.state.answered), Tone::Ok),
        })
    }

    fn state_told(&self, l: Locale, state: &str) -> Option<String> {
        (SuggestionState::parse(state)? == SuggestionState::Recorded).then(|| t!(l, suggestions.told.recorded))
    }

    fn done(&self, language: Language, who: String, line: &HistoryLine) -> Option<String> {
        let l = locale(language);
        Some(match (line.action.as_str(), judged(l, &line.detail)) {
            ("submit", _) => t!(l, suggestions.done.submit, who = who),
            ("answer", Some(judgement)) => t!(l, suggestions.done.answer_judged, who = who, judgement = judgement),
            ("answer", None) => t!(l, suggestions.done.answer, who = who),
            _ => return None,
        })
    }

    fn facts(&self, _language: Language, facts: &Value) -> Vec<String> {
        fact(facts, "thanks").map(display_text).into_iter().collect()
    }

    fn message(&self, l: Locale, what: &str, facts: &Value) -> Option<(String, String)> {
        Some(match what {
            "recorded" => (t!(l, suggestions.message.recorded_title), t!(l, suggestions.message.recorded_body)),
            "answered" => {
                let judgement = judged(l, facts).unwrap_or_default();
                (t!(l, suggestions.message.answered_title, judgement = judgement), String::new())
            }
            _ => return None,
        })
    }

    fn task(&self, l: Locale) -> String {
        t!(l, suggestions.home.task)
    }

    fn task_detail(&self, visit: &Visit, _reference: &Reference) -> String {
        t!(visit.locale(), suggestions.home.task_detail)
    }

    fn draft_about(&self, visit: &Visit, _reference: &Reference, values: &Values) -> Vec<String> {
        draft_about(visit.locale(), values)
    }

    /// A text that claims a loss is a complaint its writer has not made yet, whatever form it stands in.
    fn draft(&self, l: Locale, values: &Values) -> String {
        if values.filled("content").is_some_and(claims_loss) {
            t!(l, suggestions.home.draft_complaint)
        } else {
            t!(l, suggestions.home.draft)
        }
    }

    fn parameter(&self, l: Locale, name: &str) -> Option<String> {
        Some(match name {
            "suggestion_acknowledge_hours" => t!(l, suggestions.parameter.suggestion_acknowledge_hours),
            "suggestion_content_max" => t!(l, suggestions.parameter.suggestion_content_max),
            "suggestion_answer_max" => t!(l, suggestions.parameter.suggestion_answer_max),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::SuggestionUi;
    use crate::cases::{Reader, history_words};
    use crate::kinds::Ui;
    use crate::kinds::Words as _;
    use crate::messages::text;
    use crate::words::locale;
    use bank::cases::HistoryLine;
    use bank::kernel::forms::Values;
    use bank::kernel::language::Language;
    use bank::kernel::time::At;
    use serde_json::json;

    #[test]
    fn a_draft_that_claims_a_loss_is_called_a_complaint() {
        let draft =
            |content: &str| SuggestionUi.draft(locale(Language::ZhCn), &Values(vec![("content".to_owned(), content.to_owned())]));
        assert_eq!(draft("早点开门"), "建议没有写完");
        assert_eq!(draft("多扣三百元，要求赔偿"), "一件投诉还没有提出");
    }

    #[test]
    fn an_answer_says_its_judgement_and_thanks() {
        let answer = HistoryLine {
            version: 2,
            at: At(0),
            role: "clerk".into(),
            user_name: "陈敏".into(),
            action: "answer".into(),
            from: None,
            to: Some("answered".into()),
            reason: Some("下月加开窗口".into()),
            detail: json!({ "judgement": "adopted", "thanks": "谢谢您的建议！" }),
        };
        let said = history_words(Language::ZhCn, SuggestionUi.kind(), Reader::Customer, &answer);
        assert_eq!(said, "柜员答复：采纳。原因：“下月加开窗口”。谢谢您的建议！");
    }

    #[test]
    fn the_message_of_an_answer_says_judgement_reason_and_thanks() {
        let details = json!({ "judgement": "not", "reason": "系统暂不支持", "thanks": "谢谢您。" });
        let message = text(Language::ZhCn, "suggestion_answered", &details);
        assert_eq!(message.title, "您的建议有答复了：暂不采纳");
        assert_eq!(message.body, "原因：“系统暂不支持”。谢谢您。");
    }
}
