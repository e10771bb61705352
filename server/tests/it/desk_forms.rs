//! The forms of a case page are submitted like every form: one key has one effect and one answer, typed values are kept, and a
//! note does not change the other forms of an open page.

use bank::cases::{DeskRefusal, NotDone, SEEN, act, add_note};
use bank::kernel::forms::{Nearest, Post, SubmitOutcome, Values, fresh_key};

use crate::on_both_engines;
use crate::support::cash::{BookingValues, act as press, book};
use crate::support::kinds::as_staff;
use crate::support::seed::BRANCH;
use crate::support::{Answer, Browser, TestBank, pairs};

const BOOKING: BookingValues<'static> =
    BookingValues { branch: BRANCH, day: "2026-11-25", slot: "10:00", amount: "60000", notes_100: "600" };
const DONE: &str = "SELECT COUNT(*) FROM cases WHERE state = 'confirmed'";

async fn booked(bank: &TestBank, name: &str) -> String {
    book(&bank.signed_in(name).await, &BOOKING).await.case_number().expect("a case")
}

fn path(number: &str) -> String {
    format!("/desk/cases/{number}")
}

fn codes(page: &Answer) -> Vec<String> {
    page.refusals().into_iter().map(|(code, _)| code).collect()
}

async fn an_act_posted_many_times_at_once_is_one_change_and_one_answer(bank: &TestBank) {
    let (clerk, number) = (as_staff(bank, "clerk").await, booked(bank, "c1").await);
    let values = Values(pairs(&[("do", "confirm"), (SEEN, "1")]));
    let post = Post { key: fresh_key(&bank.bank).expect("a key"), version: Some(0), values };
    let posts = (0..16).map(|_| {
        let (bank, clerk, number, post) = (bank.bank.clone(), clerk.clone(), number.clone(), post.clone());
        tokio::spawn(async move { act(&bank, &clerk, &number, post.row(clerk.user_id(), &app::desk::FORM), &post).await })
    });
    for outcome in posts.collect::<Vec<_>>() {
        match outcome.await.expect("an answer").expect("no failure") {
            SubmitOutcome::Case { number: of, same: true, .. } => assert_eq!(of, number),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(bank.number(DONE).await, 1);
    assert_eq!(bank.number("SELECT COUNT(*) FROM audit WHERE action = 'confirm'").await, 1);
}

async fn another_button_under_a_used_key_does_nothing_and_keeps_what_was_typed(bank: &TestBank) {
    let (clerk, number) = (bank.signed_in("clerk").await, booked(bank, "c1").await);
    let page = clerk.open(&path(&number)).await;
    let confirm = page.form_with("button[value=confirm]").with("do", "confirm");
    let cancel = page.form_with("button[value=cancel]");
    clerk.submit(&confirm).await;
    // The page is still open in another tab. Nothing was typed in its other forms: a different button alone counts as different
    // values.
    let bare = clerk.post(&path(&number), &confirm.with("do", "prepare").fields).await;
    assert!(!bare.location.as_deref().unwrap_or_default().contains("done=1"), "{:?}", bare.location);
    let page = clerk.submit(&cancel.with_all(&[("do", "cancel"), ("reason", "客户来电取消")])).await;
    assert_eq!(bank.number(DONE).await, 1);
    assert!(page.text().contains("这一页已经提交过"), "{}", page.text());
    let form = page.form_with("button[value=cancel]");
    assert_eq!(form.value("reason"), Some("客户来电取消"));
    clerk.submit(&form.with("do", "cancel")).await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases WHERE state = 'cancelled'").await, 1);
}

async fn a_note_leaves_the_other_forms_of_an_open_page_as_they_are(bank: &TestBank) {
    let (clerk, number) = (bank.signed_in("clerk").await, booked(bank, "c1").await);
    let page = clerk.open(&path(&number)).await;
    let (note, confirm) = (page.form_with("button[value=note]"), page.form_with("button[value=confirm]"));
    clerk.submit(&note.with_all(&[("do", "note"), ("note", "已电话核实")])).await;
    let page = clerk.submit(&confirm.with("do", "confirm")).await;
    assert_eq!((codes(&page), bank.number(DONE).await), (Vec::new(), 1));
    // The same on the page of a refused action, whose form is stored under the key of the URL.
    let refused = press(&clerk, &number, "cancel", &[("reason", "")]).await;
    assert_eq!(codes(&refused), ["reason_missing"]);
    let (note, cancel) = (refused.form_with("button[value=note]"), refused.form_with("button[value=cancel]"));
    clerk.submit(&note.with_all(&[("do", "note"), ("note", "客户已来电")])).await;
    let page = clerk.submit(&cancel.with_all(&[("do", "cancel"), ("reason", "客户来电取消")])).await;
    assert_eq!((codes(&page), page.text().contains("这一页已经提交过")), (Vec::new(), false));
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases WHERE state = 'cancelled'").await, 1);
    assert_eq!(bank.number("SELECT COUNT(*) FROM case_events WHERE action = 'note'").await, 2);
}

async fn a_refused_note_is_mended_under_its_own_key(bank: &TestBank) {
    let (clerk, number) = (bank.signed_in("clerk").await, booked(bank, "c1").await);
    let refused = press(&clerk, &number, "note", &[("note", "")]).await;
    assert_eq!(codes(&refused), ["note_missing"]);
    let (note, confirm) = (refused.form_with("button[value=note]"), refused.form_with("button[value=confirm]"));
    assert_ne!(note.value("key"), confirm.value("key"));
    clerk.submit(&confirm.with("do", "confirm")).await;
    let page = clerk.submit(&note.with_all(&[("do", "note"), ("note", "已电话核实")])).await;
    assert_eq!((codes(&page), page.text().contains("这一页已经提交过")), (Vec::new(), false));
    assert_eq!(bank.number("SELECT COUNT(*) FROM case_events WHERE action = 'note'").await, 1);
    assert_eq!(bank.number(DONE).await, 1);
}

async fn a_note_is_refused_to_who_may_only_see_the_case(bank: &TestBank) {
    let (quality, number) = (as_staff(bank, "quality").await, booked(bank, "c1").await);
    let post =
        Post::first(fresh_key(&bank.bank).expect("a key"), Values(pairs(&[("do", "note"), (SEEN, "1"), ("note", "已核实")])));
    let row = post.row(quality.user_id(), &app::desk::FORM);
    let refused = NotDone { number: number.clone(), since: 1, refusals: vec![DeskRefusal::NotYours] };
    let outcome = add_note(&bank.bank, &quality, &number, row, &post).await.expect("no failure");
    assert_eq!(outcome, SubmitOutcome::Refused(refused));
    assert_eq!(bank.number("SELECT COUNT(*) FROM case_events WHERE action = 'note'").await, 0);
}

/// Submits an action with a text one character too long, accepts the offer with one click, and submits the form again.
async fn cut_with_one_click(clerk: &Browser, number: &str, action: &str, more: &[(&str, &str)], field: &str) -> Answer {
    let (long, cut) = ("长".repeat(1_001), "长".repeat(1_000));
    let refused = press(clerk, number, action, &[more, &[(field, &*long)]].concat()).await;
    let nearest = Nearest::of([(field, cut.clone())]).query();
    assert_eq!(refused.refusals(), [(format!("{field}_too_long"), Some(nearest))]);
    assert_eq!(refused.words("button[form=offer-0]"), ["只留前面的部分"]);
    let button = format!("button[value={action}]");
    assert_eq!(refused.form_with(&button).value(field), Some(&*long), "what was typed stays");
    let mended = clerk.submit(&refused.form_with(&format!("input[type=hidden][name={field}]"))).await;
    let form = mended.form_with(&button);
    assert_eq!((codes(&mended), form.value(field)), (Vec::new(), Some(&*cut)));
    let page = clerk.submit(&form.with("do", action)).await;
    assert_eq!(codes(&page), [""; 0]);
    page
}

async fn a_text_too_long_is_cut_with_one_click_and_accepted(bank: &TestBank) {
    let (clerk, number) = (bank.signed_in("clerk").await, booked(bank, "c1").await);
    cut_with_one_click(&clerk, &number, "note", &[], "note").await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM case_events WHERE action = 'note'").await, 1);
    cut_with_one_click(&clerk, &number, "decline", &[], "reason").await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases WHERE state = 'declined'").await, 1);
    let customer = bank.signed_in("c1").await;
    let new = customer.open("/suggestions/new").await.form();
    let filed = customer.submit(&new.with_all(&[("category", "savings"), ("content", "早点开门"), ("do", "submit")])).await;
    let number = filed.case_number().expect("a case");
    let answer = [("judgement", "adopted"), ("thanks", "谢谢您")];
    let page = cut_with_one_click(&clerk, &number, "answer", &answer, "reason").await;
    assert!(page.text().contains(&"长".repeat(1_000)));
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases WHERE state = 'answered'").await, 1);
}

async fn a_refused_pay_out_keeps_the_words_of_its_purpose(bank: &TestBank) {
    let (clerk, number) = (bank.signed_in("clerk").await, booked(bank, "c1").await);
    press(&clerk, &number, "confirm", &[]).await;
    press(&clerk, &number, "prepare", &[]).await;
    bank.set_time("2026-11-25T10:10:00+08:00");
    let clerk = bank.signed_in("clerk").await;
    press(&clerk, &number, "arrive", &[]).await;
    let paid = [("paid_100", "9999"), ("purpose", "其他"), ("purpose_other", "买古琴")];
    let page = press(&clerk, &number, "complete", &paid).await;
    assert_eq!(codes(&page), ["paid_too_much"]);
    let form = page.form_with("button[value=complete]");
    assert_eq!((form.value("purpose_other"), form.value("purpose")), (Some("买古琴"), Some("其他")));
}

async fn two_tabs_of_a_refused_form_overwrite_nothing_and_press_no_button(bank: &TestBank) {
    let (clerk, number) = (bank.signed_in("clerk").await, booked(bank, "c1").await);
    let refused = press(&clerk, &number, "decline", &[("reason", "")]).await;
    let (first, second) = (refused.form_with("button[value=decline]"), refused.form_with("button[value=decline]"));
    let page = clerk.submit(&first.with_all(&[("do", "decline"), ("reason", "第一页"), ("offered_day", "2026-11-29")])).await;
    assert_eq!(codes(&page), ["offered_day_invalid"]);
    let page = clerk.submit(&second.with_all(&[("do", "cancel"), ("reason", "第二页")])).await;
    assert!(page.text().contains("另一个窗口改过这张表"), "{}", page.text());
    assert_eq!(page.form_with("button[value=decline]").value("reason"), Some("第一页"));
    let aside = page.form_with("input[type=hidden][name=reason]");
    assert_eq!((aside.value("reason"), aside.value("do")), (Some("第二页"), None));
    let page = clerk.submit(&aside).await;
    assert_eq!(page.form_with("button[value=decline]").value("reason"), Some("第二页"));
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases WHERE state = 'submitted'").await, 1);
}

on_both_engines!(
    an_act_posted_many_times_at_once_is_one_change_and_one_answer,
    another_button_under_a_used_key_does_nothing_and_keeps_what_was_typed,
    a_note_leaves_the_other_forms_of_an_open_page_as_they_are,
    a_refused_note_is_mended_under_its_own_key,
    a_note_is_refused_to_who_may_only_see_the_case,
    a_text_too_long_is_cut_with_one_click_and_accepted,
    a_refused_pay_out_keeps_the_words_of_its_purpose,
    two_tabs_of_a_refused_form_overwrite_nothing_and_press_no_button,
);
