-- An import decides in one short transaction and then writes what it has decided in small ones (ARCHITECTURE.md, Import). New rows
-- come first; readers hide them while their run is 'decided', so they appear together when it becomes 'published'. Changes of rows
-- that stand follow. Then the run is removed. A run that was not decided is 'dropped', and its staged rows are removed.
ALTER TABLE import_runs ADD COLUMN state TEXT NOT NULL DEFAULT 'staging'
    CONSTRAINT import_runs_state CHECK (state IN ('staging', 'decided', 'published', 'dropped'));

-- The run that inserted the row; NULL: none. It may be of a run that has been removed since.
ALTER TABLE customers ADD COLUMN import_run TEXT;
ALTER TABLE users ADD COLUMN import_run TEXT;
ALTER TABLE accounts ADD COLUMN import_run TEXT;
ALTER TABLE holdings ADD COLUMN import_run TEXT;

-- What is staged before this migration belongs to no decided run, so the tables are made anew: rows are taken in the order of
-- their customers, and no two staged rows claim one number or sign-in name.
DROP TABLE import_customers;
CREATE TABLE import_customers (
    run_id TEXT NOT NULL,
    id TEXT NOT NULL,
    fresh BOOLEAN NOT NULL,
    number TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    birth_day TEXT,
    id_type TEXT NOT NULL,
    sealed_id TEXT NOT NULL,
    sealed_phone TEXT NOT NULL,
    sealed_email TEXT,
    address TEXT NOT NULL,
    resident BOOLEAN NOT NULL,
    capable BOOLEAN NOT NULL,
    vip BOOLEAN NOT NULL,
    risk_flag BOOLEAN NOT NULL,
    usual_branch_id TEXT,
    demo BOOLEAN NOT NULL,
    id_index TEXT NOT NULL,
    phone_index TEXT NOT NULL,
    phone_last4_index TEXT NOT NULL,
    email_index TEXT,
    PRIMARY KEY (run_id, fresh, id)
);
CREATE UNIQUE INDEX import_customers_number ON import_customers (number) WHERE fresh;

DROP TABLE import_users;
CREATE TABLE import_users (
    run_id TEXT NOT NULL,
    id TEXT NOT NULL,
    fresh BOOLEAN NOT NULL,
    sign_in_name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    name TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    PRIMARY KEY (run_id, fresh, customer_id, id)
);
CREATE UNIQUE INDEX import_users_sign_in_name ON import_users (sign_in_name) WHERE fresh;

DROP TABLE import_accounts;
CREATE TABLE import_accounts (
    run_id TEXT NOT NULL,
    id TEXT NOT NULL,
    fresh BOOLEAN NOT NULL,
    customer_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    last4 TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    balance BIGINT NOT NULL,
    sealed_number TEXT NOT NULL,
    number_index TEXT NOT NULL,
    PRIMARY KEY (run_id, fresh, customer_id, id)
);
CREATE UNIQUE INDEX import_accounts_number ON import_accounts (number_index) WHERE fresh;

DROP TABLE import_holdings;
CREATE TABLE import_holdings (
    run_id TEXT NOT NULL,
    fresh BOOLEAN NOT NULL,
    customer_id TEXT NOT NULL,
    product_code TEXT NOT NULL,
    amount BIGINT NOT NULL,
    matures_on TEXT,
    PRIMARY KEY (run_id, fresh, customer_id, product_code)
);
