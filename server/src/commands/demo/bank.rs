//! The demo bank itself: branches with hours and limits, the published calendar, products, the survey. The order of the
//! branches is the order of every list.

use bank::branches::{Branch, NewBranch, insert_branch, insert_calendar_day, insert_parameter};
use bank::kernel::calendar::{WorkingCalendar, parse_rows};
use bank::kernel::database::Tx;
use bank::kernel::failure::Failure;
use bank::kernel::hours::{WeekHours, parse_spans};
use bank::kernel::time::{At, Day};
use bank::{recommendations, surveys};
use jiff::civil::date;

/// The State Council's notice for 2026 (source: the `chinesecalendar` package).
const CALENDAR: &str = include_str!("../../../../app/bank/data/calendar-cn.csv");

/// Effective day of all parameters of the demo bank.
const SINCE: Day = date(2025, 1, 1);

/// Days from loading until the survey closes.
const SURVEY_DAYS: i64 = 120;

struct Office {
    id: &'static str,
    name_zh: &'static str,
    name_en: &'static str,
    address_zh: &'static str,
    address_en: &'static str,
    phone: &'static str,
    /// Monday first; empty text is a closed day.
    hours: [&'static str; 7],
    parameters: &'static [(&'static str, &'static str)],
}

const DAY: &str = "09:00-17:00";
const BREAK: &str = "09:00-12:00,14:00-17:00";
const LATE: &str = "09:30-17:30";

const OFFICES: [Office; 8] = [
    Office {
        id: "shiqi",
        name_zh: "石岐支行",
        name_en: "Shiqi Branch",
        address_zh: "石岐区孙文中路 128 号",
        address_en: "128 Sunwen Middle Road, Shiqi",
        phone: "0760-8888 0101",
        hours: [DAY, DAY, DAY, DAY, DAY, "", ""],
        parameters: &[("cash_slot_places", "4"), ("cash_day_total", "2000000")],
    },
    Office {
        id: "dongqu",
        name_zh: "东区支行",
        name_en: "Dongqu Branch",
        address_zh: "东区中山三路 16 号",
        address_en: "16 Zhongshan 3rd Road, Dongqu",
        phone: "0760-8888 0102",
        hours: [LATE, LATE, LATE, LATE, LATE, "09:30-16:00", ""],
        parameters: &[("cash_day_total", "3000000"), ("cash_stock_100", "22000")],
    },
    Office {
        id: "xiaolan",
        name_zh: "小榄支行",
        name_en: "Xiaolan Branch",
        address_zh: "小榄镇新华中路 88 号",
        address_en: "88 Xinhua Middle Road, Xiaolan",
        phone: "0760-8888 0103",
        hours: [BREAK, BREAK, BREAK, BREAK, BREAK, "09:00-12:00", ""],
        parameters: &[("cash_window_days", "7")],
    },
    Office {
        id: "xiqu",
        name_zh: "西区支行",
        name_en: "Xiqu Branch",
        address_zh: "西区富华道 22 号",
        address_en: "22 Fuhua Avenue, Xiqu",
        phone: "0760-8888 0104",
        hours: ["08:30-12:00,13:30-17:00", BREAK, BREAK, BREAK, BREAK, "", ""],
        parameters: &[("cash_slot_places", "3")],
    },
    Office {
        id: "huoju",
        name_zh: "火炬开发区支行",
        name_en: "Torch High-tech Zone Branch",
        address_zh: "火炬开发区康乐大道 36 号",
        address_en: "36 Kangle Avenue, Torch High-tech Zone",
        phone: "0760-8888 0105",
        hours: [LATE, LATE, LATE, LATE, LATE, "", ""],
        parameters: &[("cash_day_total", "5000000"), ("cash_stock_100", "40000"), ("cash_slot_places", "6")],
    },
    Office {
        id: "guzhen",
        name_zh: "古镇支行",
        name_en: "Guzhen Branch",
        address_zh: "古镇镇中兴大道 19 号",
        address_en: "19 Zhongxing Avenue, Guzhen",
        phone: "0760-8888 0106",
        hours: [BREAK, BREAK, BREAK, BREAK, BREAK, BREAK, ""],
        parameters: &[("cash_cutoff", "14:30")],
    },
    Office {
        id: "tanzhou",
        name_zh: "坦洲支行",
        name_en: "Tanzhou Branch",
        address_zh: "坦洲镇界狮南路 63 号",
        address_en: "63 Jieshi South Road, Tanzhou",
        phone: "0760-8888 0107",
        hours: ["09:00-16:00", "09:00-16:00", "09:00-12:00", "09:00-16:00", "09:00-16:00", "", ""],
        parameters: &[
            ("cash_slot_places", "2"),
            ("cash_day_total", "800000"),
            ("cash_stock_100", "6000"),
            ("cash_stock_50", "3000"),
        ],
    },
    Office {
        id: "nanlang",
        name_zh: "南朗支行",
        name_en: "Nanlang Branch",
        address_zh: "南朗街道永兴路 5 号",
        address_en: "5 Yongxing Road, Nanlang",
        phone: "0760-8888 0108",
        hours: [BREAK, "", BREAK, "", BREAK, "", ""],
        parameters: &[
            ("cash_slot_places", "2"),
            ("cash_day_total", "500000"),
            ("cash_stock_100", "4000"),
            ("cash_stock_50", "1500"),
        ],
    },
];

/// Its vault is being renovated: no booked cash for the first days.
const VAULT_CLOSED: &str = "xiaolan";

pub(super) async fn insert(tx: &mut Tx, now: At) -> Result<(), Failure> {
    let calendar = insert_calendar(tx).await?;
    for (position, office) in (1_i64..).zip(&OFFICES) {
        let closed = (office.id == VAULT_CLOSED).then(|| calendar.nth_working_after(now.day(), 4));
        insert_branch(tx, &NewBranch { branch: branch(office, closed)?, position }).await?;
        for (name, value) in office.parameters {
            insert_parameter(tx, name, office.id, SINCE, value).await?;
        }
    }
    let products = recommendations::catalogue().map_err(|e| Failure::stored("products.json", e))?;
    for (position, product) in (1_i64..).zip(&products) {
        recommendations::insert_product(tx, position, product).await?;
    }
    let survey = surveys::needs_2026().map_err(|e| Failure::stored("needs-2026.json", e))?;
    surveys::insert_survey(tx, &survey, At::midnight(now.day()).plus_days(SURVEY_DAYS)).await
}

async fn insert_calendar(tx: &mut Tx) -> Result<WorkingCalendar, Failure> {
    let rows = parse_rows(CALENDAR).map_err(|e| Failure::stored("calendar-cn.csv", e))?;
    for row in &rows {
        insert_calendar_day(tx, row).await?;
    }
    Ok(WorkingCalendar::from_rows(rows))
}

fn branch(office: &Office, cash_closed_until: Option<Day>) -> Result<Branch, Failure> {
    let mut hours = WeekHours::default();
    for (day, text) in hours.0.iter_mut().zip(office.hours) {
        *day = parse_spans(text).ok_or_else(|| Failure::stored("demo hours", text))?;
    }
    Ok(Branch {
        id: office.id.to_owned(),
        name_zh: office.name_zh.to_owned(),
        name_en: office.name_en.to_owned(),
        address_zh: office.address_zh.to_owned(),
        address_en: office.address_en.to_owned(),
        phone: office.phone.to_owned(),
        hours,
        cash_closed_until,
    })
}
