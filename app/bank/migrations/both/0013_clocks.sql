-- When the bank owes an answer: any number of clocks a case. Every alarm is given once: at 75, 100 and 120 % of the time
-- (parameters). next_at is the moment of the next one; NULL: none is left, or the clock has stopped.
CREATE TABLE case_clocks (
    case_number TEXT NOT NULL REFERENCES cases (number),
    kind TEXT NOT NULL CONSTRAINT case_clocks_kind CHECK (kind IN ('service', 'legal')),
    started_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    warn_at BIGINT NOT NULL,
    escalate_at BIGINT NOT NULL,
    warned_at BIGINT,
    breached_at BIGINT,
    escalated_at BIGINT,
    stopped_at BIGINT,
    next_at BIGINT,
    PRIMARY KEY (case_number, kind)
);
CREATE INDEX case_clocks_next ON case_clocks (next_at) WHERE next_at IS NOT NULL;
-- Intervals in which a clock does not run.
CREATE TABLE case_pauses (
    case_number TEXT NOT NULL,
    kind TEXT NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT,
    reason TEXT NOT NULL,
    PRIMARY KEY (case_number, kind, since),
    FOREIGN KEY (case_number, kind) REFERENCES case_clocks (case_number, kind),
    CONSTRAINT case_pauses_span CHECK (until IS NULL OR until >= since)
);
-- What was marked late was told at the due time: it is breached, and escalated in the new sense by the worker.
INSERT INTO case_clocks (case_number, kind, started_at, due_at, warn_at, escalate_at, warned_at, breached_at, escalated_at, stopped_at, next_at)
    SELECT number, 'service', created_at, due_at, created_at + (due_at - created_at) / 4 * 3, due_at + (due_at - created_at) / 5,
        escalated_at, escalated_at, NULL, CASE WHEN waiting THEN NULL ELSE updated_at END,
        CASE WHEN NOT waiting THEN NULL WHEN escalated_at IS NULL THEN created_at + (due_at - created_at) / 4 * 3
            ELSE due_at + (due_at - created_at) / 5 END
    FROM cases;
ALTER TABLE cases DROP COLUMN escalated_at;
