-- The second factor of a user: an authenticator app (docs/domain.md §12). It admits nobody until a code has confirmed it; until then
-- only the session that has begun it sees the secret.
CREATE TABLE authenticators (
    user_id TEXT PRIMARY KEY REFERENCES users (id),
    secret_sealed TEXT NOT NULL,
    begun_in TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    confirmed_at BIGINT,
    -- The time step of the last accepted code: only a code of a later one is accepted, so each is used once.
    last_step BIGINT NOT NULL DEFAULT 0,
    -- Wrong codes in a row.
    failures BIGINT NOT NULL DEFAULT 0 CONSTRAINT authenticators_failures CHECK (failures >= 0),
    -- No code is judged before this time.
    locked_until BIGINT NOT NULL DEFAULT 0
);

-- Codes that replace the app when it is lost, as keyed hashes. Each is used once.
CREATE TABLE recovery_codes (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    code_hash TEXT NOT NULL,
    used_at BIGINT,
    CONSTRAINT recovery_codes_code UNIQUE (user_id, code_hash)
);

-- When the second factor was given in this session, the last time.
ALTER TABLE sessions ADD COLUMN factor_at BIGINT;
