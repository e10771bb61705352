//! Step 2 of the cash form in a browser without scripts: the branch chooses the notes unless the customer counts them, a round
//! amount is one press, the amount is said in figures and capital numerals, and the notes are added up on request; what needs no
//! booking or a phone call is said first, and the completed step leads back.

use crate::on_both_engines;
use crate::support::cash::NEW;
use crate::support::seed::BRANCH;
use crate::support::{Answer, Browser, TestBank};

on_both_engines!(
    the_branch_chooses_the_notes_unless_the_customer_counts_them,
    a_round_amount_is_one_press_and_what_was_typed_stays,
    the_notes_are_added_up_on_request,
    enter_continues_and_chooses_no_round_amount,
    what_is_filled_in_so_far_stands_beside_the_form,
    what_needs_no_booking_leads_and_is_no_error_among_others,
    more_than_can_be_booked_here_is_arranged_on_the_phone_and_no_offer_exceeds_the_balance,
    a_completed_step_is_the_way_back_to_it_and_what_was_typed_stays,
);

/// A new form at step 2, with its key.
async fn how_much(browser: &Browser) -> (Answer, String) {
    let page = browser.open(NEW).await;
    let page = browser.submit(&page.form().with_all(&[("branch", BRANCH), ("day", "2026-11-25"), ("slot", "10:00")])).await;
    let key = page.form().value("key").expect("a key").to_owned();
    (page, key)
}

fn codes(page: &Answer) -> Vec<String> {
    page.refusals().into_iter().map(|(code, _)| code).collect()
}

async fn the_branch_chooses_the_notes_unless_the_customer_counts_them(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let (page, key) = how_much(&browser).await;
    assert_eq!(page.form().value("any_notes"), Some("on"), "the common case is chosen already");
    assert!(page.has(".choices:has([name=any_notes][value=own][data-reveals]) + .reveal [name=notes_100]"), "the table folds");
    let next = browser.submit(&page.form().with_all(&[("account", "acc-c1"), ("amount", "60000")])).await;
    assert!(next.has("[name=collector]"), "{:?}", next.refusals());
    let back = format!("{NEW}?key={key}&step=how_much");
    let page = browser.open(&back).await;
    assert_eq!(page.form().value("any_notes"), Some("on"));
    assert!(page.words(".choice-detail").iter().any(|words| words.contains("100 元 600 张")), "how it would be split");
    let missing = browser.submit(&page.form().with("any_notes", "own")).await;
    assert_eq!(codes(&missing), ["notes_missing"]);
    assert_eq!(missing.form().value("any_notes"), Some("own"));
    let next = browser.submit(&missing.form().with("notes_100", "600")).await;
    assert!(next.has("[name=collector]"), "{:?}", next.refusals());
    // Left to the branch again, what was counted no longer matters.
    let page = browser.open(&back).await;
    let next = browser.submit(&page.form().with_all(&[("any_notes", "on"), ("notes_100", "1")])).await;
    assert!(next.has("[name=collector]"), "{:?}", next.refusals());
}

async fn a_round_amount_is_one_press_and_what_was_typed_stays(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let (page, _) = how_much(&browser).await;
    assert_eq!(page.words("[name=quick_amount]"), ["5 万", "10 万", "20 万", "50 万"]);
    let form = page.form().with_all(&[("amount", "7"), ("any_notes", "own"), ("new_notes", "yes"), ("quick_amount", "200000")]);
    let answer = browser.post(NEW, &form.fields).await;
    assert!(answer.location.as_deref().is_some_and(|to| to.contains("step=how_much") && to.ends_with("#amount-part")));
    let page = browser.submit(&form).await;
    assert_eq!(codes(&page), [""; 0], "the account was not posted yet, so it is not missing");
    assert_eq!(page.form().value("amount"), Some("200000"));
    assert_eq!((page.form().value("any_notes"), page.form().value("new_notes")), (Some("own"), Some("yes")));
    assert_eq!(page.words(".amount-read"), ["200,000 元大写贰拾万元整"]);
    assert_eq!(page.words("[name=quick_amount][aria-current]"), ["20 万"]);
    let english = browser.send(&page.path, &[("accept-language", "en")], None).await;
    assert_eq!(english.words(".amount-read"), ["CNY 200,000"], "figures only");
    assert_eq!(english.words("[name=quick_amount][aria-current]"), ["200,000"]);
    // Whatever the button is made to say, it is typed text and no more.
    let odd = browser.submit(&page.form().with("quick_amount", "<b>")).await;
    assert_eq!((codes(&odd), odd.form().value("amount")), (vec!["amount_invalid".to_owned()], Some("<b>")));
    let next = browser.submit(&page.form().with_all(&[("account", "acc-c1"), ("any_notes", "on")])).await;
    assert!(next.has("[name=collector]"), "{:?}", next.refusals());
    let check = browser.submit(&next.form().with_all(&[("collector", "self"), ("purpose", "居住")])).await;
    assert!(check.text().contains("200,000 元（贰拾万元整）"), "{}", check.text());
    let booked = browser.submit(&check.form().with("do", "book")).await;
    assert!(booked.words(".ticket-rows li").join(" ").contains("200,000 元（贰拾万元整）"), "{}", booked.text());
}

async fn the_notes_are_added_up_on_request(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let (page, _) = how_much(&browser).await;
    assert!(page.has("#notes-part #notes-recount button[name=do][value=recount]"));
    let counted = [("amount", "60000"), ("any_notes", "own"), ("notes_100", "500"), ("notes_50", "100"), ("do", "recount")];
    let form = page.form().with_all(&counted);
    let answer = browser.post(NEW, &form.fields).await;
    assert!(answer.location.as_deref().is_some_and(|to| to.ends_with("&step=how_much#notes-part")), "{:?}", answer.location);
    let page = browser.submit(&form).await;
    assert!(page.words("#notes-sum")[0].contains("还差 5,000 元"), "{:?}", page.words("#notes-sum"));
    assert_eq!(page.words("[data-subtotal=notes_50]"), ["5,000"]);
    // Nothing was posted by it.
    assert_eq!(bank.number("SELECT version FROM form_states").await, 1);
}

async fn enter_continues_and_chooses_no_round_amount(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let (page, _) = how_much(&browser).await;
    // A browser presses the first submit button of the form.
    let first = page.all("#page-form button[type=submit]", "class").into_iter().next();
    assert_eq!(first.as_deref(), Some("unseen"));
    assert!(page.has("#page-form button.unseen:not([name])[aria-hidden=true]"));
}

async fn what_is_filled_in_so_far_stands_beside_the_form(bank: &TestBank) {
    bank.change("UPDATE accounts SET balance = 30000000 WHERE id = 'acc-c1'").await;
    let browser = bank.signed_in("c1").await;
    let said = |page: &Answer| page.words(".panel").join(" ");
    let first = browser.open(NEW).await;
    assert!(said(&first).contains("还没填") && !first.has(".panel button, .panel-verdict"), "{}", said(&first));
    let (page, _) = how_much(&browser).await;
    assert!(said(&page).contains("石岐支行") && said(&page).contains("10:00–11:00"), "{}", said(&page));
    assert_eq!(page.all(".panel button[name=to_step]", "value").len(), 2, "branch and time can be changed");
    let saved = page.form().with_all(&[("amount", "200000"), ("account", "acc-c1"), ("do", "recount")]);
    let page = browser.submit(&saved).await;
    let (side, fold) = (said(&page), page.words(".panel-fold > div").join(" "));
    for words in
        ["200,000 元", "贰拾万元整", "取后约余 100,000 元", "100 元 2,000 张", "网点搭配", "现金够，这个时段还余 4 位", "用途"]
    {
        assert!(side.contains(words) && fold.contains(words), "{words}: {side}");
    }
    assert_eq!(page.words(".panel-fold summary")[0].trim(), "200,000 元 · 11 月 25 日 10:00");
    let refused = browser.submit(&page.form().with("amount", "7")).await;
    assert!(said(&refused).contains("不到 50,000 元，不用预约") && !said(&refused).contains("现金够"), "{}", said(&refused));
    assert!(!said(&refused).contains("200,000"), "an amount that is refused is none");
    // A question alone has nothing beside it, and the check page is the whole.
    browser.post("/appearance", &[("mode".to_owned(), "elder".to_owned())]).await;
    assert!(!browser.open(NEW).await.has(".panel, .panel-fold"));
}

async fn what_needs_no_booking_leads_and_is_no_error_among_others(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let (page, _) = how_much(&browser).await;
    let page = browser.submit(&page.form().with_all(&[("amount", "30000"), ("any_notes", "on"), ("account", "")])).await;
    assert_eq!(codes(&page)[0], "amount_below_minimum");
    assert_eq!(page.words("#errors h2"), ["不到 50,000 元，不用预约", "要预约的话，还有 1 处要改"]);
    assert_eq!(page.words(".panel-verdict").first().map(|words| words.trim()), Some("不到 50,000 元，不用预约"));
}

async fn more_than_can_be_booked_here_is_arranged_on_the_phone_and_no_offer_exceeds_the_balance(bank: &TestBank) {
    bank.change("UPDATE accounts SET balance = 12000000 WHERE id = 'acc-c1'").await;
    let browser = bank.signed_in("c1").await;
    let (page, _) = how_much(&browser).await;
    assert_eq!(page.all("[name=quick_amount]", "value"), ["50000", "100000"]);
    let page = browser.submit(&page.form().with_all(&[("amount", "2000000"), ("account", "acc-c1")])).await;
    assert_eq!(page.refusals()[0], ("amount_above_maximum".to_owned(), Some("amount=120000".to_owned())));
    let said = page.words("#errors").join(" ");
    assert!(said.contains("石岐支行 0760-0000 0001") && page.has("#errors a.button[href='tel:076000000001']"), "{said}");
    // An amount above the balance is no refusal.
    let page = browser.submit(&page.form().with("amount", "130000")).await;
    assert!(page.has("[name=collector]"), "{:?}", page.refusals());
}

async fn a_completed_step_is_the_way_back_to_it_and_what_was_typed_stays(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let page = browser.open(NEW).await;
    assert!(!page.has(".steps button[name=to_step]"), "nothing is completed yet");
    let (page, _) = how_much(&browser).await;
    assert_eq!(page.all(".steps button[name=to_step][form=page-form]", "value"), ["where"]);
    let back = browser.submit(&page.form().with_all(&[("amount", "60000"), ("to_step", "where")])).await;
    assert!(back.path.ends_with("&step=where") && back.has("[name=slot][checked]"), "{}", back.path);
    let onward = browser.submit(&back.form()).await;
    assert_eq!((onward.form().value("amount"), codes(&onward).len()), (Some("60000"), 0), "kept, and nothing was refused");
    // A step that the form does not have is none.
    let odd = browser.submit(&onward.form().with_all(&[("amount", "60000"), ("account", "acc-c1"), ("to_step", "x")])).await;
    assert!(odd.has("[name=collector]"), "{}", odd.path);
}
