-- Failed sign-ins lock a source, not a name (docs/domain.md §12). Names and sources are blind indexes: what is typed into the field of
-- the name may be a password. Rows of names that nobody has look the same, without a user.
CREATE TABLE sign_in_failures (
    -- When the day begins, UTC milliseconds.
    day_begins BIGINT NOT NULL,
    name_index TEXT NOT NULL,
    -- A source; empty: the sum over all sources that are no known device of the user.
    source_index TEXT NOT NULL,
    failures BIGINT NOT NULL CONSTRAINT sign_in_failures_counted CHECK (failures >= 0),
    user_id TEXT REFERENCES users (id),
    PRIMARY KEY (day_begins, name_index, source_index)
);
CREATE INDEX sign_in_failures_user ON sign_in_failures (user_id) WHERE user_id IS NOT NULL;

-- Devices with which a user has signed in. The browser holds the token in a cookie, the row its hash.
CREATE TABLE known_devices (
    token_hash TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id),
    -- Browser and system in a few words.
    device TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (token_hash, user_id)
);
CREATE INDEX known_devices_user ON known_devices (user_id, used_at);
CREATE INDEX known_devices_used ON known_devices (used_at);

ALTER TABLE users DROP COLUMN failures;
ALTER TABLE users DROP COLUMN failed_on;
