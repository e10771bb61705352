-- A form's key is its owner's own: the same key of another owner, or for another form, is another row.
ALTER TABLE form_states DROP CONSTRAINT form_states_pkey;
ALTER TABLE form_states ADD PRIMARY KEY (owner, form, id);
-- An unfinished form is offered again until then: 30 days after it was last saved, a survey's until the survey closes.
ALTER TABLE form_states ADD COLUMN kept_until BIGINT NOT NULL DEFAULT 0;
UPDATE form_states SET kept_until = COALESCE(
    (SELECT MAX(surveys.closes_at) FROM surveys WHERE form_states.form = 'surveys/' || surveys.code),
    updated_at + 2592000000);
ALTER TABLE form_states ALTER COLUMN kept_until DROP DEFAULT;
DROP INDEX form_states_drafts;
CREATE INDEX form_states_drafts ON form_states (kept_until) WHERE case_number IS NULL;
