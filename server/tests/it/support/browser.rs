//! A browser without scripts: cookies, plain forms, 303 redirects. It accesses pages by their forms, fields, refusals and
//! links.

use reqwest::Client;
use reqwest::redirect::Policy;
use scraper::{ElementRef, Html, Selector};

use super::seed::PASSWORD;

/// The space at which no line is broken, between a number and its unit.
const UNBROKEN: char = '\u{a0}';

/// A browser with its own cookies.
#[derive(Clone)]
pub struct Browser {
    client: Client,
    base: String,
}

/// A response.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub location: Option<String>,
    pub body: String,
    /// Path and query of the request.
    pub path: String,
    pub headers: reqwest::header::HeaderMap,
}

/// A form of a page with the values it would send.
#[derive(Clone, Debug)]
pub struct Form {
    pub action: String,
    pub fields: Vec<(String, String)>,
}

impl Browser {
    pub fn new(base: &str) -> Self {
        let client = Client::builder().redirect(Policy::none()).cookie_store(true).build().expect("a client");
        Self { client, base: base.to_owned() }
    }

    /// The same browser at another node of the bank.
    pub fn at(&self, base: &str) -> Self {
        Self { client: self.client.clone(), base: base.to_owned() }
    }

    /// GET without following redirects.
    pub async fn get(&self, path: &str) -> Answer {
        self.answer(path, self.client.get(format!("{}{path}", self.base))).await
    }

    /// GET, following 303.
    pub async fn open(&self, path: &str) -> Answer {
        let answer = self.get(path).await;
        self.follow(answer).await
    }

    /// POST without following redirects.
    pub async fn post(&self, path: &str, fields: &[(String, String)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self
            .client
            .post(format!("{}{path}", self.base))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        self.answer(path, request).await
    }

    /// A request with given headers, without following redirects; with a body it is a POST.
    pub async fn send(&self, path: &str, headers: &[(&'static str, &str)], body: Option<&str>) -> Answer {
        let url = format!("{}{path}", self.base);
        let mut request = match body {
            Some(body) => self.client.post(url).header("content-type", "application/x-www-form-urlencoded").body(body.to_owned()),
            None => self.client.get(url),
        };
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.answer(path, request).await
    }

    /// POST of a raw body with given headers.
    pub async fn send_as(&self, path: &str, headers: &[(&'static str, &str)], body: &str) -> Answer {
        let request = self.client.post(format!("{}{path}", self.base)).body(body.to_owned());
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        self.answer(path, request).await
    }

    /// Calls a server function with a JSON body, as an island does.
    pub async fn call(&self, function: &str, body: &str) -> Answer {
        let headers = [("content-type", "application/json"), ("accept", "application/json")];
        self.send_as(&format!("/api/{function}"), &headers, body).await
    }

    /// Saves a form as its island does while the user types.
    pub async fn save_draft(&self, name: &str, form: &Form) -> Answer {
        let (key, version) = (form.value("key").unwrap_or_default(), form.value("version").unwrap_or("0"));
        let version: i64 = version.parse().expect("a version");
        let body = serde_json::json!({ "form": name, "key": key, "version": version, "pairs": form.fields });
        self.call("save_draft", &body.to_string()).await
    }

    /// Posts a form, following 303.
    pub async fn submit(&self, form: &Form) -> Answer {
        let answer = self.post(&form.action, &form.fields).await;
        self.follow(answer).await
    }

    async fn follow(&self, mut answer: Answer) -> Answer {
        for _ in 0..10 {
            match &answer.location {
                Some(location) if answer.status == 303 => answer = self.get(&location.clone()).await,
                _ => return answer,
            }
        }
        panic!("too many redirects, the last to {:?}", answer.location);
    }

    /// GET of a response that stays open: its head, and the rest to be read.
    pub async fn listen(&self, path: &str) -> (Answer, reqwest::Response) {
        let response = self.client.get(format!("{}{path}", self.base)).send().await.expect("an answer");
        (Answer::beginning(path, &response), response)
    }

    async fn answer(&self, path: &str, request: reqwest::RequestBuilder) -> Answer {
        // The part of a page is not sent.
        let path = path.split('#').next().unwrap_or_default();
        let response = request.send().await.expect("an answer");
        let beginning = Answer::beginning(path, &response);
        Answer { body: response.text().await.expect("a body"), ..beginning }
    }

    pub async fn sign_in(&self, name: &str) {
        let answer = self.try_sign_in(name, PASSWORD).await;
        assert_eq!(answer.status, 303, "{name} cannot sign in");
        assert!(!answer.location.as_deref().unwrap_or_default().starts_with("/login"), "{name} cannot sign in");
    }

    pub async fn try_sign_in(&self, name: &str, password: &str) -> Answer {
        self.post("/login", &pairs(&[("sign_in_name", name), ("password", password)])).await
    }
}

pub fn pairs(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn selector(css: &str) -> Selector {
    Selector::parse(css).expect("a selector")
}

impl Answer {
    /// Whether it is the page of a change that was applied, today or from a later day on.
    pub fn is_applied(&self) -> bool {
        let text = self.text();
        text.contains("已生效") || text.contains("已登记，")
    }

    /// The response without its body.
    fn beginning(path: &str, response: &reqwest::Response) -> Self {
        let location = response.headers().get("location").and_then(|value| value.to_str().ok()).map(str::to_owned);
        Self {
            status: response.status().as_u16(),
            location,
            headers: response.headers().clone(),
            body: String::new(),
            path: path.to_owned(),
        }
    }

    /// The page's form: the first one with a key.
    pub fn form(&self) -> Form {
        self.form_with("input[name=key]")
    }

    /// The first form that contains an element matching `css`.
    pub fn form_with(&self, css: &str) -> Form {
        let page = Html::parse_document(&self.body);
        let inner = selector(css);
        let form = page.select(&selector("form")).find(|form| form.select(&inner).next().is_some());
        let form = form.unwrap_or_else(|| panic!("no form with {css} on {} ({})", self.path, self.status));
        self.read_form(form)
    }

    /// A form of the page.
    pub fn read_form(&self, form: ElementRef<'_>) -> Form {
        Form { action: form.attr("action").unwrap_or(&self.path).to_owned(), fields: fields(form) }
    }

    /// A header as text; empty if it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Codes of the refusals on the page with their nearest values.
    pub fn refusals(&self) -> Vec<(String, Option<String>)> {
        let page = Html::parse_document(&self.body);
        page.select(&selector("[data-refusal]"))
            .map(|found| {
                (found.attr("data-refusal").unwrap_or_default().to_owned(), found.attr("data-nearest").map(str::to_owned))
            })
            .collect()
    }

    /// An attribute of the first matching element, with every space as a plain one.
    pub fn attr(&self, css: &str, name: &str) -> Option<String> {
        let page = Html::parse_document(&self.body);
        page.select(&selector(css)).next().and_then(|found| found.attr(name)).map(|value| value.replace(UNBROKEN, " "))
    }

    /// The number of the case shown on the page.
    pub fn case_number(&self) -> Option<String> {
        self.attr("[data-case-number]", "data-case-number")
    }

    /// All values of an attribute, in document order.
    pub fn all(&self, css: &str, name: &str) -> Vec<String> {
        let page = Html::parse_document(&self.body);
        page.select(&selector(css)).filter_map(|found| found.attr(name)).map(str::to_owned).collect()
    }

    /// Whether an element matches.
    pub fn has(&self, css: &str) -> bool {
        Html::parse_document(&self.body).select(&selector(css)).next().is_some()
    }

    /// The text of all matching elements, with every space as a plain one.
    pub fn words(&self, css: &str) -> Vec<String> {
        let page = Html::parse_document(&self.body);
        page.select(&selector(css)).map(|found| found.text().collect::<String>().replace(UNBROKEN, " ")).collect()
    }

    /// The text of the page, with every space as a plain one.
    pub fn text(&self) -> String {
        // What is kept together at the end of a line is no word of its own.
        let mut parts = self.body.split("<span class=\"whole\">");
        let first = parts.next().unwrap_or_default().to_owned();
        let body = parts.fold(first, |body, part| body + &part.replacen("</span>", "", 1));
        Html::parse_document(&body).root_element().text().collect::<Vec<_>>().join(" ").replace(UNBROKEN, " ")
    }
}

/// The values a browser would send: text fields, chosen radios and boxes, the selected option; no buttons.
fn fields(form: ElementRef<'_>) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for found in form.select(&selector("input[name], textarea[name], select[name]")) {
        let name = found.attr("name").unwrap_or_default().to_owned();
        let value = match found.value().name() {
            "textarea" => Some(found.text().collect()),
            "select" => {
                let chosen =
                    found.select(&selector("option[selected]")).next().or_else(|| found.select(&selector("option")).next());
                chosen.map(|option| option.attr("value").map_or_else(|| option.text().collect(), str::to_owned))
            }
            _ => match found.attr("type").unwrap_or("text") {
                "radio" | "checkbox" => found.attr("checked").map(|_| found.attr("value").unwrap_or("on").to_owned()),
                "submit" | "button" => None,
                _ => Some(found.attr("value").unwrap_or_default().to_owned()),
            },
        };
        if let Some(value) = value.filter(|_| found.attr("disabled").is_none()) {
            fields.push((name, value));
        }
    }
    fields
}

impl Form {
    /// Replaces the value of a field.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Replaces the values of several fields.
    #[must_use]
    pub fn with_all(self, values: &[(&str, &str)]) -> Self {
        values.iter().fold(self, |form, (name, value)| form.with(name, value))
    }

    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}
