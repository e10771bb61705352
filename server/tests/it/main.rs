//! All tests that need a database or HTTP, in one binary: real databases of both engines and the real router on a socket. A
//! file is named after the capability it tests; `support` holds the shared test bank and browser.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod support;

mod access;
mod activation;
mod addresses;
mod administration;
mod alarms;
mod announcements;
mod append_only;
mod backup;
mod bare_client;
mod booking_races;
mod booking_statements;
mod branch_hours;
mod case_races;
mod cash_pages;
mod cash_walk;
mod catalogue;
mod check;
mod counts;
mod database_killed;
mod database_trouble;
mod demo;
mod demo_history;
mod desk;
mod desk_forms;
mod desk_pages;
mod entries;
mod first_start;
mod form_rows;
mod founding;
mod group_commit;
mod headers;
mod home;
mod house_rules;
mod import_command;
mod imports;
mod keys;
mod kinds;
mod late_refusals;
mod links;
mod live;
mod lock_file;
mod me;
mod one_person_races;
mod parameters;
mod process_killed;
mod promises;
mod quotas;
mod reception;
mod recommendations;
mod reference_cache;
mod said;
mod sign_in;
mod steps;
mod suggestions;
mod surveys;
mod time_passes;
mod told_to_browsers;
mod typed;
mod typed_text;
mod upgrade;
mod worker;
