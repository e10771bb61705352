-- 0076 took the day of UTC for today. Before eight in the morning the bank, eight hours ahead of UTC, has the next one: whoever is without
-- access since that day had a plan made of it, and is without access again. Nothing else runs between the two in an upgrade of a release.
UPDATE users SET left_on = leaves_on, leaves_on = NULL
WHERE customer_id IS NULL AND leaves_on > CAST(CAST(CURRENT_TIMESTAMP AT TIME ZONE 'UTC' AS DATE) AS TEXT)
AND leaves_on <= CAST(CAST((CURRENT_TIMESTAMP AT TIME ZONE 'UTC') + INTERVAL '8 hours' AS DATE) AS TEXT);
