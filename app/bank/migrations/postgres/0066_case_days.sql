-- The appointments of a branch by day: counts that are kept for the lists of the day and of what is to come, and an index in the
-- order of these lists. A day is the number of days since 1970-01-01 in bank time (UTC+08:00).
CREATE TABLE case_day_counts (
    -- Blank: head office.
    branch_id TEXT NOT NULL,
    day BIGINT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    cases BIGINT NOT NULL,
    PRIMARY KEY (branch_id, day, kind, state)
);
INSERT INTO case_day_counts (branch_id, day, kind, state, cases)
    SELECT COALESCE(branch_id, ''), (starts_at + 28800000) / 86400000, kind, state, COUNT(*) FROM cases
    WHERE starts_at IS NOT NULL GROUP BY COALESCE(branch_id, ''), (starts_at + 28800000) / 86400000, kind, state;

-- Differences that are pending already are counted above, so they have no day.
ALTER TABLE case_count_changes ADD COLUMN day BIGINT;

CREATE OR REPLACE FUNCTION count_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO case_count_changes (branch_id, kind, state, waiting, cases, day)
        VALUES (COALESCE(OLD.branch_id, ''), OLD.kind, OLD.state, OLD.waiting, -1, (OLD.starts_at + 28800000) / 86400000);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO case_count_changes (branch_id, kind, state, waiting, cases, day)
        VALUES (COALESCE(NEW.branch_id, ''), NEW.kind, NEW.state, NEW.waiting, 1, (NEW.starts_at + 28800000) / 86400000);
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER cases_counted_update ON cases;
CREATE TRIGGER cases_counted_update AFTER UPDATE OF branch_id, kind, state, waiting, starts_at ON cases FOR EACH ROW
WHEN ((OLD.branch_id, OLD.kind, OLD.state, OLD.waiting, OLD.starts_at)
    IS DISTINCT FROM (NEW.branch_id, NEW.kind, NEW.state, NEW.waiting, NEW.starts_at))
EXECUTE FUNCTION count_case();

DROP INDEX cases_times;
CREATE INDEX cases_times ON cases (branch_id, starts_at, number) WHERE starts_at IS NOT NULL;
