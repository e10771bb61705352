-- How often a cash booking was moved by its customer (docs/domain.md §3.5): a page that was filled in before does not move or answer it
-- as it is now.
ALTER TABLE cash_appointments ADD COLUMN moves BIGINT NOT NULL DEFAULT 0 CONSTRAINT cash_appointments_moves CHECK (moves >= 0);
