//! Reception days, and applications through the pages as a browser without scripts does.

use bank::appointments::reception::{Audience, Reception, insert_reception};
use bank::kernel::bank::Bank;
use bank::kernel::failure::Rejected;
use bank::kernel::time::{At, Time, parse_day, parse_time};
use scoped_futures::ScopedFutureExt;

use super::browser::pairs;
use super::{Answer, Browser, Form};

/// The first page of an application.
pub const NEW: &str = "/appointments/new/reception";

/// The subject of every application.
const MATTER: [(&str, &str); 4] = [("topic", "service"), ("summary", "排队太久"), ("hope", "多开一个窗口"), ("attendees", "2")];

/// Announces a reception of a branch with three slots: 14:00, 14:30 and 15:00.
pub async fn announce(bank: &Bank, branch: &str, day: &str, audience: Audience, places: i64) {
    let day = parse_day(day).expect("a day");
    let reception = Reception {
        id: format!("{branch}-{day}"),
        branch_id: branch.into(),
        day,
        host_name: "何静".into(),
        host_title_zh: "行长".into(),
        host_title_en: "branch manager".into(),
        topic_zh: "服务与产品".into(),
        topic_en: "Service and products".into(),
        place_zh: "二楼接待室".into(),
        place_en: "Reception room, 2nd floor".into(),
        registration_from: At(0),
        registration_until: At::midnight(day),
        audience,
    };
    let slots: Vec<(Time, i64)> = ["14:00", "14:30", "15:00"].map(|slot| (parse_time(slot).expect("a time"), places)).into();
    bank.write::<_, std::convert::Infallible, _>("announce", |tx| {
        let (reception, slots) = (&reception, &slots);
        async move {
            assert!(insert_reception(tx, reception, slots).await?);
            Ok(())
        }
        .scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
    .expect("a reception");
}

/// Chooses day and time, then fills in the subject; returns the resulting page.
pub async fn fill_in(browser: &Browser, day: &str, slot: &str) -> Answer {
    let page = browser.open(NEW).await;
    assert_eq!(page.status, 200, "{}", page.text());
    if !page.has("[name=day]") {
        return page;
    }
    // The only day is chosen already, with its times.
    let is_chosen = page.form().value("day") == Some(day);
    let page = if is_chosen { page } else { browser.submit(&page.form().with("day", day)).await };
    if !page.refusals().is_empty() {
        return page;
    }
    assert!(page.has("[name=slot][data-places]"), "no times on {}", page.path);
    let page = browser.submit(&page.form().with("slot", slot)).await;
    if !page.refusals().is_empty() {
        return page;
    }
    browser.submit(&page.form().with_all(&MATTER)).await
}

/// Like [`fill_in`], up to the form of the check page, not yet sent. Panics if a step refuses.
pub async fn checked(browser: &Browser, day: &str, slot: &str) -> Form {
    let page = fill_in(browser, day, slot).await;
    assert!(page.has("button[name=do][value=book]"), "not at the check page: {} {:?}", page.path, page.refusals());
    page.form_with("button[name=do][value=book]").with("do", "book")
}

/// All fields of an application under a new key in one form, as the check page's button sends them once the steps are stored.
pub fn whole(key: &str, day: &str, slot: &str) -> Form {
    let mut fields = pairs(&[("key", key), ("version", "0"), ("do", "book"), ("day", day), ("slot", slot)]);
    fields.extend(pairs(&MATTER));
    Form { action: NEW.into(), fields }
}
