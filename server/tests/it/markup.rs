//! Sixty texts that would be markup or script if a page wrote them as they are, typed into every text field of every page as a
//! person, a clerk, a branch head, head office and an administrator. Whatever page then shows them, they stay text: the page is read by
//! a parser, so this holds without the content security policy.

use std::collections::{BTreeMap, BTreeSet};

use app::routes::{Verb, table};
use scraper::{ElementRef, Html, Node, Selector};
use server::commands::demo;

use crate::support::cash::{BookingValues, NEW, book, fill_in};
use crate::support::{Answer, Browser, Form, TestBank, admin};

/// Stands in each text where it would have an effect.
const MARK: &str = "pwn";

const TEXTS: [&str; 60] = [
    "<script>pwn()</script>",
    "<ScRiPt src=//pwn.example></sCrIpT>",
    "<script/pwn>1</script>",
    "</script><script>pwn()</script>",
    "</textarea><script>pwn()</script>",
    "</title><img src=pwn onerror=pwn()>",
    "</style><svg onload=pwn()>",
    "</select><img src=pwn onerror=pwn()>",
    "</option><pwn>",
    "</button><button formaction=//pwn.example>",
    "</form><form action=//pwn.example>",
    "</noscript><img src=pwn onerror=pwn()>",
    "--><img src=pwn onerror=pwn()>",
    "<!--><img src=pwn onerror=pwn()>-->",
    "]]><pwn>",
    "<![CDATA[<pwn>]]>",
    "<?pwn ?><pwn>",
    "<img src=pwn onerror=pwn()>",
    "<img/src=\"pwn\"/onerror=\"pwn()\">",
    "<img src=`pwn` onerror=pwn()>",
    "<svg/onload=pwn()>",
    "<svg><script>pwn()</script></svg>",
    "<svg><a xlink:href=javascript:pwn()>a</a></svg>",
    "<math href=javascript:pwn()>a</math>",
    "<iframe src=javascript:pwn()>",
    "<iframe srcdoc='<pwn>'>",
    "<object data=javascript:pwn()>",
    "<embed src=//pwn.example>",
    "<base href=//pwn.example>",
    "<meta http-equiv=refresh content=0;url=//pwn.example>",
    "<link rel=stylesheet href=//pwn.example>",
    "<style>@import '//pwn.example'</style>",
    "<details open ontoggle=pwn()>",
    "<body onload=pwn()>",
    "<html pwn=1>",
    "<input autofocus onfocus=pwn()>",
    "<video><source onerror=pwn()></video>",
    "<a href=javascript:pwn()>a</a>",
    "<a href=\"java&#10;script:pwn()\">a</a>",
    "<a href=data:text/html,pwn>a</a>",
    "<leptos-island data-component=x class=pwn>",
    "<template shadowrootmode=open><pwn></template>",
    "\"><pwn>",
    "'><pwn>",
    "\" onfocus=pwn() autofocus x=\"",
    "' onfocus=pwn() autofocus x='",
    "` onfocus=pwn() autofocus x=`",
    " onfocus=pwn() autofocus",
    "\"/><script>pwn()</script>",
    "\\\"><script>pwn()</script>",
    "\\u003cscript>pwn()\\u003c/script>",
    "&lt;script&gt;pwn()&lt;/script&gt;",
    "&#60;script&#62;pwn()",
    "&amp;lt;pwn&amp;gt;",
    "%3Cscript%3Epwn()%3C/script%3E",
    "javascript:pwn()",
    "{{pwn}}${pwn}<%= pwn %>",
    "<<script>pwn()//<</script>",
    "<a\u{3000}onclick=pwn()>",
    "\u{ff1c}script\u{ff1e}pwn()\u{ff1c}/script\u{ff1e}",
];

/// Texts of one field at once.
const TOGETHER: usize = 6;

/// Attributes whose value is shown or handed over as data.
const SHOWN: [&str; 6] = ["value", "title", "alt", "label", "placeholder", "lang"];

/// Buttons that end what the other texts are still to be typed into.
const LEFT_ALONE: [&str; 9] = ["discard", "cancel", "decline", "book", "confirm", "arrive", "prepare", "withdraw", "sign_out"];

/// What the marks of a page have become, besides text.
fn made_of_marks(page: &str) -> Vec<String> {
    let mut made = Vec::new();
    for node in Html::parse_document(page).tree.nodes() {
        match node.value() {
            Node::Element(element) => {
                let name = element.name();
                if name.contains(MARK) {
                    made.push(format!("element {name}"));
                }
                for (attribute, value) in element.attrs() {
                    let decoded = value.replace(|letter: char| letter.is_whitespace() || letter.is_control(), "").to_lowercase();
                    let data = SHOWN.contains(&attribute) || attribute.starts_with("data-") || attribute.starts_with("aria-");
                    // An address may hold a text as a value of its query, encoded.
                    let address = ["href", "action", "formaction"].contains(&attribute);
                    let safe = ["/", "#", "?", "tel:", "mailto:"].iter().any(|start| decoded.starts_with(start));
                    let safe = address && safe && !decoded.starts_with("//") && !value.contains(['<', '"', '\'']);
                    // Random letters, which may hold the mark.
                    if attribute == "nonce" {
                        continue;
                    }
                    if attribute.contains(MARK) || attribute.starts_with("on") || (value.contains(MARK) && !data && !safe) {
                        made.push(format!("{name} {attribute}={value:?}"));
                    }
                }
                if ["script", "style"].contains(&name) {
                    let text: String =
                        node.children().filter_map(|child| child.value().as_text().map(|text| text.to_string())).collect();
                    if text.contains(MARK) {
                        made.push(format!("inside {name}: {text}"));
                    }
                }
            }
            Node::Comment(comment) if comment.contains(MARK) => made.push(format!("comment {}", &**comment)),
            _ => {}
        }
    }
    made
}

fn check(page: &Answer) {
    assert!(page.status < 500, "{} answers {}", page.path, page.status);
    let made = made_of_marks(&page.body);
    assert!(made.is_empty(), "{} ({}): {made:#?}", page.path, page.status);
}

/// The forms of a page with text fields: the form as it stands, its text fields, its buttons.
fn forms(page: &Answer) -> Vec<(Form, Vec<String>, Vec<String>)> {
    let css = |css: &str| Selector::parse(css).expect("a selector");
    let html = Html::parse_document(&page.body);
    let texts =
        css("textarea[name], input[name]:not([type]), input[name][type=text], input[name][type=search], input[name][type=tel], \
                     input[name][type=email], input[name][type=password]");
    let named = |form: ElementRef<'_>, css: &Selector, attribute: &str| -> Vec<String> {
        form.select(css).filter_map(|found| found.attr(attribute)).map(str::to_owned).collect()
    };
    html.select(&css("form"))
        .filter_map(|form| {
            let fields = named(form, &texts, "name");
            let buttons: Vec<String> = named(form, &css("button[name=do]"), "value");
            let buttons = buttons.into_iter().filter(|button| !LEFT_ALONE.contains(&button.as_str())).collect();
            (!fields.is_empty()).then(|| (page.read_form(form), fields, buttons))
        })
        .collect()
}

/// Types the texts into every form of the page at this path; returns the number of fields.
async fn type_into(browser: &Browser, path: &str, round: usize) -> usize {
    let page = browser.open(path).await;
    check(&page);
    let mut typed = 0;
    for (mut form, fields, buttons) in forms(&page) {
        for (place, field) in fields.iter().enumerate() {
            let from = (round + place) * TOGETHER % TEXTS.len();
            form = form.with(field, &TEXTS[from..from + TOGETHER].join(" "));
        }
        if !buttons.is_empty() {
            form = form.with("do", &buttons[round % buttons.len()]);
        }
        check(&browser.submit(&form).await);
        typed += fields.len();
    }
    typed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_people_type_never_becomes_markup() {
    let bank = TestBank::blank_sqlite().await;
    demo::load(&bank.bank, 0).await.unwrap();
    // The form of the sign-in is filled in often.
    crate::support::seed::unbounded(&bank, "sign_in_failures_network", "1000000").await;
    let customer = bank.signed_in("c1001").await;
    let all = TEXTS.join(" ");
    let values = BookingValues { branch: "shiqi", day: "2026-11-25", slot: "10:00", amount: "60000", notes_100: "600" };
    let booking = book(&customer, &values).await.case_number().unwrap();
    let form = customer.open("/suggestions/new").await.form().with_all(&[("category", "savings"), ("do", "submit")]);
    let suggestion = customer.submit(&form.with("content", &all)).await.case_number().unwrap();
    let check_step = fill_in(&customer, &BookingValues { day: "2026-11-26", ..values }).await;
    let who = format!("{NEW}?key={}&step=who", check_step.value("key").unwrap());
    let proposal = [("value", "60000"), ("from", "2026-12-01")];
    let change = admin::propose(&bank.signed_in("admin").await, "/admin/parameters/cash_minimum", &proposal).await;
    let change = admin::id(&change);

    let mut pages: Vec<String> = vec![who];
    for route in table().iter().filter(|route| route.verb == Verb::Page && route.path != "/session/left") {
        let code = if route.path.contains("product") { "deposit-1y" } else { "needs-2026" };
        for number in [&booking, &suggestion] {
            let path = route.path.replace("{code}", code).replace("{number}", number).replace("{id}", &change);
            pages.push(path.replace("{subject}", admin::subject(route.path)));
        }
    }
    pages.dedup();
    let people = ["", "c1001", "c1003", "clerk", "head", "dispatcher", "admin"];
    let mut fields: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for name in people {
        let browser = if name.is_empty() { bank.browser().await } else { bank.signed_in(name).await };
        for path in &pages {
            for round in 0..TEXTS.len() / TOGETHER {
                if type_into(&browser, path, round).await == 0 {
                    break;
                }
                fields.entry(name).or_default().insert(path);
            }
        }
    }
    let typed = |name: &str| fields.get(name).map_or(0, BTreeSet::len);
    println!("pages with text fields: {fields:#?}");
    assert!(typed("c1001") > 3 && typed("clerk") > 2 && typed("admin") > 10, "{fields:#?}");
    // What is kept now stands on the pages of others.
    let mut shown = 0;
    for name in people {
        let browser = if name.is_empty() { bank.browser().await } else { bank.signed_in(name).await };
        for path in &pages {
            let page = browser.open(path).await;
            check(&page);
            shown += page.text().matches(MARK).count();
        }
    }
    assert!(shown > TEXTS.len(), "{shown}");
}

#[test]
fn markup_would_be_noticed() {
    for text in TEXTS {
        let hidden = ["&", "%", "javascript:", "{{", "\u{ff1c}", "\\u", " onfocus", "\" on", "' on", "` on"]
            .iter()
            .any(|start| text.starts_with(start));
        let (inside, quoted) =
            (made_of_marks(&format!("<p>{text}</p>")), made_of_marks(&format!("<p title=\"{text}\" lang='{text}'>")));
        assert!(hidden || !inside.is_empty() || !quoted.is_empty(), "{text}");
    }
    assert!(!made_of_marks("<a href=\"javascript:pwn()\">").is_empty() && !made_of_marks("<p class=\"pwn\">").is_empty());
    assert!(made_of_marks("<p title='pwn'>pwn</p><a href='/x?q=%3Cpwn%3E'>").is_empty());
}
