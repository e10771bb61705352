-- What administrators propose and decide (docs/domain.md §12). `change` holds the values as typed, what stood when it was
-- proposed, and what it touched when it was last judged.
CREATE TABLE change_requests (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    -- What is changed; '' for something new.
    subject TEXT NOT NULL,
    change TEXT NOT NULL,
    -- NULL: from the moment it is applied.
    effective_from TEXT,
    needs_second BOOLEAN NOT NULL,
    proposed_by TEXT NOT NULL REFERENCES users (id),
    proposed_at BIGINT NOT NULL,
    state TEXT NOT NULL CONSTRAINT change_requests_state CHECK (state IN ('waiting', 'applied', 'rejected', 'withdrawn')),
    decided_by TEXT REFERENCES users (id),
    decided_at BIGINT,
    reason TEXT,
    CONSTRAINT change_requests_decided CHECK ((state = 'waiting') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)),
    -- Money and rights take two: nobody applies what they proposed.
    CONSTRAINT change_requests_second CHECK (NOT needs_second OR state <> 'applied' OR decided_by <> proposed_by),
    CONSTRAINT change_requests_rejected CHECK (state <> 'rejected' OR (decided_by <> proposed_by AND reason IS NOT NULL)),
    CONSTRAINT change_requests_withdrawn CHECK (state <> 'withdrawn' OR decided_by = proposed_by)
);
-- One proposal at a time for each thing.
CREATE UNIQUE INDEX change_requests_waiting ON change_requests (kind, subject) WHERE state = 'waiting' AND subject <> '';
CREATE INDEX change_requests_open ON change_requests (proposed_at) WHERE state = 'waiting';
CREATE INDEX change_requests_closed ON change_requests (decided_at) WHERE state <> 'waiting';

-- One row, locked by every proposal and decision: administration changes one thing after another, so that a rule over
-- several of them (the last administrator, two new branches with one code) is judged on what the one before has left.
CREATE TABLE change_turn (
    id BIGINT PRIMARY KEY CONSTRAINT change_turn_one CHECK (id = 1),
    turn BIGINT NOT NULL
);
INSERT INTO change_turn (id, turn) VALUES (1, 0);

INSERT INTO role_permissions (role, permission, effective_from) VALUES ('administrator', 'settings.change', '2000-01-01');
