//! What is reserved of a branch's days, compared with what live bookings hold and with what was paid out.

use super::TestBank;

/// Compares reserved capacity with live bookings and with what is proposed for some of them: a place, and on another day the
/// cash as well. Every row returned is a discrepancy.
const RESERVED: [&str; 5] = [
    "SELECT 'proposed for ' || k.number AS what FROM cases k LEFT JOIN case_proposals p ON p.case_number = k.number \
     WHERE (k.state = 'proposed') <> (p.case_number IS NOT NULL)",
    "SELECT s.branch_id || ' ' || s.day || ' ' || s.slot AS what FROM cash_slots s WHERE s.reserved <> \
     (SELECT COUNT(*) FROM cash_appointments b WHERE b.live AND b.branch_id = s.branch_id AND b.day = s.day AND b.slot = s.slot) \
     + (SELECT COUNT(*) FROM case_proposals p WHERE p.branch_id = s.branch_id AND p.day = s.day AND p.slot = s.slot)",
    "SELECT s.branch_id || ' ' || s.day || ' total' AS what FROM cash_totals s WHERE s.reserved <> \
     (SELECT COALESCE(CAST(SUM(b.amount) AS BIGINT), 0) FROM cash_appointments b LEFT JOIN case_proposals p ON p.case_number = b.case_number \
     WHERE b.live AND ((b.branch_id = s.branch_id AND b.day = s.day) OR (p.branch_id = s.branch_id AND p.day = s.day)))",
    "SELECT s.branch_id || ' ' || s.day || ' notes ' || CAST(s.denomination AS TEXT) AS what FROM cash_notes s WHERE s.reserved <> \
     (SELECT COALESCE(CAST(SUM(CASE s.denomination WHEN 100 THEN b.notes_100 WHEN 50 THEN b.notes_50 WHEN 20 THEN b.notes_20 \
     WHEN 10 THEN b.notes_10 WHEN 5 THEN b.notes_5 ELSE b.notes_1 END) AS BIGINT), 0) FROM cash_appointments b LEFT JOIN case_proposals p ON p.case_number = b.case_number \
     WHERE b.live AND ((b.branch_id = s.branch_id AND b.day = s.day) OR (p.branch_id = s.branch_id AND p.day = s.day)))",
    "SELECT 'no row for ' || b.case_number AS what FROM cash_appointments b WHERE b.live AND NOT EXISTS \
     (SELECT 1 FROM cash_slots s WHERE s.branch_id = b.branch_id AND s.day = b.day AND s.slot = b.slot)",
];

/// Compares total capacity with the initial capacity and the payments in the register. A slot's place stays taken after
/// the pay-out. Every row returned is a discrepancy.
const THERE_IS: [&str; 5] = [
    "SELECT s.branch_id || ' ' || s.day || ' ' || s.slot || ' places' AS what FROM cash_slots s WHERE s.capacity <> 2 - \
     (SELECT COUNT(*) FROM cash_appointments b JOIN cases k ON k.number = b.case_number \
     WHERE k.state = 'completed' AND b.branch_id = s.branch_id AND b.day = s.day AND b.slot = s.slot)",
    "SELECT s.branch_id || ' ' || s.day || ' cash' AS what FROM cash_totals s WHERE s.total <> 200000000 - \
     (SELECT COALESCE(CAST(SUM(r.amount) AS BIGINT), 0) FROM cash_register r JOIN cash_appointments b ON b.case_number = r.case_number \
     WHERE b.branch_id = s.branch_id AND b.day = s.day)",
    "SELECT s.branch_id || ' ' || s.day || ' stock ' || CAST(s.denomination AS TEXT) AS what FROM cash_notes s WHERE s.stock <> \
     CASE s.denomination WHEN 100 THEN 9000 WHEN 50 THEN 8000 WHEN 20 THEN 5000 WHEN 10 THEN 5000 ELSE 2000 END - \
     (SELECT COALESCE(CAST(SUM(CASE s.denomination WHEN 100 THEN r.notes_100 WHEN 50 THEN r.notes_50 WHEN 20 THEN r.notes_20 \
     WHEN 10 THEN r.notes_10 WHEN 5 THEN r.notes_5 ELSE r.notes_1 END) AS BIGINT), 0) \
     FROM cash_register r JOIN cash_appointments b ON b.case_number = r.case_number \
     WHERE b.branch_id = s.branch_id AND b.day = s.day)",
    "SELECT 'register of ' || k.number AS what FROM cases k \
     WHERE (k.state = 'completed') <> EXISTS (SELECT 1 FROM cash_register r WHERE r.case_number = k.number)",
    "SELECT 'paid for ' || r.case_number AS what FROM cash_register r JOIN cash_appointments b ON b.case_number = r.case_number \
     WHERE r.amount <= 0 OR r.notes_100 > b.notes_100 OR r.notes_50 > b.notes_50 OR r.notes_20 > b.notes_20 \
     OR r.notes_10 > b.notes_10 OR r.notes_5 > b.notes_5 OR r.notes_1 > b.notes_1 OR r.amount <> 100 * (100 * r.notes_100 \
     + 50 * r.notes_50 + 20 * r.notes_20 + 10 * r.notes_10 + 5 * r.notes_5 + r.notes_1)",
];

/// Checks the `live` flag and `engagements`: both half hours of each live booking and nothing else.
const LIVE: [&str; 3] = [
    "SELECT 'live is wrong for ' || b.case_number AS what FROM cash_appointments b JOIN cases k ON k.number = b.case_number \
     WHERE b.live <> (k.state IN ('submitted', 'awaiting_company_approver', 'awaiting_approval', 'confirmed', 'proposed', 'prepared', 'arrived'))",
    "SELECT 'half hours of ' || b.case_number AS what FROM cash_appointments b WHERE CASE WHEN b.live THEN 2 ELSE 0 END <> \
     (SELECT COUNT(*) FROM engagements e WHERE e.case_number = b.case_number AND e.customer_id = b.customer_id AND e.day = b.day \
     AND e.half_hour - 2 * CAST(SUBSTR(b.slot, 1, 2) AS BIGINT) BETWEEN 0 AND 1)",
    "SELECT 'half hours of nobody' AS what FROM engagements e WHERE NOT EXISTS (SELECT 1 FROM cash_appointments b \
     WHERE b.case_number = e.case_number AND b.live AND b.customer_id = e.customer_id AND b.day = e.day)",
];

/// What is reserved and not held by a live booking, or the other way round; empty if it agrees.
pub async fn reserved_wrongly(bank: &TestBank) -> Vec<String> {
    found(bank, RESERVED.into_iter().chain(LIVE)).await
}

/// All discrepancies in the database; empty if it is consistent.
pub async fn discrepancies(bank: &TestBank) -> Vec<String> {
    found(bank, RESERVED.into_iter().chain(THERE_IS).chain(LIVE)).await
}

async fn found(bank: &TestBank, statements: impl Iterator<Item = &'static str>) -> Vec<String> {
    let mut conn = bank.bank.read().await.expect("a connection");
    let mut found = Vec::new();
    for sql in statements {
        let rows: Vec<(String,)> = conn.fetch_all(sql, Vec::new()).await.expect("rows");
        found.extend(rows.into_iter().map(|(what,)| what));
    }
    found
}
