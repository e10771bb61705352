-- An import stages its rows here in small transactions, ready to be stored: ids are made, personal data are sealed for the
-- row they will stand in. One short transaction then copies them. Rows of a run that has died are removed by the next one.
CREATE TABLE import_runs (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    -- The newest sealing key when it began; NULL: none was registered.
    seal_key BIGINT
);

-- fresh: a new row; otherwise the values of one that stands.
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
    PRIMARY KEY (run_id, id)
);

CREATE TABLE import_users (
    run_id TEXT NOT NULL,
    id TEXT NOT NULL,
    fresh BOOLEAN NOT NULL,
    sign_in_name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    name TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    PRIMARY KEY (run_id, id)
);

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
    PRIMARY KEY (run_id, id)
);

CREATE TABLE import_holdings (
    run_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    product_code TEXT NOT NULL,
    amount BIGINT NOT NULL,
    matures_on TEXT,
    PRIMARY KEY (run_id, customer_id, product_code)
);
