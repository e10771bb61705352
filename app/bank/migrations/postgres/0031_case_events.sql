-- Everything that happened to a case, in one sequence that is only appended to (docs/domain.md §1): changes of state, notes,
-- alarms. A change of state carries from, to and the version it made; everything else carries the version it found, so that
-- it makes no open page outdated.
CREATE TABLE case_events (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_number TEXT NOT NULL REFERENCES cases (number),
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    role TEXT NOT NULL,
    user_id TEXT,
    user_name TEXT NOT NULL,
    action TEXT NOT NULL,
    from_state TEXT,
    -- NULL: no change of state.
    to_state TEXT,
    -- What a person typed: the reason of a change, the content of a note.
    reason TEXT,
    detail TEXT NOT NULL DEFAULT '{}',
    -- Not for the customer.
    internal BOOLEAN NOT NULL
);
-- History, notes and the marks of late cases become events, in the order in which they happened.
INSERT INTO case_events (case_number, version, at, role, user_id, user_name, action, from_state, to_state, reason, detail, internal)
    SELECT case_number, version, at, role, user_id, user_name, action, from_state, to_state, reason, detail, internal FROM (
        SELECT case_number, version, at, role, user_id, user_name, action, from_state, to_state, reason, detail, FALSE AS internal
        FROM case_history
        UNION ALL
        SELECT n.case_number, COALESCE((SELECT MAX(h.version) FROM case_history h WHERE h.case_number = n.case_number AND h.at <= n.at), 1),
            n.at, u.role, n.user_id, n.user_name, 'note', NULL, NULL, n.content, '{}', TRUE
        FROM case_notes n JOIN users u ON u.id = n.user_id
        UNION ALL
        SELECT k.number, COALESCE((SELECT MAX(h.version) FROM case_history h WHERE h.case_number = k.number AND h.at <= k.escalated_at), 1),
            k.escalated_at, 'system', NULL, '', 'breach', NULL, NULL, NULL, '{}', TRUE
        FROM cases k WHERE k.escalated_at IS NOT NULL
    ) AS happened ORDER BY at, case_number, version, action;
DROP TABLE case_history;
DROP TABLE case_notes;
CREATE UNIQUE INDEX case_events_change ON case_events (case_number, version) WHERE to_state IS NOT NULL;
CREATE INDEX case_events_case ON case_events (case_number, seq);
-- What an open desk reads again every few seconds.
CREATE INDEX case_events_at ON case_events (at, seq);

UPDATE retention SET table_name = 'case_events' WHERE table_name = 'case_history';
CREATE TRIGGER case_events_no_update BEFORE UPDATE ON case_events FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER case_events_no_delete BEFORE DELETE ON case_events FOR EACH ROW EXECUTE FUNCTION refuse_early_delete();
CREATE TRIGGER case_events_no_truncate BEFORE TRUNCATE ON case_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE case_events ENABLE ALWAYS TRIGGER case_events_no_update;
ALTER TABLE case_events ENABLE ALWAYS TRIGGER case_events_no_delete;
ALTER TABLE case_events ENABLE ALWAYS TRIGGER case_events_no_truncate;
