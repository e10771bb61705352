-- Opening hours hold from a day on: the rows of one branch and day are a whole week, with '' for a closed weekday
-- (docs/domain.md §2). The table is made anew, and with it the triggers of the reference version.
CREATE TABLE branch_hours_dated (
    branch_id TEXT NOT NULL REFERENCES branches (id),
    weekday BIGINT NOT NULL CONSTRAINT branch_hours_weekday CHECK (weekday BETWEEN 1 AND 7),
    spans TEXT NOT NULL,
    effective_from TEXT NOT NULL DEFAULT '2000-01-01',
    PRIMARY KEY (branch_id, effective_from, weekday)
);
INSERT INTO branch_hours_dated (branch_id, weekday, spans) SELECT branch_id, weekday, spans FROM branch_hours;
DROP TABLE branch_hours;
ALTER TABLE branch_hours_dated RENAME TO branch_hours;
CREATE TRIGGER branch_hours_insert_version AFTER INSERT ON branch_hours BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER branch_hours_update_version AFTER UPDATE ON branch_hours BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER branch_hours_delete_version AFTER DELETE ON branch_hours BEGIN UPDATE reference_version SET version = version + 1; END;

-- From this day on the branch is closed for good; it stays in old cases.
ALTER TABLE branches ADD COLUMN closed_on TEXT;
