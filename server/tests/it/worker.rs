//! The worker's round: messages leave once, reception days of a demo bank are topped up.

use server::adapters::outbox::OutboxFolder;
use server::commands::demo;
use server::worker::Worker;

use crate::on_both_engines;
use crate::support::TestBank;

on_both_engines!(blank: every_message_is_laid_into_the_outbox_once, reception_days_are_topped_up_as_the_days_go_by);

async fn every_message_is_laid_into_the_outbox_once(bank: &TestBank) {
    demo::load(&bank.bank, 0).await.unwrap();
    let data = bank.settings().data;
    let unsent = bank.number("SELECT COUNT(*) FROM outbox WHERE sent_at IS NULL").await;
    assert!(unsent > 0);
    let worker = Worker::new(bank.bank.clone(), OutboxFolder::below(&data));
    let files = || i64::try_from(std::fs::read_dir(data.join("outbox")).map_or(0, Iterator::count)).unwrap();
    for _ in 0..2 {
        worker.pass().await;
        assert_eq!(files(), unsent);
        assert_eq!(bank.number("SELECT COUNT(*) FROM outbox WHERE sent_at IS NULL").await, 0);
    }
}

async fn reception_days_are_topped_up_as_the_days_go_by(bank: &TestBank) {
    demo::load(&bank.bank, 0).await.unwrap();
    let worker = Worker::new(bank.bank.clone(), OutboxFolder::below(&bank.settings().data));
    let before = bank.count("receptions").await;
    worker.pass().await;
    assert_eq!(bank.count("receptions").await, before, "announced already");
    bank.set_time("2026-11-30T10:00:00+08:00");
    worker.pass().await;
    assert!(bank.number("SELECT COUNT(*) FROM receptions WHERE day > '2026-12-14'").await > 0);
}
