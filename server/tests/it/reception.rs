//! Reception days (docs/domain.md §4): one application per place, no days shown for which the customer may not apply, no
//! overlapping appointments, and declined or cancelled places become free. Over HTTP and on both engines. The guards are the
//! statement in `appointments/reception/records.rs` and the keys of `engagements` and `reception_applications`.

use bank::appointments::reception::{Audience, CONFIRM, DECLINE, cancel_reception};
use bank::cases::DeskRefusal;
use bank::kernel::failure::Rejected;
use bank::kernel::forms::Values;
use bank::kernel::time::At;
use bank::sessions::Staff;

use crate::on_both_engines;
use crate::support::crowd::{crowd, ensure_refused_with, give_back, made, press};
use crate::support::kinds::{act_as_staff, as_customer, as_staff};
use crate::support::reception::{NEW, announce, checked, fill_in, whole};
use crate::support::seed::{BRANCH, OTHER_BRANCH};
use crate::support::soak::rounds;
use crate::support::{Answer, Browser, TestBank, cash, pairs};

/// A Wednesday within the cash booking window of the tests' Monday morning, see [`crate::support`].
const DAY: &str = "2026-11-25";

/// The day after it.
const NEXT: &str = "2026-11-26";

/// Applies and returns the case number.
async fn apply(browser: &Browser, day: &str, slot: &str) -> String {
    let form = checked(browser, day, slot).await;
    let answer = browser.submit(&form).await;
    answer.case_number().unwrap_or_else(|| panic!("{:?}", answer.refusals()))
}

/// A staff action on an application whose page showed this version.
async fn act(
    bank: &TestBank,
    staff: &Staff,
    number: &str,
    version: i64,
    action: &str,
    reason: &str,
) -> Result<(), Rejected<Vec<DeskRefusal>>> {
    act_as_staff(&bank.bank, staff, number, action, version, &Values(pairs(&[("reason", reason)]))).await
}

fn refused(outcome: Result<(), Rejected<Vec<DeskRefusal>>>) -> Vec<DeskRefusal> {
    match outcome {
        Err(Rejected::Refused(refusals)) => refusals,
        other => panic!("{other:?}"),
    }
}

/// Slot counters agree with live applications and case states, and each live application has its half hour.
async fn ensure_consistent(bank: &TestBank) {
    let places = "SELECT COUNT(*) FROM reception_slots s WHERE s.reserved <> (SELECT COUNT(*) FROM reception_applications a \
                  WHERE a.live AND a.reception_id = s.reception_id AND a.slot = s.slot)";
    assert_eq!(bank.number(places).await, 0, "places");
    let states = "SELECT COUNT(*) FROM reception_applications a JOIN cases k ON k.number = a.case_number \
                  WHERE a.live <> (k.state IN ('applied', 'confirmed')) OR k.waiting <> (k.state = 'applied')";
    assert_eq!(bank.number(states).await, 0, "states");
    let time = "SELECT COUNT(*) FROM reception_applications a WHERE (CASE WHEN a.live THEN 1 ELSE 0 END) <> \
                (SELECT COUNT(*) FROM engagements e WHERE e.case_number = a.case_number)";
    assert_eq!(bank.number(time).await, 0, "time");
}

async fn the_last_places_of_a_slot_go_to_as_many_as_fit(bank: &TestBank) {
    announce(&bank.bank, BRANCH, DAY, Audience::All, 2).await;
    let crowd = crowd(bank, 50).await;
    for round in 0..rounds(5) {
        let mut ready = Vec::new();
        for (name, browser) in &crowd {
            let key = format!("{name}{round:0>23}");
            // In the first round the forms were filled in through the pages.
            let form = if round == 0 { checked(browser, DAY, "14:30").await } else { whole(&key, DAY, "14:30") };
            ready.push((browser.clone(), form));
        }
        let answers = press(ready).await;
        assert_eq!(made(&answers), 2, "round {round}");
        ensure_refused_with(&answers, "slot_full", &format!("day={DAY}&slot=15:00"));
        assert_eq!(bank.number("SELECT COUNT(*) FROM reception_applications WHERE live").await, 2);
        ensure_consistent(bank).await;
        give_back(&answers).await;
        ensure_consistent(bank).await;
        assert_eq!(bank.number("SELECT COUNT(*) FROM reception_slots WHERE reserved <> 0").await, 0);
    }
}

async fn the_same_form_twice_at_once_is_one_case(bank: &TestBank) {
    announce(&bank.bank, BRANCH, DAY, Audience::All, 3).await;
    announce(&bank.bank, BRANCH, NEXT, Audience::All, 3).await;
    let browser = bank.signed_in("c1").await;
    let form = checked(&browser, DAY, "14:00").await;
    let sent: Vec<_> = (0..20)
        .map(|_| {
            let (browser, form) = (browser.clone(), form.clone());
            tokio::spawn(async move { browser.submit(&form).await.case_number() })
        })
        .collect();
    let mut numbers = std::collections::BTreeSet::new();
    for sent in sent {
        numbers.insert(sent.await.expect("an answer"));
    }
    assert_eq!((numbers.len(), numbers.contains(&None)), (1, false));
    ensure_consistent(bank).await;
    // Another form for the same day: a customer may apply once per reception.
    let page = fill_in(&browser, DAY, "15:00").await;
    assert_eq!(page.refusals(), [("already_applied".to_owned(), Some(format!("day={NEXT}&slot=14:00")))]);
}

async fn the_only_day_is_chosen_already_with_its_times_and_most_come_alone(bank: &TestBank) {
    announce(&bank.bank, BRANCH, DAY, Audience::All, 2).await;
    let browser = bank.signed_in("c1").await;
    let page = browser.open(NEW).await;
    assert_eq!(page.form().value("day"), Some(DAY));
    assert!(page.has("[name=slot]") && page.refusals().is_empty(), "its times are open: {}", page.text());
    let subject = browser.submit(&page.form().with("slot", "14:30")).await;
    assert_eq!(subject.form().value("attendees"), Some("1"), "{:?}", subject.refusals());
    let side = subject.words(".panel").join(" ");
    assert!(side.contains("14:30–15:00") && side.contains("石岐支行") && side.contains("还没填"), "beside the form: {side}");
    // Day, two times Next, and the button that books: all that is pressed besides the time and the topic.
    let check = browser
        .submit(&subject.form().with_all(&[("topic", "product"), ("summary", "想了解理财产品的风险"), ("hope", "弄清楚")]))
        .await;
    assert!(check.has("button[name=do][value=book]"), "{:?}", check.refusals());
    // With a second day nothing is chosen.
    announce(&bank.bank, BRANCH, NEXT, Audience::All, 2).await;
    let page = bank.signed_in("c2").await.open(NEW).await;
    assert!(page.form().value("day").is_none() && !page.has("[name=slot]"));
}

async fn without_a_day_or_a_time_it_goes_no_further_and_says_so(bank: &TestBank) {
    announce(&bank.bank, BRANCH, DAY, Audience::All, 2).await;
    let codes = |page: &Answer| page.refusals().into_iter().map(|(code, _)| code).collect::<Vec<_>>();
    // The only day is chosen already, so its time is missing at once.
    let browser = bank.signed_in("c1").await;
    let page = browser.submit(&browser.open(NEW).await.form()).await;
    assert_eq!(codes(&page), ["slot_missing"]);
    assert!(page.has("#errors[autofocus] a[href='#slot']") && page.has("#slot"));
    announce(&bank.bank, BRANCH, NEXT, Audience::All, 2).await;
    let browser = bank.signed_in("c2").await;
    let page = browser.submit(&browser.open(NEW).await.form()).await;
    assert_eq!(codes(&page), ["day_missing"]);
    assert!(page.has("#errors[autofocus] a[href='#day']") && page.has("#day"));
    let page = browser.submit(&page.form().with("day", DAY)).await;
    assert_eq!((codes(&page).len(), page.has("[name=slot]")), (0, true), "the day opens its times");
    let page = browser.submit(&page.form()).await;
    assert_eq!(codes(&page), ["slot_missing"], "the times were shown");
    let other = browser.submit(&page.form().with("day", NEXT)).await;
    assert_eq!((codes(&other).len(), other.has("[name=slot]")), (0, true), "those of another day were not");
}

async fn reception_days_stand_in_their_month_with_who_receives_below(bank: &TestBank) {
    announce(&bank.bank, BRANCH, DAY, Audience::All, 2).await;
    announce(&bank.bank, BRANCH, "2026-12-02", Audience::All, 2).await;
    announce(&bank.bank, OTHER_BRANCH, NEXT, Audience::Vip, 1).await;
    bank.change("UPDATE customers SET vip = TRUE WHERE id = 'customer-c1'").await;
    bank.change(&format!("UPDATE reception_slots SET reserved = capacity WHERE reception_id = '{BRANCH}-2026-12-02'")).await;
    let browser = bank.signed_in("c1").await;
    let page = browser.open(NEW).await;
    assert_eq!(page.all(".month [name=day]", "value"), [DAY, NEXT]);
    assert_eq!(page.words(".month-free"), ["2 天可报名"]);
    assert!(page.words(".month-full")[0].contains("约满"), "{:?}", page.words(".month-full"));
    let said = page.attr(&format!("[name=day][value='{DAY}']"), "aria-label").unwrap_or_default();
    assert_eq!(said, "11 月 25 日 周三 余 6 位");
    let programme = page.words(".programme li");
    assert_eq!(programme.len(), 2, "one line each: {programme:?}");
    assert!(programme[0].contains("11 月 25 日、12 月 2 日") && programme[1].contains("贵宾客户专场"), "{programme:?}");
    let page = browser.submit(&page.form().with("day", NEXT)).await;
    assert!(page.words("#slot-hint")[0].contains("何静"), "who receives: {:?}", page.words("#slot-hint"));
    assert!(page.has("[data-live=times] [name=slot]") && page.has("[name=shown][disabled][data-placed]"));
}

async fn no_two_appointments_of_one_person_overlap(bank: &TestBank) {
    announce(&bank.bank, BRANCH, DAY, Audience::All, 2).await;
    announce(&bank.bank, BRANCH, NEXT, Audience::All, 2).await;
    let browser = bank.signed_in("c1").await;
    let values = cash::BookingValues { branch: OTHER_BRANCH, day: DAY, slot: "14:00", amount: "50000", notes_100: "" };
    assert!(cash::book(&browser, &values).await.case_number().is_some());
    let page = fill_in(&browser, DAY, "14:30").await;
    assert_eq!(page.refusals(), [("overlap".to_owned(), Some(format!("day={DAY}&slot=15:00")))]);

    apply(&browser, NEXT, "14:30").await;
    let page = cash::fill_in_answer(&browser, &cash::BookingValues { day: NEXT, ..values }).await;
    assert_eq!(page.refusals().first().map(|(code, _)| code.as_str()), Some("overlap"));
    ensure_consistent(bank).await;
}

async fn nobody_is_shown_a_reception_they_may_not_apply_for(bank: &TestBank) {
    announce(&bank.bank, BRANCH, DAY, Audience::Company, 1).await;
    announce(&bank.bank, OTHER_BRANCH, NEXT, Audience::Vip, 1).await;
    let person = bank.signed_in("c1").await;
    let page = person.open(NEW).await;
    assert_eq!((page.status, page.has("[name=day]"), page.text().contains("接待室")), (200, false, false));
    let company = bank.signed_in("k1").await;
    let page = company.open(NEW).await;
    assert_eq!(page.all("[name=day]", "value"), [DAY]);
    apply(&company, DAY, "14:00").await;

    // A reception for other customers is answered like a day without a reception.
    announce(&bank.bank, BRANCH, "2026-12-02", Audience::All, 1).await;
    let form = person.open(NEW).await.form();
    for day in [DAY, NEXT, "2026-11-27"] {
        let page = person.submit(&form.clone().with("key", &form_key(&person).await).with("day", day)).await;
        assert_eq!(page.refusals(), [("no_reception".to_owned(), Some("day=2026-12-02&slot=14:00".to_owned()))], "{day}");
    }

    bank.change("UPDATE customers SET vip = TRUE WHERE id = 'customer-c2'").await;
    let page = bank.signed_in("c2").await.open(NEW).await;
    assert_eq!(page.all("[name=day]", "value"), [NEXT, "2026-12-02"]);
}

async fn form_key(browser: &Browser) -> String {
    browser.open(NEW).await.form().value("key").expect("a key").to_owned()
}

async fn two_receptions_on_a_day_ask_for_the_branch(bank: &TestBank) {
    announce(&bank.bank, BRANCH, DAY, Audience::All, 1).await;
    announce(&bank.bank, OTHER_BRANCH, DAY, Audience::All, 1).await;
    let browser = bank.signed_in("c1").await;
    let page = browser.open(NEW).await;
    let page = browser.submit(&page.form().with("day", DAY)).await;
    assert_eq!((page.refusals(), page.has("[name=slot]")), (Vec::new(), false));
    let named = format!("{OTHER_BRANCH}-{DAY}");
    assert!(page.all("[name=reception]", "value").contains(&named));
    let again = browser.submit(&page.form()).await;
    assert_eq!(again.refusals().first().map(|(code, _)| code.as_str()), Some("reception_missing"));
    let page = browser.submit(&again.form().with("reception", &named)).await;
    assert_eq!((page.refusals(), page.all("[name=slot]", "value").len()), (Vec::new(), 3));
}

async fn the_branch_answers_once_and_what_it_declines_is_given_back(bank: &TestBank) {
    announce(&bank.bank, BRANCH, DAY, Audience::All, 1).await;
    let browser = bank.signed_in("c1").await;
    let (clerk, head) = (as_staff(bank, "clerk").await, as_staff(bank, "head").await);
    let number = apply(&browser, DAY, "14:00").await;
    let page = browser.open(&format!("/appointments/{number}")).await;
    assert!(page.text().contains("二楼接待室") && page.text().contains("何静"), "{}", page.text());
    assert_eq!(bank.signed_in("c2").await.open(&format!("/appointments/{number}")).await.status, 404);

    let decline = |reason| act(bank, &clerk, &number, 1, DECLINE, reason);
    assert_eq!(refused(decline(" ").await), [DeskRefusal::ReasonMissing]);
    decline("何行长当天出差").await.expect("declined");
    assert_eq!(refused(act(bank, &head, &number, 1, CONFIRM, "").await), [DeskRefusal::Changed]);
    ensure_consistent(bank).await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM engagements").await, 0);
    let page = browser.open(&format!("/appointments/{number}")).await;
    assert!(page.text().contains("何行长当天出差") && page.has("button[name=do][value=read]"));

    // The place is free again, also for the same customer.
    let number = apply(&browser, DAY, "14:00").await;
    act(bank, &head, &number, 1, CONFIRM, "").await.expect("confirmed");
    ensure_consistent(bank).await;
    let kinds = "SELECT COUNT(*) FROM outbox WHERE kind IN ('reception_submitted', 'reception_confirmed', 'reception_declined')";
    assert_eq!(bank.number(kinds).await, 4);
    let customer = as_customer(bank, "c1").await;
    bank.set_time("2026-11-24T15:00:00+08:00");
    assert!(cancel_reception(&bank.bank, &customer, &number).await.is_err(), "cancelled after the cut-off");
    let page = bank.signed_in("c1").await.open(&format!("/appointments/{number}?refused=cancel_closed")).await;
    assert_eq!(page.refusals(), [("cancel_closed".to_owned(), None)]);
    assert!(!page.has("button[name=do][value=cancel]"));
    bank.set_time("2026-11-24T14:59:00+08:00");
    cancel_reception(&bank.bank, &customer, &number).await.expect("cancelled before the cut-off");
    ensure_consistent(bank).await;
}

async fn nothing_is_confirmed_after_its_slot_has_begun(bank: &TestBank) {
    announce(&bank.bank, BRANCH, DAY, Audience::All, 1).await;
    let number = apply(&bank.signed_in("c1").await, DAY, "14:00").await;
    let begins = format!("{DAY}T14:00:00+08:00");
    bank.set_time(&begins);
    let head = as_staff(bank, "head").await;
    let until = At::parse_rfc3339(&begins).expect("a time");
    assert_eq!(refused(act(bank, &head, &number, 1, CONFIRM, "").await), [DeskRefusal::TooLate { until }]);
    // It can still be declined, so that it does not stay open for ever.
    let page = bank.signed_in("clerk").await.open(&format!("/desk/cases/{number}")).await;
    assert!(!page.has("button[name=do][value=confirm]") && page.has("button[name=do][value=decline]"));
    act(bank, &head, &number, 1, DECLINE, "没有来得及答复").await.expect("declined");
    ensure_consistent(bank).await;
}

async fn whatever_happens_the_places_held_are_those_of_the_live_applications(bank: &TestBank) {
    announce(&bank.bank, BRANCH, DAY, Audience::All, 1).await;
    announce(&bank.bank, BRANCH, NEXT, Audience::All, 2).await;
    let staff = [as_staff(bank, "clerk").await, as_staff(bank, "head").await];
    let people = [
        (as_customer(bank, "c1").await, bank.signed_in("c1").await),
        (as_customer(bank, "c2").await, bank.signed_in("c2").await),
    ];
    let mut numbers: Vec<String> = Vec::new();
    for step in 0..60_usize {
        let (customer, browser) = &people[step % 2];
        // A fixed sequence that combines every action with every state.
        match (step * 7 + step / 5) % 5 {
            0 | 1 => {
                let day = if step % 3 == 0 { DAY } else { NEXT };
                let page = fill_in(browser, day, ["14:00", "14:30", "15:00"][step % 3]).await;
                if page.has("button[name=do][value=book]") {
                    let form = page.form_with("button[name=do][value=book]").with("do", "book");
                    numbers.extend(browser.submit(&form).await.case_number());
                }
            }
            turn => {
                let Some(number) = numbers.get(step % numbers.len().max(1)) else { continue };
                let version = 1 + i64::try_from(step % 2).expect("small");
                match turn {
                    2 => drop(act(bank, &staff[step % 2], number, version, CONFIRM, "").await),
                    3 => drop(act(bank, &staff[step % 2], number, version, DECLINE, "改期").await),
                    _ => drop(cancel_reception(&bank.bank, customer, number).await),
                }
            }
        }
        ensure_consistent(bank).await;
    }
    assert!(numbers.len() > 5, "the walk went nowhere");
    let illegal = "SELECT COUNT(*) FROM case_events h WHERE h.to_state IS NOT NULL AND (COALESCE(h.from_state, '') || ' ' || h.action || ' ' || h.to_state) NOT IN \
                   (' submit applied', 'applied confirm confirmed', 'applied decline declined', 'applied cancel cancelled', \
                   'confirmed cancel cancelled')";
    assert_eq!(bank.number(illegal).await, 0);
}

on_both_engines!(
    the_last_places_of_a_slot_go_to_as_many_as_fit,
    the_same_form_twice_at_once_is_one_case,
    without_a_day_or_a_time_it_goes_no_further_and_says_so,
    reception_days_stand_in_their_month_with_who_receives_below,
    no_two_appointments_of_one_person_overlap,
    the_only_day_is_chosen_already_with_its_times_and_most_come_alone,
    nobody_is_shown_a_reception_they_may_not_apply_for,
    two_receptions_on_a_day_ask_for_the_branch,
    the_branch_answers_once_and_what_it_declines_is_given_back,
    nothing_is_confirmed_after_its_slot_has_begun,
    whatever_happens_the_places_held_are_those_of_the_live_applications,
);
