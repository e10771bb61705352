-- One text for both engines. Times are BIGINT UTC milliseconds, money BIGINT fen, days and times of day ISO TEXT,
-- JSON as TEXT; columns that end in _sealed hold AEAD ciphertext (kernel/seal.rs).

-- Facts about this installation: 'demo' stands here once the demo bank has been loaded.
CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- A parameter holds from its effective day on; branch_id '' means the whole bank.
CREATE TABLE parameters (
    name TEXT NOT NULL,
    branch_id TEXT NOT NULL DEFAULT '',
    effective_from TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (name, branch_id, effective_from)
);

-- Published public holidays (closed) and make-up working days (open).
CREATE TABLE calendar_days (
    day TEXT PRIMARY KEY,
    kind TEXT NOT NULL CONSTRAINT calendar_days_kind CHECK (kind IN ('closed', 'open')),
    name TEXT NOT NULL
);

CREATE TABLE branches (
    id TEXT PRIMARY KEY,
    position BIGINT NOT NULL UNIQUE,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    address_zh TEXT NOT NULL,
    address_en TEXT NOT NULL,
    phone TEXT NOT NULL,
    -- Until this day (exclusive) the branch pays out no booked cash; NULL: no such time.
    cash_closed_until TEXT
);

-- Opening hours per weekday, 1 = Monday: spans such as 09:00-12:00,14:00-17:00; no row: closed.
CREATE TABLE branch_hours (
    branch_id TEXT NOT NULL REFERENCES branches (id),
    weekday BIGINT NOT NULL CONSTRAINT branch_hours_weekday CHECK (weekday BETWEEN 1 AND 7),
    spans TEXT NOT NULL,
    PRIMARY KEY (branch_id, weekday)
);

CREATE TABLE customers (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CONSTRAINT customers_kind CHECK (kind IN ('personal', 'company')),
    name TEXT NOT NULL,
    -- How a letter addresses them: 'ms', 'mr' or '' (companies, unknown).
    title TEXT NOT NULL DEFAULT '',
    birth_day TEXT,
    id_type TEXT NOT NULL,
    id_sealed TEXT NOT NULL,
    phone_sealed TEXT NOT NULL,
    address TEXT NOT NULL,
    resident BOOLEAN NOT NULL,
    -- Full capacity for civil conduct.
    capable BOOLEAN NOT NULL,
    vip BOOLEAN NOT NULL,
    risk_flag BOOLEAN NOT NULL,
    usual_branch_id TEXT REFERENCES branches (id),
    demo BOOLEAN NOT NULL
);

CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customers (id),
    kind TEXT NOT NULL,
    last4 TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    balance BIGINT NOT NULL
);
CREATE INDEX accounts_customer ON accounts (customer_id);

-- Who may sign in. A customer's person or operator carries customer_id, staff do not.
CREATE TABLE users (
    id TEXT PRIMARY KEY,
    sign_in_name TEXT NOT NULL CONSTRAINT users_sign_in_name UNIQUE,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL CONSTRAINT users_role CHECK (role IN ('customer', 'clerk', 'branch_head', 'administrator')),
    name TEXT NOT NULL,
    customer_id TEXT REFERENCES customers (id),
    branch_id TEXT REFERENCES branches (id),
    language TEXT,
    failures BIGINT NOT NULL DEFAULT 0,
    failed_on TEXT,
    CONSTRAINT users_customer CHECK ((role = 'customer') = (customer_id IS NOT NULL))
);
CREATE INDEX users_customer_id ON users (customer_id);

CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    ended_at BIGINT,
    device TEXT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id, ended_at);

-- One row per consent given; withdrawn_at closes it. The newest row of a purpose counts.
CREATE TABLE consents (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customers (id),
    purpose TEXT NOT NULL,
    notice_version TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    withdrawn_at BIGINT
);
CREATE UNIQUE INDEX consents_open ON consents (customer_id, purpose) WHERE withdrawn_at IS NULL;

-- What a form holds between its pages: the draft, the idempotency key and the last refusal are this one row.
CREATE TABLE form_states (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL REFERENCES users (id),
    form TEXT NOT NULL,
    version BIGINT NOT NULL,
    fields TEXT NOT NULL,
    refusal TEXT,
    case_number TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX form_states_owner ON form_states (owner, form, updated_at);

-- Work of every kind: what the customer reads out, the desk queues and history hangs on.
CREATE TABLE cases (
    number TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    customer_id TEXT NOT NULL REFERENCES customers (id),
    branch_id TEXT REFERENCES branches (id),
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    -- Whether the bank owes an answer; with due_at it orders the desk.
    waiting BOOLEAN NOT NULL,
    due_at BIGINT NOT NULL,
    escalated_at BIGINT,
    -- When an appointment begins and ends; NULL for a case without a time.
    starts_at BIGINT,
    ends_at BIGINT,
    -- When the system acts by itself in this state (time-out, no-show); NULL: never.
    acts_at BIGINT,
    amount BIGINT,
    topic TEXT NOT NULL DEFAULT '',
    created_by TEXT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX cases_queue ON cases (waiting, due_at, number);
CREATE INDEX cases_queue_kind ON cases (kind, waiting, due_at, number);
CREATE INDEX cases_queue_branch ON cases (branch_id, waiting, due_at, number);
CREATE INDEX cases_queue_state ON cases (state, due_at, number);
CREATE INDEX cases_customer ON cases (customer_id, created_at);
CREATE INDEX cases_acts ON cases (acts_at) WHERE acts_at IS NOT NULL;

-- Append-only (0002).
CREATE TABLE case_history (
    case_number TEXT NOT NULL REFERENCES cases (number),
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    role TEXT NOT NULL,
    user_id TEXT,
    user_name TEXT NOT NULL,
    action TEXT NOT NULL,
    from_state TEXT,
    to_state TEXT NOT NULL,
    reason TEXT,
    detail TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (case_number, version)
);

-- Seen by staff only.
CREATE TABLE case_notes (
    id TEXT PRIMARY KEY,
    case_number TEXT NOT NULL REFERENCES cases (number),
    at BIGINT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id),
    user_name TEXT NOT NULL,
    content TEXT NOT NULL
);
CREATE INDEX case_notes_case ON case_notes (case_number, at);

-- Messages to customers, written in the transaction that gives the reason, sent by the worker.
CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customers (id),
    case_number TEXT REFERENCES cases (number),
    kind TEXT NOT NULL,
    details TEXT NOT NULL,
    language TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    claimed_at BIGINT,
    sent_at BIGINT,
    read_at BIGINT
);
CREATE INDEX outbox_unsent ON outbox (created_at) WHERE sent_at IS NULL;
CREATE INDEX outbox_customer ON outbox (customer_id, created_at);
CREATE INDEX outbox_case ON outbox (case_number, created_at);

-- Append-only (0002): who, what, when, result.
CREATE TABLE audit (
    id TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    role TEXT NOT NULL,
    user_id TEXT,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    result TEXT NOT NULL
);
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_subject ON audit (subject, at);

-- No two appointments of one customer overlap: every half hour taken is a row, so the primary key is the promise.
CREATE TABLE engagements (
    customer_id TEXT NOT NULL REFERENCES customers (id),
    day TEXT NOT NULL,
    half_hour BIGINT NOT NULL,
    case_number TEXT NOT NULL REFERENCES cases (number),
    CONSTRAINT engagements_overlap PRIMARY KEY (customer_id, day, half_hour)
);
CREATE INDEX engagements_case ON engagements (case_number);

-- Cash: what a branch has and what is taken of it. A missing row means that nothing has been taken yet.
CREATE TABLE cash_slots (
    branch_id TEXT NOT NULL REFERENCES branches (id),
    day TEXT NOT NULL,
    slot TEXT NOT NULL,
    capacity BIGINT NOT NULL,
    reserved BIGINT NOT NULL,
    PRIMARY KEY (branch_id, day, slot),
    CONSTRAINT cash_slots_reserved CHECK (reserved BETWEEN 0 AND capacity)
);
CREATE TABLE cash_totals (
    branch_id TEXT NOT NULL REFERENCES branches (id),
    day TEXT NOT NULL,
    total BIGINT NOT NULL,
    reserved BIGINT NOT NULL,
    PRIMARY KEY (branch_id, day),
    CONSTRAINT cash_totals_reserved CHECK (reserved BETWEEN 0 AND total)
);
CREATE TABLE cash_notes (
    branch_id TEXT NOT NULL REFERENCES branches (id),
    day TEXT NOT NULL,
    denomination BIGINT NOT NULL,
    stock BIGINT NOT NULL,
    reserved BIGINT NOT NULL,
    PRIMARY KEY (branch_id, day, denomination),
    CONSTRAINT cash_notes_reserved CHECK (reserved BETWEEN 0 AND stock)
);

CREATE TABLE cash_appointments (
    case_number TEXT PRIMARY KEY REFERENCES cases (number),
    customer_id TEXT NOT NULL REFERENCES customers (id),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    branch_id TEXT NOT NULL REFERENCES branches (id),
    day TEXT NOT NULL,
    slot TEXT NOT NULL,
    amount BIGINT NOT NULL,
    notes_100 BIGINT NOT NULL,
    notes_50 BIGINT NOT NULL,
    notes_20 BIGINT NOT NULL,
    notes_10 BIGINT NOT NULL,
    notes_5 BIGINT NOT NULL,
    notes_1 BIGINT NOT NULL,
    any_notes BOOLEAN NOT NULL,
    new_notes BOOLEAN NOT NULL,
    purpose TEXT,
    purpose_other TEXT,
    collector TEXT NOT NULL CONSTRAINT cash_appointments_collector CHECK (collector IN ('self', 'agent')),
    agent_name TEXT,
    agent_id_type TEXT,
    agent_id_sealed TEXT,
    phone_sealed TEXT NOT NULL,
    remark TEXT NOT NULL,
    cancel_until BIGINT NOT NULL,
    confirmed_by TEXT REFERENCES users (id),
    -- Who stood at the counter and which document they showed.
    arrived_as TEXT,
    -- When nobody came; three of these block online booking for a time.
    no_show_at BIGINT,
    -- Whether it still counts against capacity and the one a day (states of domain.md section 3).
    live BOOLEAN NOT NULL,
    CONSTRAINT cash_appointments_sum CHECK (amount = 100 * (100 * notes_100 + 50 * notes_50 + 20 * notes_20 + 10 * notes_10 + 5 * notes_5 + notes_1)),
    CONSTRAINT cash_appointments_agent CHECK ((collector = 'agent') = (agent_name IS NOT NULL))
);
CREATE UNIQUE INDEX cash_appointments_one_a_day ON cash_appointments (customer_id, day) WHERE live;
CREATE INDEX cash_appointments_no_shows ON cash_appointments (customer_id, no_show_at) WHERE no_show_at IS NOT NULL;
CREATE INDEX cash_appointments_day ON cash_appointments (branch_id, day, slot);

-- The large-cash register: one row for each booking paid out.
CREATE TABLE cash_register (
    case_number TEXT PRIMARY KEY REFERENCES cash_appointments (case_number),
    paid_at BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    notes_100 BIGINT NOT NULL,
    notes_50 BIGINT NOT NULL,
    notes_20 BIGINT NOT NULL,
    notes_10 BIGINT NOT NULL,
    notes_5 BIGINT NOT NULL,
    notes_1 BIGINT NOT NULL,
    purpose TEXT NOT NULL,
    collected_by TEXT NOT NULL,
    id_checked TEXT NOT NULL,
    teller TEXT NOT NULL REFERENCES users (id)
);

-- Reception days of branch leaders.
CREATE TABLE receptions (
    id TEXT PRIMARY KEY,
    branch_id TEXT NOT NULL REFERENCES branches (id),
    day TEXT NOT NULL,
    host_name TEXT NOT NULL,
    host_title_zh TEXT NOT NULL,
    host_title_en TEXT NOT NULL,
    topic_zh TEXT NOT NULL,
    topic_en TEXT NOT NULL,
    place_zh TEXT NOT NULL,
    place_en TEXT NOT NULL,
    registration_from BIGINT NOT NULL,
    registration_until BIGINT NOT NULL,
    audience TEXT NOT NULL CONSTRAINT receptions_audience CHECK (audience IN ('all', 'vip', 'company')),
    CONSTRAINT receptions_day UNIQUE (branch_id, day)
);
CREATE INDEX receptions_by_day ON receptions (day);
CREATE TABLE reception_slots (
    reception_id TEXT NOT NULL REFERENCES receptions (id),
    slot TEXT NOT NULL,
    capacity BIGINT NOT NULL,
    reserved BIGINT NOT NULL,
    PRIMARY KEY (reception_id, slot),
    CONSTRAINT reception_slots_reserved CHECK (reserved BETWEEN 0 AND capacity)
);
CREATE TABLE reception_applications (
    case_number TEXT PRIMARY KEY REFERENCES cases (number),
    customer_id TEXT NOT NULL REFERENCES customers (id),
    reception_id TEXT NOT NULL REFERENCES receptions (id),
    slot TEXT NOT NULL,
    topic TEXT NOT NULL,
    summary TEXT NOT NULL,
    hope TEXT NOT NULL,
    attendees BIGINT NOT NULL,
    phone_sealed TEXT NOT NULL,
    cancel_until BIGINT NOT NULL,
    live BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX reception_applications_once ON reception_applications (customer_id, reception_id) WHERE live;
CREATE INDEX reception_applications_slot ON reception_applications (reception_id, slot);

-- A published version of a survey is immutable; an edit is a new version.
CREATE TABLE surveys (
    code TEXT NOT NULL,
    version BIGINT NOT NULL,
    definition TEXT NOT NULL,
    closes_at BIGINT NOT NULL,
    PRIMARY KEY (code, version)
);
CREATE TABLE survey_responses (
    survey_code TEXT NOT NULL,
    survey_version BIGINT NOT NULL,
    customer_id TEXT NOT NULL REFERENCES customers (id),
    answers TEXT NOT NULL,
    for_recommendations BOOLEAN NOT NULL,
    submitted_at BIGINT NOT NULL,
    PRIMARY KEY (survey_code, survey_version, customer_id),
    FOREIGN KEY (survey_code, survey_version) REFERENCES surveys (code, version)
);
CREATE INDEX survey_responses_customer ON survey_responses (customer_id);

CREATE TABLE suggestions (
    case_number TEXT PRIMARY KEY REFERENCES cases (number),
    customer_id TEXT NOT NULL REFERENCES customers (id),
    category TEXT NOT NULL,
    content TEXT NOT NULL,
    judgement TEXT CONSTRAINT suggestions_judgement CHECK (judgement IN ('adopted', 'partly', 'not')),
    reason TEXT,
    thanks TEXT
);

-- Products as data; definition holds what recommendations::Product says.
CREATE TABLE products (
    code TEXT PRIMARY KEY,
    position BIGINT NOT NULL UNIQUE,
    definition TEXT NOT NULL
);
CREATE TABLE assessments (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customers (id),
    level TEXT NOT NULL CONSTRAINT assessments_level CHECK (level IN ('C1', 'C2', 'C3', 'C4', 'C5')),
    assessed_on TEXT NOT NULL,
    definition TEXT NOT NULL
);
CREATE INDEX assessments_customer ON assessments (customer_id, assessed_on);
CREATE TABLE holdings (
    customer_id TEXT NOT NULL REFERENCES customers (id),
    product_code TEXT NOT NULL REFERENCES products (code),
    amount BIGINT NOT NULL,
    matures_on TEXT,
    PRIMARY KEY (customer_id, product_code)
);
CREATE TABLE prequalifications (
    customer_id TEXT NOT NULL REFERENCES customers (id),
    product_code TEXT NOT NULL REFERENCES products (code),
    PRIMARY KEY (customer_id, product_code)
);
CREATE TABLE declined_products (
    customer_id TEXT NOT NULL REFERENCES customers (id),
    product_code TEXT NOT NULL REFERENCES products (code),
    declined_at BIGINT NOT NULL,
    PRIMARY KEY (customer_id, product_code)
);
-- What the gate decided last, with the rule, its version and its inputs (domain.md section 9).
CREATE TABLE gate_decisions (
    customer_id TEXT NOT NULL REFERENCES customers (id),
    product_code TEXT NOT NULL REFERENCES products (code),
    decided_at BIGINT NOT NULL,
    admitted BOOLEAN NOT NULL,
    rule TEXT NOT NULL,
    rule_version TEXT NOT NULL,
    inputs TEXT NOT NULL,
    PRIMARY KEY (customer_id, product_code)
);
