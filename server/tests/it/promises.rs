//! Texts may promise only what the portal does. Today a customer sees an answer on the portal's own pages and nowhere else; a
//! text that names another channel fails here until that channel exists.

use crate::catalogue::texts;
use crate::house_rules::root;

/// A communication channel or service, whether it exists, and the words that promise it.
struct Channel {
    name: &'static str,
    exists: bool,
    words: &'static [&'static str],
}

const CHANNELS: [Channel; 9] = [
    Channel { name: "messages in the portal", exists: true, words: &["在这一页看", "在这里看", "on this page"] },
    Channel {
        name: "text messages",
        exists: false,
        words: &[
            "短信",
            "发到",
            "发送到",
            "发给您",
            "sms",
            "text message",
            "sent to",
            "sent there",
            "goes to this number",
            "we will send",
        ],
    },
    Channel {
        name: "e-mail",
        exists: false,
        words: &["邮件通知", "发邮件", "by e-mail", "e-mail you", "an e-mail", "email you"],
    },
    Channel {
        name: "calls by the bank",
        exists: false,
        words: &[
            "回电",
            "给您打电话",
            "打电话",
            "来电",
            "联系您",
            "call you",
            "call back",
            " ring you",
            "contact you",
            "phone you",
        ],
    },
    Channel {
        name: "push and chat",
        exists: false,
        words: &["推送", "微信", "公众号", "push notification", "wechat", "notify you"],
    },
    Channel { name: "reminders", exists: false, words: &["提醒您", "会提醒", "remind you", "a reminder"] },
    Channel {
        name: "consulting hours",
        exists: false,
        words: &["咨询时间", "咨询日", "咨询会", "consulting hour", "advice hour", "office hour", "consultation hour"],
    },
    Channel {
        name: "talks and articles",
        exists: false,
        words: &["讲座", "沙龙", "文章", "talks", "lecture", "seminar", "webinar", "article"],
    },
    Channel { name: "pressing for an answer", exists: false, words: &["催办", "在催", "pressing for"] },
];

/// Texts that use such words without a promise, and the reason.
const NO_PROMISE: [(&str, &str); 15] = [
    ("admin.delivery.unconnected", "says that no channel is connected"),
    ("admin.delivery.unconnected_text", "says that messages are not sent"),
    ("step_up.sent.lead", "shown only where a channel sends messages"),
    ("step_up.sent.sign_in_lead", "shown only where a channel sends messages"),
    ("step_up.sent.told", "shown only where a channel sends messages"),
    ("page.offline_branch", "the customer calls the bank"),
    ("appointments.call", "the customer calls the branch"),
    ("home.call", "the customer calls the branch"),
    ("cash.do_call", "the customer calls the branch"),
    ("complaints.by_phone", "the customer calls the bank"),
    ("complaints.by_mail", "the customer writes to the bank"),
    ("complaints.yours_text", "the customer writes to the bank or calls it"),
    ("reception.case.prepare", "text messages are evidence to bring along"),
    ("reception.case.prepare_one", "text messages are evidence to bring along"),
    ("needs.property_plan.changes", "says that nobody will call"),
];

/// For every question of the survey: why it is asked and what an answer changes.
fn survey_texts(language: &str) -> Vec<(String, String)> {
    let file = std::fs::read_to_string(root().join("app/bank/data/needs-2026.json")).unwrap();
    let survey: serde_json::Value = serde_json::from_str(&file).unwrap();
    let language = if language == "en" { "en" } else { "zh" };
    let mut found = vec![("needs.intro".to_owned(), survey["intro"][language].as_str().unwrap().to_owned())];
    for group in survey["groups"].as_array().unwrap() {
        for question in group["questions"].as_array().unwrap() {
            for part in ["why", "changes", "hint"] {
                if let Some(text) = question[part][language].as_str() {
                    found.push((format!("needs.{}.{part}", question["code"].as_str().unwrap()), text.to_owned()));
                }
            }
        }
    }
    assert!(found.len() > 10);
    found
}

#[test]
fn a_text_promises_only_what_the_portal_does() {
    let mut broken = Vec::new();
    for language in ["zh-CN", "en"] {
        for (key, text) in texts(language).into_iter().chain(survey_texts(language)) {
            if NO_PROMISE.iter().any(|(known, _)| *known == key) {
                continue;
            }
            let text = text.to_lowercase();
            for channel in CHANNELS.iter().filter(|channel| !channel.exists) {
                if let Some(word) = channel.words.iter().find(|word| text.contains(**word)) {
                    broken.push(format!("{language} {key}: “{word}” promises {}", channel.name));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn a_text_that_promises_nothing_says_so_for_a_reason() {
    let texts = |language| texts(language).into_iter().chain(survey_texts(language)).collect::<Vec<_>>();
    for (key, why) in NO_PROMISE {
        let found = ["zh-CN", "en"].into_iter().flat_map(texts).filter(|(known, _)| known == key);
        let words = CHANNELS.iter().filter(|channel| !channel.exists).flat_map(|channel| channel.words);
        let words: Vec<_> = words.collect();
        let uses = found.filter(|(_, text)| words.iter().any(|word| text.to_lowercase().contains(**word))).count();
        assert!(uses > 0 && !why.is_empty(), "{key} needs no exception any more");
    }
}
