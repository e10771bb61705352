//! What happened to the suggestions of a day: answered within a day, some late.

use bank::cases::PastCase;
use bank::kernel::time::At;
use bank::suggestions::{Category, Judgement, KIND, PastSuggestion, SuggestionParameters};

use super::Rows;
use super::people::{Person, change, clerk};
use super::plan::{Plan, Random};

const CONTENTS: [&str; 8] = [
    "周六上午办对公业务的人多，希望多开一个窗口。",
    "手机银行转账的限额能不能自己临时调高？",
    "存折补登机常常缺纸，希望每天早上检查一次。",
    "大厅的叫号屏字太小，老人家看不清。",
    "信用卡账单日能不能改到发薪以后？",
    "预约取款的短信希望写清楚要带哪些证件。",
    "停车场的出口没有灯，晚上办完业务出来看不清路。",
    "希望定期存款到期前三天有提醒。",
];

const REASONS: [&str; 5] = [
    "已安排网点调整，下月起实行。",
    "总行正在统一改造，预计下季度上线。",
    "按现行规定暂时不能这样办，我们会继续反映。",
    "已报相关部门研究，部分内容可以先行改善。",
    "设备已检修，并加了每日巡查。",
];

const THANKS: [&str; 3] = ["谢谢您的建议。", "感谢您帮助我们改进。", "谢谢您花时间告诉我们。"];

const JUDGEMENTS: [Judgement; 3] = [Judgement::Adopted, Judgement::Partly, Judgement::Not];

pub(super) fn day(plan: &Plan, day: usize, rows: &mut Rows) {
    let mut random = plan.random(KIND, day);
    let midnight = At::midnight(plan.day(day));
    for place in plan.filed(day) {
        // Between 7:00 and 22:00.
        let filed = midnight.plus_minutes(7 * 60 + random.upto(15 * 60 - 1)).plus_ms(random.upto(59_999));
        answered(plan, place, filed, &mut random, rows);
    }
}

/// A suggestion that was answered before the time of loading.
pub(super) fn answered(plan: &Plan, place: usize, filed: At, random: &mut Random, rows: &mut Rows) {
    let (mut case, mut suggestion, person) = recorded(plan, place, filed, random);
    let term = case.due_at.ms_since(filed);
    let took = if random.percent(8) { term + random.upto(20 * 3_600_000) } else { term * (5 + random.upto(65)) / 100 };
    let at = filed.plus_ms(took.max(60_000)).min(plan.as_of.plus_minutes(-1)).max(filed.plus_ms(1_000));
    let (judgement, reason, thanks) = (random.of_these(&JUDGEMENTS), random.of_these(&REASONS), random.of_these(&THANKS));
    let mut answer = change(at, clerk(person.branch()), "answer", "answered");
    answer.reason = Some(reason);
    answer.detail = serde_json::json!({ "judgement": judgement.code(), "thanks": thanks }).to_string();
    case.changes.push(answer);
    suggestion.answer = Some((judgement, reason, thanks));
    rows.cases.push(case);
    rows.suggestions.push(suggestion);
}

/// A suggestion that waits.
pub(super) fn waiting(plan: &Plan, place: usize, filed: At, random: &mut Random, rows: &mut Rows) {
    let (case, suggestion, _) = recorded(plan, place, filed, random);
    rows.cases.push(case);
    rows.suggestions.push(suggestion);
}

fn recorded<'p>(plan: &'p Plan, place: usize, filed: At, random: &mut Random) -> (PastCase, PastSuggestion, Person<'p>) {
    // Each customer in turn, so that nobody has too many open cases.
    let person = plan.person(place.wrapping_mul(7_919));
    let (number, category) = (plan.number(KIND, place), random.of_these(&Category::ALL));
    let hours = plan.reference.parameters::<SuggestionParameters>("", filed.day()).suggestion_acknowledge_hours;
    let due = filed.plus_hours(hours);
    let branch = plan.reference.branch(person.branch());
    let case = PastCase {
        number: number.clone(),
        kind: KIND,
        customer_id: person.id(),
        branch_id: Some(person.branch().to_owned()),
        due_at: branch.map_or(due, |branch| branch.hours.promise(&plan.reference.calendar, due)),
        time: None,
        acts_at: None,
        amount: None,
        topic: category.code(),
        changes: vec![person.submits(filed, "recorded")],
    };
    let suggestion =
        PastSuggestion { number, customer_id: person.id(), category, content: random.of_these(&CONTENTS), answer: None };
    (case, suggestion, person)
}
