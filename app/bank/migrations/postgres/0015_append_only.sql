-- History and audit are only ever appended to: never changed or truncated, and deleted only past their retention. The
-- machine's clock decides, not the bank's, and a missing line means for ever.
CREATE TABLE retention (
    table_name TEXT PRIMARY KEY,
    -- Nobody shortens it to less than a year (docs/domain.md §12).
    days BIGINT NOT NULL CONSTRAINT retention_days CHECK (days >= 365)
);
INSERT INTO retention (table_name, days) VALUES ('audit', 365), ('case_events', 3650);

CREATE FUNCTION refuse_early_delete() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept BIGINT := COALESCE((SELECT days FROM retention WHERE table_name = TG_TABLE_NAME), 36500);
BEGIN
    IF OLD.at >= CAST(EXTRACT(EPOCH FROM now()) * 1000 AS BIGINT) - kept * 86400000 THEN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
    END IF;
    RETURN OLD;
END $$;

DROP TRIGGER case_events_append_only ON case_events;
CREATE TRIGGER case_events_no_update BEFORE UPDATE ON case_events FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER case_events_no_delete BEFORE DELETE ON case_events FOR EACH ROW EXECUTE FUNCTION refuse_early_delete();
CREATE TRIGGER case_events_no_truncate BEFORE TRUNCATE ON case_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- ALWAYS: also in a session that calls itself a replica.
ALTER TABLE case_events ENABLE ALWAYS TRIGGER case_events_no_update;
ALTER TABLE case_events ENABLE ALWAYS TRIGGER case_events_no_delete;
ALTER TABLE case_events ENABLE ALWAYS TRIGGER case_events_no_truncate;

DROP TRIGGER audit_append_only ON audit;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION refuse_early_delete();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE audit ENABLE ALWAYS TRIGGER audit_no_update;
ALTER TABLE audit ENABLE ALWAYS TRIGGER audit_no_delete;
ALTER TABLE audit ENABLE ALWAYS TRIGGER audit_no_truncate;
