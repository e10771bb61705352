//! Surveys as entries: columns and rules of a row (docs/domain.md §6). The definition is nested; it is a column of its own
//! that holds JSON.

use std::collections::BTreeSet;

use super::model::{OTHER, Question, QuestionKind, QuestionRole, Survey};
use crate::kernel::bilingual::Bilingual;
use crate::kernel::entries::{Columns, EntryRefusal, EntryRule, Reader, read_code};
use crate::kernel::time::{At, Day};

/// One version of a survey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurveyEntry {
    /// The last day on which it can be answered.
    pub open_until: Day,
    /// Its code and version are the key of the entry.
    pub survey: Survey,
}

impl SurveyEntry {
    pub const COLUMNS: [&'static str; 2] = ["open_until", "definition"];

    pub fn parse(columns: &Columns<'_>) -> Result<Self, Vec<EntryRefusal>> {
        let mut reader = Reader::new(columns);
        let open_until = reader.need_day("open_until");
        let survey: Option<Survey> = reader.need("definition", EntryRule::NotADefinition, |text| serde_json::from_str(text).ok());
        if let Some(survey) = &survey {
            check(&mut reader, survey);
        }
        let entry = (|| Some(Self { open_until: open_until?, survey: survey? }))();
        reader.finish(entry)
    }

    /// The part of a definition's groups that breaks a rule, with the rule.
    #[cfg(feature = "records")]
    pub(crate) fn fault_of_groups(definition: &str) -> Option<String> {
        broken_group(&serde_json::from_str(definition).ok()?)
    }

    /// When it closes: at the end of its last day.
    pub fn closes_at(&self) -> At {
        At::midnight(self.open_until).plus_days(1)
    }
}

/// What the types do not say.
fn check(reader: &mut Reader<'_, '_>, survey: &Survey) {
    let mut refuse = |column, rule, broken: bool| {
        if broken {
            reader.refuse(column, rule);
        }
    };
    let code = |text: &str| read_code(text).as_deref() == Some(text);
    refuse("definition.code", EntryRule::NotACode, !code(&survey.code));
    refuse("definition.version", EntryRule::NotAWholeNumber { from: 1, to: 9_999 }, !(1..=9_999).contains(&survey.version));
    refuse("definition.minutes", EntryRule::NotAWholeNumber { from: 1, to: 60 }, !(1..=60).contains(&survey.minutes));
    let texts = [&survey.title, &survey.intro].into_iter().chain(survey.groups.iter().map(|group| &group.title));
    let mut texts = texts.chain(survey.questions().flat_map(Question::texts));
    let blank = |text: &Bilingual| text.both().iter().any(|text| text.trim().is_empty());
    refuse("definition", EntryRule::Missing, texts.any(blank));
    refuse("definition.groups", EntryRule::NotADefinition, broken_group(survey).is_some());
}

/// The part of the groups that breaks a rule, with the rule: codes are used once, conditions refer to earlier questions, options
/// fit the kind of question.
fn broken_group(survey: &Survey) -> Option<String> {
    let code = |text: &str| read_code(text).as_deref() == Some(text);
    if survey.groups.is_empty() {
        return Some("at least one is needed".to_owned());
    }
    if survey.questions().filter(|question| question.role == Some(QuestionRole::Need)).count() > 1 {
        return Some("only one question has the role need".to_owned());
    }
    let (mut groups, mut earlier) = (BTreeSet::new(), BTreeSet::new());
    for (place, group) in survey.groups.iter().enumerate() {
        if !code(&group.code) || !groups.insert(group.code.as_str()) {
            return Some(format!("groups[{place}].code: {CODE_ONCE}"));
        }
        if group.questions.is_empty() {
            return Some(format!("groups[{place}].questions: at least one is needed"));
        }
        for (number, question) in group.questions.iter().enumerate() {
            if let Some((part, rule)) = broken_part(survey, question, &earlier) {
                return Some(format!("groups[{place}].questions[{number}].{part}: {rule}"));
            }
            earlier.insert(question.code.as_str());
        }
    }
    None
}

const CODE_ONCE: &str = "a code of small letters, digits, hyphens, underscores and points, each once";

/// The part of a question that breaks a rule. `earlier`: the questions before it.
fn broken_part(survey: &Survey, question: &Question, earlier: &BTreeSet<&str>) -> Option<(&'static str, &'static str)> {
    let code = |text: &str| read_code(text).as_deref() == Some(text);
    if !code(&question.code) || earlier.contains(question.code.as_str()) {
        return Some(("code", CODE_ONCE));
    }
    let mut options = BTreeSet::new();
    if !question.options.iter().all(|choice| code(&choice.code) && options.insert(choice.code.as_str())) {
        return Some(("options", CODE_ONCE));
    }
    let fits = match question.kind {
        QuestionKind::Text => options.is_empty(),
        QuestionKind::MultiOther => options.contains(OTHER),
        QuestionKind::Single | QuestionKind::Multi => !options.is_empty(),
    };
    if !fits {
        let other = question.kind == QuestionKind::MultiOther;
        let rule = if other { "one has the code other" } else { "a question to choose from needs some, a text has none" };
        return Some(("options", rule));
    }
    let shown = question.shown_if.as_ref().is_none_or(|condition| {
        earlier.contains(condition.question.as_str())
            && survey.question(&condition.question).is_some_and(|other| other.offers(&condition.option))
    });
    (!shown).then_some(("shown_if", "names an earlier question and one of its options"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;
    use crate::surveys::needs_2026;
    use jiff::civil::date;
    use serde_json::{Value, json};

    fn parse(open_until: &str, definition: &str) -> Result<SurveyEntry, Vec<(&'static str, EntryRule)>> {
        let of = |column: &'static str| match column {
            "open_until" => Some(open_until),
            "definition" => Some(definition),
            _ => None,
        };
        SurveyEntry::parse(&of).map_err(|refusals| refusals.into_iter().map(|one| (one.column, one.rule)).collect())
    }

    /// The rules broken by the needs survey after a change.
    fn with(change: impl FnOnce(&mut Value)) -> Vec<(&'static str, EntryRule)> {
        let mut survey = serde_json::to_value(needs_2026().unwrap()).unwrap();
        change(&mut survey);
        parse("2027-03-31", &survey.to_string()).err().unwrap_or_default()
    }

    #[test]
    fn a_survey_is_open_until_the_end_of_its_last_day() {
        let definition = serde_json::to_string(&needs_2026().unwrap()).unwrap();
        let entry = parse("2027-03-31", &definition).unwrap();
        assert_eq!(entry.survey, needs_2026().unwrap());
        assert_eq!(entry.closes_at(), At::midnight(date(2027, 4, 1)));
    }

    #[test]
    fn each_rule_of_a_survey() {
        let definition = serde_json::to_string(&needs_2026().unwrap()).unwrap();
        assert_eq!(parse("", &definition).unwrap_err(), [("open_until", EntryRule::Missing)]);
        assert_eq!(parse("2027-03-31", "{}").unwrap_err(), [("definition", EntryRule::NotADefinition)]);
        assert_eq!(parse("2027-03-31", "").unwrap_err(), [("definition", EntryRule::Missing)]);
        assert_eq!(with(|survey| survey["code"] = json!("A B")), [("definition.code", EntryRule::NotACode)]);
        let whole = |to| EntryRule::NotAWholeNumber { from: 1, to };
        assert_eq!(with(|survey| survey["version"] = json!(0)), [("definition.version", whole(9_999))]);
        assert_eq!(with(|survey| survey["minutes"] = json!(0)), [("definition.minutes", whole(60))]);
        assert_eq!(with(|survey| survey["title"]["en"] = json!(" ")), [("definition", EntryRule::Missing)]);
        let broken = [("definition.groups", EntryRule::NotADefinition)];
        assert_eq!(with(|survey| survey["groups"] = json!([])), broken);
        assert_eq!(with(|survey| survey["groups"][0]["questions"] = json!([])), broken);
        let question = |survey: &mut Value, name: &str, value: Value| survey["groups"][0]["questions"][1][name] = value;
        assert_eq!(with(|survey| question(survey, "code", json!("uses"))), broken, "a code stands twice");
        assert_eq!(with(|survey| question(survey, "options", json!([]))), broken, "nothing to choose");
        assert_eq!(with(|survey| question(survey, "kind", json!("text"))), broken, "a text with options");
        assert_eq!(with(|survey| question(survey, "kind", json!("multi_other"))), broken, "no option for another answer");
        assert_eq!(with(|survey| question(survey, "shown_if", json!({"question": "uses", "option": "x"}))), broken);
        assert_eq!(
            with(|survey| question(survey, "shown_if", json!({"question": "topic", "option": "x"}))),
            broken,
            "looks ahead"
        );
    }
}
