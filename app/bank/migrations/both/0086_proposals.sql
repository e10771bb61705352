-- Another place for an appointment, which the branch has proposed and whose customer has not answered yet (docs/domain.md §3.5). The row
-- stands as long as its case is in such a state; what its kind holds for it is given back, or exchanged for the old place, with it.
CREATE TABLE case_proposals (
    case_number TEXT PRIMARY KEY REFERENCES cases (number),
    branch_id TEXT NOT NULL REFERENCES branches (id),
    day TEXT NOT NULL,
    slot TEXT NOT NULL,
    ends_at BIGINT NOT NULL,
    -- Until when the customer can answer.
    until_at BIGINT NOT NULL,
    -- The state before, to which an unanswered or refused proposal leads back.
    from_state TEXT NOT NULL,
    proposed_by TEXT NOT NULL REFERENCES users (id)
);
