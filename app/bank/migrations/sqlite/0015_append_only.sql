-- History and audit are only ever appended to: never changed, and deleted only past their retention. The machine's
-- clock decides, not the bank's, and a missing line means for ever. REPLACE is an insert that deletes what stood there:
-- a key or a row number that exists already is refused.
CREATE TABLE retention (
    table_name TEXT PRIMARY KEY,
    -- Nobody shortens it to less than a year (docs/domain.md §12).
    days BIGINT NOT NULL CONSTRAINT retention_days CHECK (days >= 365)
);
INSERT INTO retention (table_name, days) VALUES ('audit', 365), ('case_events', 3650);

DROP TRIGGER case_events_no_delete;
CREATE TRIGGER case_events_no_delete BEFORE DELETE ON case_events
WHEN OLD.at >= unixepoch('now') * 1000 - COALESCE((SELECT days FROM retention WHERE table_name = 'case_events'), 36500) * 86400000
BEGIN SELECT RAISE(ABORT, 'case_events is append-only'); END;
CREATE TRIGGER case_events_no_replace BEFORE INSERT ON case_events
WHEN EXISTS (SELECT 1 FROM case_events WHERE seq = NEW.seq)
    OR EXISTS (SELECT 1 FROM case_events WHERE case_number = NEW.case_number AND version = NEW.version AND to_state IS NOT NULL
        AND NEW.to_state IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'case_events is append-only'); END;

DROP TRIGGER audit_no_delete;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
WHEN OLD.at >= unixepoch('now') * 1000 - COALESCE((SELECT days FROM retention WHERE table_name = 'audit'), 36500) * 86400000
BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM audit WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
