-- Single days on which a branch does not open, whatever its hours (docs/domain.md §2), with the reason in the words that customers
-- read. They are reference data, so a change of them raises the version.
CREATE TABLE branch_closures (
    branch_id TEXT NOT NULL REFERENCES branches (id),
    day TEXT NOT NULL,
    reason TEXT NOT NULL CONSTRAINT branch_closures_reason CHECK (reason <> ''),
    PRIMARY KEY (branch_id, day)
);
CREATE TRIGGER branch_closures_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON branch_closures FOR EACH STATEMENT EXECUTE FUNCTION raise_reference_version();
