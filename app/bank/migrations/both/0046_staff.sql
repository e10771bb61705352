-- The list of staff, sorted by name, and who holds a permission (docs/domain.md §12).
CREATE INDEX users_staff ON users (name, id) WHERE customer_id IS NULL;
