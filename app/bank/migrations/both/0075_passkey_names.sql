-- The passkeys of a user have different names (docs/domain.md §12). Of several with one name the oldest keeps it; the others get the
-- first free of "name (2)", "name (3)" and so on, in the order in which they were added. A user has five at most.
WITH numbers (number) AS (VALUES (2), (3), (4), (5), (6), (7), (8), (9)),
free AS (
    SELECT p.user_id, p.name, p.name || ' (' || CAST(n.number AS TEXT) || ')' AS new_name,
        ROW_NUMBER() OVER (PARTITION BY p.user_id, p.name ORDER BY n.number) + 1 AS place
    FROM (SELECT DISTINCT user_id, name FROM passkeys) AS p CROSS JOIN numbers AS n
    WHERE NOT EXISTS (SELECT 1 FROM passkeys AS o WHERE o.user_id = p.user_id
        AND o.name = p.name || ' (' || CAST(n.number AS TEXT) || ')')
),
placed AS (
    SELECT id, user_id, name, ROW_NUMBER() OVER (PARTITION BY user_id, name ORDER BY created_at, id) AS place FROM passkeys
)
UPDATE passkeys SET name = free.new_name FROM placed
JOIN free ON free.user_id = placed.user_id AND free.name = placed.name AND free.place = placed.place
WHERE placed.id = passkeys.id AND placed.place > 1;

DROP INDEX passkeys_user;
CREATE UNIQUE INDEX passkeys_name ON passkeys (user_id, name);
