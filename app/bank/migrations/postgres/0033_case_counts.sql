-- The desk's counts are kept, not counted. Every change of a case appends its difference in the same transaction, so that no row
-- is updated by everybody; the worker adds the differences to `case_counts` in batches. What counts is the sum of both.
CREATE TABLE case_counts (
    -- Blank: head office.
    branch_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    waiting BOOLEAN NOT NULL,
    cases BIGINT NOT NULL,
    PRIMARY KEY (branch_id, kind, state, waiting)
);
CREATE TABLE case_count_changes (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    branch_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    waiting BOOLEAN NOT NULL,
    cases BIGINT NOT NULL
);
INSERT INTO case_counts (branch_id, kind, state, waiting, cases)
    SELECT COALESCE(branch_id, ''), kind, state, waiting, COUNT(*) FROM cases GROUP BY COALESCE(branch_id, ''), kind, state, waiting;

CREATE FUNCTION count_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO case_count_changes (branch_id, kind, state, waiting, cases)
        VALUES (COALESCE(OLD.branch_id, ''), OLD.kind, OLD.state, OLD.waiting, -1);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO case_count_changes (branch_id, kind, state, waiting, cases)
        VALUES (COALESCE(NEW.branch_id, ''), NEW.kind, NEW.state, NEW.waiting, 1);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_counted AFTER INSERT OR DELETE ON cases FOR EACH ROW EXECUTE FUNCTION count_case();
CREATE TRIGGER cases_counted_update AFTER UPDATE OF branch_id, kind, state, waiting ON cases FOR EACH ROW
WHEN ((OLD.branch_id, OLD.kind, OLD.state, OLD.waiting) IS DISTINCT FROM (NEW.branch_id, NEW.kind, NEW.state, NEW.waiting))
EXECUTE FUNCTION count_case();
