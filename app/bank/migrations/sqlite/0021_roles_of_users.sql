-- The role of a user and the audience of a reception are rows, no longer a list in a CHECK. A company's user is its operator.
-- SQLite drops no CHECK: both tables are made anew. Within a transaction the foreign keys that point at them stay in force,
-- so they are checked at the commit, when every row is back under its name. The indexes spare each removed and returned row
-- a scan of the tables that refer to it.
PRAGMA defer_foreign_keys = ON;
CREATE INDEX cases_created_by ON cases (created_by);
CREATE INDEX case_notes_user ON case_notes (user_id);
CREATE INDEX cash_appointments_confirmed_by ON cash_appointments (confirmed_by);
CREATE INDEX cash_register_teller ON cash_register (teller);

CREATE TABLE users_before AS SELECT * FROM users;
DROP TABLE users;
CREATE TABLE users (
    id TEXT PRIMARY KEY,
    sign_in_name TEXT NOT NULL CONSTRAINT users_sign_in_name UNIQUE,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    reach TEXT NOT NULL,
    name TEXT NOT NULL,
    customer_id TEXT REFERENCES customers (id),
    branch_id TEXT REFERENCES branches (id),
    language TEXT,
    failures BIGINT NOT NULL DEFAULT 0,
    failed_on TEXT,
    CONSTRAINT users_role FOREIGN KEY (role, reach) REFERENCES roles (code, reach) ON UPDATE CASCADE,
    CONSTRAINT users_customer CHECK ((reach = 'own') = (customer_id IS NOT NULL))
);
INSERT INTO users (id, sign_in_name, password_hash, role, reach, name, customer_id, branch_id, language, failures, failed_on)
SELECT u.id, u.sign_in_name, u.password_hash, r.code, r.reach, u.name, u.customer_id, u.branch_id, u.language, u.failures, u.failed_on
FROM users_before u
LEFT JOIN customers c ON c.id = u.customer_id
JOIN roles r ON r.code = CASE WHEN c.kind = 'company' THEN 'company_operator' ELSE u.role END;
CREATE INDEX users_customer_id ON users (customer_id);
DROP TABLE users_before;

CREATE TABLE receptions_before AS SELECT * FROM receptions;
DROP TABLE receptions;
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
    audience TEXT NOT NULL CONSTRAINT receptions_audience REFERENCES reception_audiences (code),
    CONSTRAINT receptions_day UNIQUE (branch_id, day)
);
INSERT INTO receptions (id, branch_id, day, host_name, host_title_zh, host_title_en, topic_zh, topic_en, place_zh, place_en,
    registration_from, registration_until, audience)
SELECT id, branch_id, day, host_name, host_title_zh, host_title_en, topic_zh, topic_en, place_zh, place_en,
    registration_from, registration_until, audience
FROM receptions_before;
CREATE INDEX receptions_by_day ON receptions (day);
DROP TABLE receptions_before;

DROP INDEX cases_created_by;
DROP INDEX case_notes_user;
DROP INDEX cash_appointments_confirmed_by;
DROP INDEX cash_register_teller;
