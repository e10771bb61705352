-- Messages with a one-time code are sent before all others, which may be many: a code is awaited by somebody and expires in minutes.
DROP INDEX outbox_unsent;
CREATE INDEX outbox_unsent ON outbox ((expires_at IS NULL), due_at, created_at) WHERE sent_at IS NULL AND dead_at IS NULL;
