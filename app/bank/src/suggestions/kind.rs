//! The kind "suggestion": filed, then answered once by the desk with judgement, reason and thanks.

use serde_json::json;

use super::check_records;
use super::model::{AnswerText, SuggestionLimits, SuggestionRefusal, TooLong};
use super::parameters::SuggestionParameters;
use super::records;
use super::rules::SuggestionState;
use crate::branches::Reference;
use crate::cases::{
    ActorKind, BoxFuture, CaseKind, CaseLine, Change, CustomerMessage, DeskRefusal, Effect, Facts, Kind, OwnRefusal, State,
    Transition,
};
use crate::kernel::check::Check;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::parameters::{Declaration, Parameters};
use crate::sessions::Permission;

/// Code of the kind and prefix of its case numbers (建议).
pub const KIND: CaseKind = CaseKind::new("suggestion", "JY");

/// The entry in the registry of kinds.
pub struct SuggestionKind;

const fn state(state: SuggestionState) -> State {
    State { code: state.code(), phase: state.phase() }
}

static STATES: [State; 2] = [state(SuggestionState::Recorded), state(SuggestionState::Answered)];

static TABLE: [Transition; 1] = [Transition {
    from: &[SuggestionState::Recorded.code()],
    action: "answer",
    by: &[ActorKind::Staff(Permission::AnswerCases)],
    guards: &[],
    to: SuggestionState::Answered.code(),
}];

impl Kind for SuggestionKind {
    fn case_kind(&self) -> CaseKind {
        KIND
    }

    fn states(&self) -> &'static [State] {
        &STATES
    }

    fn table(&self) -> &'static [Transition] {
        &TABLE
    }

    fn takes_time(&self) -> bool {
        false
    }

    fn parameters(&self) -> &'static [Declaration] {
        SuggestionParameters::DECLARED
    }

    fn messages(&self) -> &'static [&'static str] {
        &["suggestion_recorded", "suggestion_answered"]
    }

    fn check(&self) -> Check {
        check_records::check
    }

    fn refusals(&self) -> Vec<DeskRefusal> {
        let too_long = TooLong { length: 3, limit: 2, cut: "谢谢".to_owned() };
        let own = [
            SuggestionRefusal::JudgementMissing,
            SuggestionRefusal::JudgementUnknown,
            SuggestionRefusal::ThanksMissing,
            SuggestionRefusal::ThanksTooLong(too_long),
        ];
        own.iter().map(desk_refusal).collect()
    }

    fn facts<'a>(
        &'a self,
        _conn: &'a mut Conn,
        _reference: &'a Reference,
        _case: &'a CaseLine,
    ) -> BoxFuture<'a, Result<Facts, Failure>> {
        Box::pin(async { Ok(Facts::default()) })
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, change: &'a Change<'a>) -> BoxFuture<'a, Result<Effect, Rejected<Vec<DeskRefusal>>>> {
        Box::pin(apply(tx, change))
    }
}

async fn apply(tx: &mut Tx, change: &Change<'_>) -> Result<Effect, Rejected<Vec<DeskRefusal>>> {
    let limits = SuggestionLimits::from(&change.reference.parameters::<SuggestionParameters>("", tx.now().day()));
    let said = |refusals: Vec<SuggestionRefusal>| refusals.iter().map(desk_refusal).collect::<Vec<_>>();
    let answer = AnswerText::parse(change.posted, limits).map_err(|refusals| Rejected::Refused(said(refusals)))?;
    records::answer_suggestion(tx, &change.case.number, &answer).await?;
    let judged = json!({ "judgement": answer.judgement.code(), "thanks": &answer.thanks });
    let details = json!({ "judgement": answer.judgement.code(), "reason": &answer.reason, "thanks": &answer.thanks });
    Ok(Effect {
        reason: Some(answer.reason),
        detail: Some(judged),
        message: Some(CustomerMessage { kind: "suggestion_answered", details, phone: None }),
        ..Effect::default()
    })
}

/// Converts refusals of an answer to desk refusals; the reason is shared by all kinds.
fn desk_refusal(refusal: &SuggestionRefusal) -> DeskRefusal {
    match refusal {
        SuggestionRefusal::ReasonMissing => DeskRefusal::ReasonMissing,
        SuggestionRefusal::ReasonTooLong(text) => {
            DeskRefusal::ReasonTooLong { max: text.limit, length: text.length, cut: text.cut.clone() }
        }
        own => DeskRefusal::Own(OwnRefusal::of(own)),
    }
}
