//! The customer's list of suggestions, and the form for a new one.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::response::Response;
use bank::cases::{CaseLine, Neighbours, PageStart};
use bank::kernel::failure::Failure;
use bank::kernel::forms::{Field, LatestDraft, Refusal, Values, latest_drafts};
use bank::kernel::language::moment;
use bank::messages::Message;
use bank::sessions::Customer;
use bank::suggestions::{self, Category, FORM, SuggestionLimits, SuggestionRefusal, SuggestionText, claims_loss};
use leptos::prelude::*;

use super::kind_words::draft_about;
use super::words::{category_words, refusal_words};
use super::{NEW, PATH, SuggestionUi, at};
use crate::cases::state_told;
use crate::complaints;
use crate::form::{Ask, Asks, FormQuery, OpenForm, Rendered, Saves, forms_behind, notices};
use crate::kinds::{self, Ui, Words};
use crate::page::{PAGE_FORM, Page, PageError};
use crate::paging::Paging;
use crate::t;
use crate::typed::several_wrong;
use crate::ui::banner::Banner;
use crate::ui::button::{Button, LinkButton, hidden};
use crate::ui::choice_group::Choice;
use crate::ui::error_summary::{ErrorSummary, OfferButton, OfferForms, Refused};
use crate::ui::parts::{ScreenAndPrint, Tone};
use crate::ui::state_tag::StateTag;
use crate::visit::{App, LenientQuery, Visit};
use crate::words::Locale;

/// The only step of the form.
const STEP: &str = "write";

/// GET /suggestions
pub async fn mine(visit: Visit, State(app): State<App>, customer: Customer) -> Response {
    let outcome = async {
        let page = Paging::read(&visit.uri);
        let (cases, neighbours) = bank::cases::list_mine(&app.bank, &customer, &[SuggestionUi.kind()], &page.start).await?;
        let unread = bank::messages::list_unread(&app.bank, &customer).await?;
        let news = unread.into_iter().filter(is_news).filter_map(|message| message.case_number);
        let news: BTreeSet<String> = news.collect();
        let draft = draft_of(&app, &customer).await?;
        Ok(show_mine(&visit, (page, neighbours), cases, &news, draft))
    };
    visit.answer(outcome.await)
}

/// Whether a message is the bank's answer to a suggestion.
pub(super) fn is_news(message: &Message) -> bool {
    kinds::of_message(&message.kind).is_some_and(|(ui, what)| ui.kind() == SuggestionUi.kind() && !ui.is_echo(what))
}

fn show_mine(
    visit: &Visit,
    (page, neighbours): (Paging, Neighbours),
    cases: Vec<CaseLine>,
    news: &BTreeSet<String>,
    draft: Option<LatestDraft>,
) -> Response {
    let locale = visit.locale();
    let visit_for_view = visit.clone();
    Page::new(visit, t!(locale, suggestions.title)).layout("page page-list").show(move || {
        let empty = (cases.is_empty() && page.start == PageStart::First).then(|| {
            view! {
                <div class="card">
                    <h2>{t!(locale, suggestions.none_title)}</h2>
                    <p>{t!(locale, suggestions.none_text)}</p>
                </div>
            }
        });
        let cards = cases.iter().map(|case| card(&visit_for_view, case, news.contains(&case.number))).collect_view();
        view! {
            <h1>{t!(locale, suggestions.title)}</h1>
            <p class="hint">{t!(locale, suggestions.promise)}</p>
            {page.notice(locale)}
            {draft.map(|draft| draft_banner(&visit_for_view, &draft))}
            {empty}
            <ul class="stack">{cards}</ul>
            {page.links_of(locale, PATH, &neighbours)}
            {visit_for_view
                .acts()
                .then(|| {
                    view! {
                        <div class="actions">
                            <LinkButton href=NEW text=t!(locale, suggestions.write) />
                        </div>
                    }
                })}
        }
        .into_any()
    })
}

/// One suggestion in the list. The whole card is the link.
fn card(visit: &Visit, case: &CaseLine, news: bool) -> AnyView {
    let locale = visit.locale();
    let (state, tone) = state_told(locale, case.kind, &case.state);
    let recorded = t!(locale, suggestions.recorded_at, when = moment(visit.language, case.created_at, visit.now));
    let due = case.waiting.then(|| due_words(visit, case));
    view! {
        <li>
            <a class="card suggestion-card" href=kinds::path(&case.number)>
                <span>
                    <StateTag text=state tone=tone />
                    {news.then(|| view! { " " <StateTag text=t!(locale, suggestions.news) tone=Tone::Brand /> })}
                </span>
                <b>{category_words(locale, &case.topic)}</b>
                {due.map(|due| view! { <span>{due.view()}</span> })}
                <span class="hint">{recorded} " · " <span class="case-number">{case.number.clone()}</span></span>
            </a>
        </li>
    }
    .into_any()
}

/// When the answer is due, or that it is late.
pub(super) fn due_words(visit: &Visit, case: &CaseLine) -> ScreenAndPrint {
    visit.dated(|say| {
        let when = say(case.due_at);
        if visit.now <= case.due_at {
            t!(visit.locale(), suggestions.due, when = when)
        } else {
            t!(visit.locale(), suggestions.overdue, when = when)
        }
    })
}

/// The unfinished form that was saved last.
async fn draft_of(app: &App, customer: &Customer) -> Result<Option<LatestDraft>, Failure> {
    Ok(latest_drafts(&app.bank, customer.user_id(), &[&FORM]).await?.pop())
}

/// An unfinished form, by what it is: a suggestion, or a complaint that has not been made yet.
fn draft_banner(visit: &Visit, draft: &LatestDraft) -> AnyView {
    let locale = visit.locale();
    let about = draft_about(locale, &draft.values).join(" · ");
    let when = t!(locale, form.saved_when, when = moment(visit.language, draft.saved_at, visit.now));
    let href = format!("{NEW}?key={}", draft.key);
    let complain = claims_loss(draft.values.typed("content")).then(|| {
        let href = format!("{}?key={}", complaints::PATH, draft.key);
        view! {
            <p>
                <a href=href>{t!(locale, suggestions.to_complaints)}</a>
            </p>
        }
    });
    view! {
        <Banner title=SuggestionUi.draft(locale, &draft.values) text=about>
            <p class="hint">{when}</p>
            {complain}
            <p>
                <a href=href>{t!(locale, suggestions.go_on)}</a>
            </p>
        </Banner>
    }
    .into_any()
}

/// GET /suggestions/new
pub async fn new(
    visit: Visit,
    State(app): State<App>,
    customer: Customer,
    LenientQuery(query): LenientQuery<FormQuery>,
) -> Response {
    let outcome = async {
        let shown = match OpenForm::open(&app.bank, &customer, at(), &query).await? {
            Ok(shown) => shown.for_visit(&visit, &query),
            Err(to_case) => return Ok(to_case),
        };
        if let Some(moved) = shown.moved_to_step(&query, STEP) {
            return Ok(moved);
        }
        let limits = suggestions::limits(&app.bank).await?;
        let draft = draft_of(&app, &customer).await?;
        let another = draft.filter(|draft| !shown.is_saved() && draft.key != shown.key);
        Ok::<_, PageError>(show_new(&visit, shown, &query, limits, another))
    };
    visit.answer(outcome.await)
}

fn show_new(
    visit: &Visit,
    shown: OpenForm,
    query: &FormQuery,
    limits: SuggestionLimits,
    another: Option<LatestDraft>,
) -> Response {
    let locale = visit.locale();
    let data = SuggestionFormData::read(locale, &shown, limits);
    let rendered = shown.fields(FORM.fields(), &data);
    if let Some(moved) = shown.moved(query, STEP, &rendered.offered) {
        return moved;
    }
    let back = OpenForm::way_back(STEP, rendered.before.as_deref(), None, t!(locale, suggestions.back));
    let saved = shown.is_saved();
    let visit_for_view = visit.clone();
    Page::new(visit, t!(locale, suggestions.new_title))
        .task(back, saved)
        .form((!shown.one_by_one()).then_some(("do", "submit")))
        .show(move || {
            let mut refused: Vec<Refused> = data.wrong.iter().map(|refusal| refused(&data, &shown, refusal)).collect();
            refused.retain(|refused| rendered.place.is_none() || refused.concerns(&rendered.offered));
            let offers = Refused::all_offers(&refused);
            view! {
                <h1>{t!(locale, suggestions.new_title)}</h1>
                <p class="hint">{t!(locale, suggestions.promise)}</p>
                {another.map(|draft| draft_banner(&visit_for_view, &draft))}
                {notices(locale, &shown, &data)}
                <ErrorSummary several=several_wrong(locale, refused.len()) refused=refused />
                {form(locale, &shown, rendered)}
                <OfferForms offers=offers />
                {forms_behind(locale, &shown, STEP)}
            }
            .into_any()
        })
}

fn refused(data: &SuggestionFormData, shown: &OpenForm, refusal: &SuggestionRefusal) -> Refused {
    let locale = data.locale;
    let claims = *refusal == SuggestionRefusal::ClaimsLoss;
    let offers = if claims {
        // One click sends it, so the offer presses the button of the form as well.
        let mut fields = shown.hidden(STEP, &[]);
        fields.extend(refusal.nearest().into_iter().flat_map(|nearest| nearest.0));
        fields.push(("do".to_owned(), "submit".to_owned()));
        vec![
            // The page of complaints shows the text again.
            OfferButton::go(t!(locale, suggestions.to_complaints), format!("{}?key={}", complaints::PATH, shown.key)),
            OfferButton::fill(t!(locale, suggestions.send_anyway), NEW, fields),
        ]
    } else {
        shown.offers(STEP, refusal, |_| t!(locale, suggestions.cut))
    };
    let refused = Refused::of(refusal, refusal_words(locale, refusal)).offers(offers);
    // The way on from a complaint is not back to the text.
    match data.label(refusal.field()).filter(|_| !claims) {
        Some(label) => refused.field(refusal.field(), label),
        None => refused,
    }
}

/// The data of the form's only step.
struct SuggestionFormData {
    locale: Locale,
    values: Values,
    limits: SuggestionLimits,
    wrong: Vec<SuggestionRefusal>,
}

impl SuggestionFormData {
    fn read(locale: Locale, shown: &OpenForm, limits: SuggestionLimits) -> Self {
        let values = shown.state.shown(&FORM);
        // A field can be missing only if it was shown and posted, or if the whole form was submitted.
        let sent = shown.state.refusal.is_some() && !shown.one_by_one();
        let mut wrong = SuggestionText::parse(&values, limits).err().unwrap_or_default();
        wrong.retain(|refusal| sent || shown.state.offered.contains(refusal.field()));
        wrong.extend(shown.refusal().filter(|refusal| matches!(refusal, SuggestionRefusal::Quota(_))));
        Self { locale, values, limits, wrong }
    }
}

impl Asks for SuggestionFormData {
    fn label(&self, name: &str) -> Option<String> {
        match name {
            "category" => Some(t!(self.locale, suggestions.category)),
            "content" => Some(t!(self.locale, suggestions.content)),
            _ => None,
        }
    }

    fn ask(&self, field: &Field) -> Option<Ask> {
        let locale = self.locale;
        Some(if field.name == "category" {
            let chosen = self.values.filled("category").and_then(Category::parse);
            let choice = |category: Category| {
                Choice::new(category.code(), category_words(locale, category.code())).chosen(chosen == Some(category))
            };
            Ask::new().choices(Category::ALL.map(choice).into())
        } else {
            let counter = t!(locale, suggestions.at_most, count = self.limits.content);
            Ask::new().hint(t!(locale, suggestions.content_hint)).counter(counter).rows(8)
        })
    }

    fn typed(&self, name: &str) -> String {
        self.values.typed(name).to_owned()
    }

    fn error(&self, name: &str) -> Option<String> {
        self.wrong.iter().find(|refusal| refusal.field() == name).map(|refusal| refusal_words(self.locale, refusal).0)
    }
}

fn form(locale: Locale, shown: &OpenForm, rendered: Rendered) -> AnyView {
    let Rendered { view: fields, offered, place, .. } = rendered;
    let last = place.is_none_or(|place| place.at == place.of);
    view! {
        <form method="post" action=NEW id=PAGE_FORM class="form questions">
            {hidden(shown.hidden(STEP, &offered))}
            {fields}
            <div class="actions">
                {if last {
                    view! { <Button text=t!(locale, suggestions.submit) name="do" value="submit" /> }
                } else {
                    view! { <Button text=t!(locale, form.next_question) /> }
                }}
            </div>
            <Saves locale=locale form=FORM.name.clone().into_owned() />
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::{alone, whole};
    use crate::words::locale;
    use bank::kernel::language::Language;

    #[test]
    fn the_form_shows_the_same_inputs_whole_and_field_by_field() {
        let values = Values(vec![("content".to_owned(), "早点开门".to_owned())]);
        let limits = SuggestionLimits { content: 10, answer: 10 };
        let data = SuggestionFormData {
            locale: locale(Language::ZhCn),
            values,
            limits,
            wrong: vec![SuggestionRefusal::CategoryMissing],
        };
        let (whole, alone) = Owner::new().with(|| {
            let Rendered { view, offered, .. } = whole(FORM.fields(), &data);
            assert_eq!(offered, ["category", "content"]);
            let alone = FORM.fields().filter_map(|field| alone(field, &data)).map(RenderHtml::to_html).collect::<String>();
            (view.to_html(), alone)
        });
        assert!(whole.contains("早点开门") && whole.contains("category-error"), "{whole}");
        assert_eq!(whole.matches(" name=").count(), alone.matches(" name=").count());
    }
}
