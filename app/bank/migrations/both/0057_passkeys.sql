-- Passkeys, a second factor beside the authenticator app (docs/domain.md §12).

-- Users who have begun to add one.
CREATE TABLE passkey_users (
    user_id TEXT PRIMARY KEY REFERENCES users (id),
    -- What authenticators know the user by: random, so that it says nothing about the person.
    handle TEXT NOT NULL CONSTRAINT passkey_users_handle UNIQUE,
    -- Wrong recovery codes in a row of somebody without an authenticator app, and until when none is judged.
    failures BIGINT NOT NULL DEFAULT 0 CONSTRAINT passkey_users_failures CHECK (failures >= 0),
    locked_until BIGINT NOT NULL DEFAULT 0
);

-- A public key is no secret: it is not sealed.
CREATE TABLE passkeys (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES passkey_users (user_id),
    name TEXT NOT NULL,
    credential_id TEXT NOT NULL CONSTRAINT passkeys_credential UNIQUE,
    public_key TEXT NOT NULL,
    -- Whether the authenticator may copy it to other devices of the person.
    may_be_copied BOOLEAN NOT NULL,
    -- How the browser reaches the authenticator, a set of bits.
    transports BIGINT NOT NULL,
    -- Uses so far, as the authenticator counts them; 0 if it does not.
    sign_count BIGINT NOT NULL CONSTRAINT passkeys_sign_count CHECK (sign_count >= 0),
    created_at BIGINT NOT NULL,
    last_used_at BIGINT
);
CREATE INDEX passkeys_user ON passkeys (user_id);

-- What a session was asked last, to add a passkey and to give one. It is deleted when it is answered.
CREATE TABLE passkey_challenges (
    session_id TEXT NOT NULL,
    act TEXT NOT NULL CONSTRAINT passkey_challenges_act CHECK (act IN ('add', 'give')),
    challenge TEXT NOT NULL,
    -- What the server keeps of it, and what the browser is told.
    state TEXT NOT NULL,
    options TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (session_id, act)
);
CREATE INDEX passkey_challenges_expiry ON passkey_challenges (expires_at);
