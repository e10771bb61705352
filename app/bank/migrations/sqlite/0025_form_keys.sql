-- A form's key is its owner's own: the same key of another owner, or for another form, is another row. No table refers to
-- this one, so it can be rebuilt in place.
CREATE TABLE form_states_rebuilt (
    id TEXT NOT NULL,
    owner TEXT NOT NULL REFERENCES users (id),
    form TEXT NOT NULL,
    version BIGINT NOT NULL,
    fields TEXT NOT NULL,
    refusal TEXT,
    case_number TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    -- An unfinished form is offered again until then: 30 days after it was last saved, a survey's until the survey closes.
    kept_until BIGINT NOT NULL,
    PRIMARY KEY (owner, form, id)
);
INSERT INTO form_states_rebuilt (id, owner, form, version, fields, refusal, case_number, created_at, updated_at, kept_until)
SELECT id, owner, form, version, fields, refusal, case_number, created_at, updated_at, COALESCE(
    (SELECT MAX(surveys.closes_at) FROM surveys WHERE form_states.form = 'surveys/' || surveys.code),
    updated_at + 2592000000)
FROM form_states;
DROP TABLE form_states;
ALTER TABLE form_states_rebuilt RENAME TO form_states;
CREATE INDEX form_states_owner ON form_states (owner, form, updated_at);
CREATE INDEX form_states_drafts ON form_states (kept_until) WHERE case_number IS NULL;
