-- no-transaction
-- Every kind of case is a row; a new kind's migration adds its own. SQLite gives a column a foreign key only by a rebuild of
-- its table. The rebuild needs foreign_keys off, which is ignored inside a transaction; so this step brings its own, and
-- can be run again should the process end between its commit and the note that it ran.
PRAGMA foreign_keys = OFF;
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS case_kinds (
    code TEXT PRIMARY KEY,
    -- The two letters its numbers begin with.
    prefix TEXT NOT NULL CONSTRAINT case_kinds_prefix UNIQUE
);
INSERT OR IGNORE INTO case_kinds (code, prefix) VALUES ('cash', 'QK'), ('reception', 'JD'), ('suggestion', 'JY');
CREATE TABLE cases_rebuilt (
    number TEXT PRIMARY KEY,
    kind TEXT NOT NULL REFERENCES case_kinds (code),
    customer_id TEXT NOT NULL REFERENCES customers (id),
    branch_id TEXT REFERENCES branches (id),
    state TEXT NOT NULL,
    -- Raised by changes of state only.
    version BIGINT NOT NULL,
    -- Whether the bank owes an answer; with due_at it orders the desk.
    waiting BOOLEAN NOT NULL,
    due_at BIGINT NOT NULL,
    escalated_at BIGINT,
    -- When an appointment begins and ends; NULL for a case without a time.
    starts_at BIGINT,
    ends_at BIGINT,
    -- When the system acts by itself in this state; NULL: never.
    acts_at BIGINT,
    amount BIGINT,
    topic TEXT NOT NULL DEFAULT '',
    created_by TEXT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
INSERT INTO cases_rebuilt (number, kind, customer_id, branch_id, state, version, waiting, due_at, escalated_at, starts_at, ends_at,
    acts_at, amount, topic, created_by, created_at, updated_at)
    SELECT number, kind, customer_id, branch_id, state, version, waiting, due_at, escalated_at, starts_at, ends_at,
    acts_at, amount, topic, created_by, created_at, updated_at FROM cases;
DROP TABLE cases;
ALTER TABLE cases_rebuilt RENAME TO cases;
CREATE INDEX cases_queue ON cases (waiting, due_at, number);
CREATE INDEX cases_queue_kind ON cases (kind, waiting, due_at, number);
CREATE INDEX cases_queue_branch ON cases (branch_id, waiting, due_at, number);
CREATE INDEX cases_queue_state ON cases (state, due_at, number);
CREATE INDEX cases_queue_all ON cases (due_at, number);
CREATE INDEX cases_customer ON cases (customer_id, created_at);
CREATE INDEX cases_acts ON cases (acts_at) WHERE acts_at IS NOT NULL;
COMMIT;
PRAGMA foreign_keys = ON;
