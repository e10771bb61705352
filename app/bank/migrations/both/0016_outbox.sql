-- Sending: how often it was tried, when next, and when it was given up (a dead letter). The row's id is the key that all
-- attempts share. A claim names who holds a message now; only its holder says what became of it.
ALTER TABLE outbox ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN due_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN claim TEXT;
ALTER TABLE outbox ADD COLUMN dead_at BIGINT;
-- Why the last attempt failed; never personal data.
ALTER TABLE outbox ADD COLUMN failure TEXT;
DROP INDEX outbox_unsent;
CREATE INDEX outbox_unsent ON outbox (due_at, created_at) WHERE sent_at IS NULL AND dead_at IS NULL;
CREATE INDEX outbox_dead ON outbox (dead_at) WHERE dead_at IS NOT NULL;
-- What is deleted once it has been kept long enough is found by its time.
CREATE INDEX outbox_created ON outbox (created_at);
CREATE INDEX sessions_seen ON sessions (seen_at);
