//! Types of suggestions and answers, parsing of form values, and refusals (docs/domain.md §7).

use super::claims::claims_loss;
use super::form::{AS_SUGGESTION, CLAIM};
use super::parameters::SuggestionParameters;
use serde::{Deserialize, Serialize};

use crate::cases::QuotaFull;
use crate::kernel::forms::{Nearest, Refusal, Values};
use crate::kernel::text::{cut, length};

/// Business category (docs/domain.md §7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// 信用卡.
    CreditCard,
    /// 储蓄.
    Savings,
    /// 国际.
    International,
    /// 结算.
    Settlement,
    /// 信贷.
    Credit,
    /// 对公.
    Corporate,
    /// 代理.
    Agency,
    /// 车贷房贷.
    CarHomeLoan,
    /// 电子渠道.
    EChannel,
    /// 网点服务.
    BranchService,
}

impl Category {
    /// All categories, in the bank's order.
    pub const ALL: [Self; 10] = [
        Self::CreditCard,
        Self::Savings,
        Self::International,
        Self::Settlement,
        Self::Credit,
        Self::Corporate,
        Self::Agency,
        Self::CarHomeLoan,
        Self::EChannel,
        Self::BranchService,
    ];

    /// The code: value of the field, of the column and of the catalogue key.
    pub const fn code(self) -> &'static str {
        match self {
            Self::CreditCard => "credit_card",
            Self::Savings => "savings",
            Self::International => "international",
            Self::Settlement => "settlement",
            Self::Credit => "credit",
            Self::Corporate => "corporate",
            Self::Agency => "agency",
            Self::CarHomeLoan => "car_home_loan",
            Self::EChannel => "e_channel",
            Self::BranchService => "branch_service",
        }
    }

    /// The bank's Chinese term, which is accepted as a value too.
    pub const fn term(self) -> &'static str {
        match self {
            Self::CreditCard => "信用卡",
            Self::Savings => "储蓄",
            Self::International => "国际",
            Self::Settlement => "结算",
            Self::Credit => "信贷",
            Self::Corporate => "对公",
            Self::Agency => "代理",
            Self::CarHomeLoan => "车贷房贷",
            Self::EChannel => "电子渠道",
            Self::BranchService => "网点服务",
        }
    }

    /// Parses a code or a term.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.code() == text || category.term() == text)
    }
}

/// The bank's judgement of a suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judgement {
    Adopted,
    /// Adopted in part.
    Partly,
    /// Not adopted.
    Not,
}

impl Judgement {
    pub const ALL: [Self; 3] = [Self::Adopted, Self::Partly, Self::Not];

    /// The code: value of the field, of the column and of the catalogue key.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Adopted => "adopted",
            Self::Partly => "partly",
            Self::Not => "not",
        }
    }

    /// Parses a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|judgement| judgement.code() == code)
    }
}

/// Limits of texts, characters [default].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuggestionLimits {
    /// Content of a suggestion.
    pub content: i64,
    /// Reason and thanks of an answer, each.
    pub answer: i64,
}

impl From<&SuggestionParameters> for SuggestionLimits {
    fn from(parameters: &SuggestionParameters) -> Self {
        Self { content: parameters.suggestion_content_max, answer: parameters.suggestion_answer_max }
    }
}

/// Why a suggestion or its answer is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuggestionRefusal {
    CategoryMissing,
    /// Not in the list of categories.
    CategoryUnknown,
    ContentMissing,
    ContentTooLong(TooLong),
    /// The content claims a loss or a dispute, and the customer has not said that it is a suggestion.
    ClaimsLoss,
    JudgementMissing,
    /// Not in the list of judgements.
    JudgementUnknown,
    ReasonMissing,
    ReasonTooLong(TooLong),
    ThanksMissing,
    ThanksTooLong(TooLong),
    /// A quota of the customer's cases is exhausted.
    Quota(QuotaFull),
}

/// A text longer than its limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TooLong {
    /// Length, characters.
    pub length: i64,
    /// Limit, characters.
    pub limit: i64,
    /// The part that would be accepted.
    pub cut: String,
}

impl TooLong {
    /// How many characters are too many.
    pub const fn over(&self) -> i64 {
        self.length - self.limit
    }
}

impl Refusal for SuggestionRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::CategoryMissing => "suggestion_category_missing",
            Self::CategoryUnknown => "suggestion_category_unknown",
            Self::ContentMissing => "suggestion_content_missing",
            Self::ContentTooLong(_) => "suggestion_content_too_long",
            Self::ClaimsLoss => "suggestion_claims_loss",
            Self::JudgementMissing => "suggestion_judgement_missing",
            Self::JudgementUnknown => "suggestion_judgement_unknown",
            Self::ReasonMissing => "suggestion_reason_missing",
            Self::ReasonTooLong(_) => "suggestion_reason_too_long",
            Self::ThanksMissing => "suggestion_thanks_missing",
            Self::ThanksTooLong(_) => "suggestion_thanks_too_long",
            Self::Quota(full) => full.code(),
        }
    }

    fn field(&self) -> &str {
        match self {
            Self::CategoryMissing | Self::CategoryUnknown => "category",
            Self::ContentMissing | Self::ContentTooLong(_) | Self::ClaimsLoss => "content",
            Self::JudgementMissing | Self::JudgementUnknown => "judgement",
            Self::ReasonMissing | Self::ReasonTooLong(_) => "reason",
            Self::ThanksMissing | Self::ThanksTooLong(_) => "thanks",
            Self::Quota(_) => "",
        }
    }

    /// A text that is too long offers its accepted part, a claim to be a suggestion all the same. Other refusals have no nearest value.
    fn nearest(&self) -> Vec<Nearest> {
        match self {
            Self::ContentTooLong(text) | Self::ReasonTooLong(text) | Self::ThanksTooLong(text) => {
                vec![Nearest(vec![(self.field().to_owned(), text.cut.clone())])]
            }
            Self::ClaimsLoss => vec![Nearest(vec![(CLAIM.to_owned(), AS_SUGGESTION.to_owned())])],
            _ => Vec::new(),
        }
    }
}

/// A validated suggestion (fields `category`, `content`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuggestionText {
    pub category: Category,
    /// Trimmed, line breaks as `\n`.
    pub content: String,
}

impl SuggestionText {
    /// Parses the form, or returns all refusals.
    pub fn parse(values: &Values, limits: SuggestionLimits) -> Result<Self, Vec<SuggestionRefusal>> {
        let category = match values.filled("category") {
            None => Err(SuggestionRefusal::CategoryMissing),
            Some(text) => Category::parse(text).ok_or(SuggestionRefusal::CategoryUnknown),
        };
        let content =
            text(values.filled("content"), limits.content, SuggestionRefusal::ContentMissing, SuggestionRefusal::ContentTooLong);
        let said = values.filled(CLAIM) == Some(AS_SUGGESTION);
        let content =
            content.and_then(|text| if said || !claims_loss(&text) { Ok(text) } else { Err(SuggestionRefusal::ClaimsLoss) });
        match (category, content) {
            (Ok(category), Ok(content)) => Ok(Self { category, content }),
            (category, content) => Err([category.err(), content.err()].into_iter().flatten().collect()),
        }
    }

    /// The form values of a survey's need, so that it can be filed with one click. Without a topic the category is the service
    /// of the branch.
    pub fn values_from_need(topic: Option<&str>, text: &str) -> Values {
        let category = topic.and_then(Category::parse).unwrap_or(Category::BranchService);
        Values(vec![("category".to_owned(), category.code().to_owned()), ("content".to_owned(), text.to_owned())])
    }
}

/// A validated answer of the desk (fields `judgement`, `reason`, `thanks`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerText {
    pub judgement: Judgement,
    pub reason: String,
    pub thanks: String,
}

impl AnswerText {
    /// Parses the form, or returns all refusals.
    pub fn parse(values: &Values, limits: SuggestionLimits) -> Result<Self, Vec<SuggestionRefusal>> {
        let judgement = match values.filled("judgement") {
            None => Err(SuggestionRefusal::JudgementMissing),
            Some(code) => Judgement::parse(code).ok_or(SuggestionRefusal::JudgementUnknown),
        };
        let reason =
            text(values.filled("reason"), limits.answer, SuggestionRefusal::ReasonMissing, SuggestionRefusal::ReasonTooLong);
        let thanks =
            text(values.filled("thanks"), limits.answer, SuggestionRefusal::ThanksMissing, SuggestionRefusal::ThanksTooLong);
        match (judgement, reason, thanks) {
            (Ok(judgement), Ok(reason), Ok(thanks)) => Ok(Self { judgement, reason, thanks }),
            (judgement, reason, thanks) => {
                let refusals = [judgement.err(), reason.err(), thanks.err()];
                Err(refusals.into_iter().flatten().collect())
            }
        }
    }
}

fn text(
    typed: Option<&str>,
    limit: i64,
    missing: SuggestionRefusal,
    too_long: fn(TooLong) -> SuggestionRefusal,
) -> Result<String, SuggestionRefusal> {
    let text = typed.ok_or(missing)?.to_owned();
    let length = length(&text);
    if length <= limit {
        return Ok(text);
    }
    let cut = cut(&text, limit);
    Err(too_long(TooLong { length, limit, cut }))
}
