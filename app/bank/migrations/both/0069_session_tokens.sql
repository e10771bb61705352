-- The token of a session is renewed while the session lasts (docs/domain.md §12). A new one counts from its first use, so that a lost
-- response ends nothing. Any other token of the session is an old one; who shows it has a copy. NULL: a session of before this
-- migration, whose token has no id.
ALTER TABLE sessions ADD COLUMN token TEXT;
-- Issued, and not used yet.
ALTER TABLE sessions ADD COLUMN next_token TEXT;
ALTER TABLE sessions ADD COLUMN next_at BIGINT;
-- The one before, and until when it is still accepted.
ALTER TABLE sessions ADD COLUMN previous_token TEXT;
ALTER TABLE sessions ADD COLUMN previous_until BIGINT;
-- When an old token ended the session.
ALTER TABLE sessions ADD COLUMN reused_at BIGINT;
