-- A refusal can repeat what was typed, so it is stored with the sealed values from now on. Stored refusals are dropped: the pages
-- validate the values again.
ALTER TABLE form_states DROP COLUMN refusal;
-- For the deletion of finished forms after their retention.
CREATE INDEX form_states_finished ON form_states (updated_at) WHERE case_number IS NOT NULL;
