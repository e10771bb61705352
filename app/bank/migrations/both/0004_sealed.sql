-- What a form holds may be an ID or a phone number, so it is sealed as a whole from now on; what stood there in clear goes.
DELETE FROM form_states;
CREATE INDEX form_states_drafts ON form_states (updated_at) WHERE case_number IS NULL;
-- The number a customer gave for this case; NULL: the one the bank holds.
ALTER TABLE outbox ADD COLUMN phone_sealed TEXT;
-- The desk's queue of all states.
CREATE INDEX cases_queue_all ON cases (due_at, number);
