-- Codes that are sent to the phone of a customer without a second factor, for a step-up (docs/domain.md §12). A code is kept as a keyed
-- hash. It ends when it is used, replaced, expired, or after too many wrong tries, and when the user sets up a second factor.
CREATE TABLE step_up_codes (
    -- The idempotency key of the form that had it sent.
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    -- The session that asked for it; no other can give it.
    session_id TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    -- Blind index of the number it was sent to: the code counts only while the customer has this number.
    phone_index TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    failures BIGINT NOT NULL DEFAULT 0,
    used_at BIGINT,
    ended_at BIGINT,
    CONSTRAINT step_up_codes_failures CHECK (failures >= 0),
    CONSTRAINT step_up_codes_expiry CHECK (expires_at > created_at),
    CONSTRAINT step_up_codes_once CHECK (used_at IS NULL OR ended_at IS NULL)
);
CREATE UNIQUE INDEX step_up_codes_open ON step_up_codes (user_id) WHERE used_at IS NULL AND ended_at IS NULL;
CREATE INDEX step_up_codes_user ON step_up_codes (user_id, created_at);
CREATE INDEX step_up_codes_created ON step_up_codes (created_at);

-- A message with a one-time code: it is not sent after this time and never shown in the portal. The code is sealed, and removed when the
-- message is sent or given up.
ALTER TABLE outbox ADD COLUMN expires_at BIGINT;
ALTER TABLE outbox ADD COLUMN code_sealed TEXT
    CONSTRAINT outbox_code CHECK (code_sealed IS NULL OR (expires_at IS NOT NULL AND sent_at IS NULL AND dead_at IS NULL));
