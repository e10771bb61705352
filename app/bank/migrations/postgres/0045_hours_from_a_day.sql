-- Opening hours hold from a day on: the rows of one branch and day are a whole week, with '' for a closed weekday
-- (docs/domain.md §2).
ALTER TABLE branch_hours ADD COLUMN effective_from TEXT NOT NULL DEFAULT '2000-01-01';
ALTER TABLE branch_hours DROP CONSTRAINT branch_hours_pkey;
ALTER TABLE branch_hours ADD PRIMARY KEY (branch_id, effective_from, weekday);

-- From this day on the branch is closed for good; it stays in old cases.
ALTER TABLE branches ADD COLUMN closed_on TEXT;
