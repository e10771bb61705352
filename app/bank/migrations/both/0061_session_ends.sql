-- Who ended a session before its time, so that the sign-in page tells the true reason (docs/domain.md §12): the user, from this or
-- another device, or the bank by a reset. NULL: it has not been ended, or it was before this column existed.
ALTER TABLE sessions ADD COLUMN ended_by TEXT CONSTRAINT sessions_ended_by CHECK (ended_by IN ('user', 'bank'));
