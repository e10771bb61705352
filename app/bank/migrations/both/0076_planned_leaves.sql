-- The day of a leave that is planned (docs/domain.md §12). It is judged again when the day comes; until it is carried out, with which
-- `left_on` is written, the person keeps access.
ALTER TABLE users ADD COLUMN leaves_on TEXT;
UPDATE users SET leaves_on = left_on, left_on = NULL WHERE customer_id IS NULL AND left_on > CAST(CURRENT_DATE AS TEXT);
CREATE INDEX users_leaves ON users (leaves_on) WHERE leaves_on IS NOT NULL;
