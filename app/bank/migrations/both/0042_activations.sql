-- People leave, and people set their own password (docs/domain.md §12). From the day `left_on` a user has no session and cannot
-- sign in. An empty password hash means that the user has not been activated: no password fits it.
ALTER TABLE users ADD COLUMN left_on TEXT;

-- One-time secrets with which a user sets a password: a link for staff, a code for customers. The secret is stored as a keyed
-- hash; it ends when it is used, renewed, expired, or after too many wrong attempts.
CREATE TABLE activations (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL CONSTRAINT activations_kind CHECK (kind IN ('link', 'code')),
    secret_hash TEXT NOT NULL CONSTRAINT activations_secret UNIQUE,
    created_at BIGINT NOT NULL,
    -- Who asked for it; NULL: the command line.
    created_by TEXT REFERENCES users (id),
    expires_at BIGINT NOT NULL,
    failures BIGINT NOT NULL DEFAULT 0,
    used_at BIGINT,
    -- The idempotency key of the form that used it.
    used_key TEXT,
    ended_at BIGINT,
    CONSTRAINT activations_failures CHECK (failures >= 0),
    CONSTRAINT activations_used CHECK ((used_at IS NULL) = (used_key IS NULL))
);
CREATE UNIQUE INDEX activations_open ON activations (user_id) WHERE used_at IS NULL AND ended_at IS NULL;
CREATE INDEX activations_created ON activations (created_at);
