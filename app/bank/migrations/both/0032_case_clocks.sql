-- When the bank owes an answer, and the alarms on the way: each is given once (docs/domain.md §1).
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
    -- When the next alarm is due; NULL: none is left, or the clock has stopped.
    next_at BIGINT,
    PRIMARY KEY (case_number, kind),
    CONSTRAINT case_clocks_order CHECK (warn_at <= due_at AND due_at <= escalate_at),
    CONSTRAINT case_clocks_stopped CHECK (stopped_at IS NULL OR next_at IS NULL)
);
CREATE INDEX case_clocks_next ON case_clocks (next_at, case_number) WHERE next_at IS NOT NULL;

-- Intervals in which a clock does not run. Each one but the first names the end of the one before: that end has at most one
-- successor, which does not begin before it, so the pauses of a clock are in order and never overlap.
CREATE TABLE case_pauses (
    case_number TEXT NOT NULL,
    kind TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    -- NULL: it goes on.
    until_at BIGINT,
    -- NULL: the first.
    previous_until_at BIGINT,
    reason TEXT NOT NULL,
    PRIMARY KEY (case_number, kind, from_at),
    FOREIGN KEY (case_number, kind) REFERENCES case_clocks (case_number, kind),
    CONSTRAINT case_pauses_until UNIQUE (case_number, kind, until_at),
    CONSTRAINT case_pauses_one_after UNIQUE (case_number, kind, previous_until_at),
    CONSTRAINT case_pauses_previous FOREIGN KEY (case_number, kind, previous_until_at)
        REFERENCES case_pauses (case_number, kind, until_at),
    CONSTRAINT case_pauses_span CHECK (until_at > from_at),
    CONSTRAINT case_pauses_order CHECK (previous_until_at <= from_at)
);
CREATE UNIQUE INDEX case_pauses_first ON case_pauses (case_number, kind) WHERE previous_until_at IS NULL;

-- Cases that stand get their service clock, with alarms in natural time. What was marked as late was due: its breach has been
-- told, its escalation has not.
INSERT INTO case_clocks (case_number, kind, started_at, due_at, warn_at, escalate_at, warned_at, breached_at, stopped_at, next_at)
    SELECT number, 'service', created_at, due_at, due_at - term / 4, due_at + term / 5, escalated_at, escalated_at,
        CASE WHEN waiting THEN NULL ELSE updated_at END,
        CASE WHEN NOT waiting THEN NULL WHEN escalated_at IS NULL THEN due_at - term / 4 ELSE due_at + term / 5 END
    FROM (SELECT number, created_at, updated_at, due_at, escalated_at, waiting,
        CASE WHEN due_at > created_at THEN due_at - created_at ELSE 0 END AS term FROM cases) AS k;
ALTER TABLE cases DROP COLUMN escalated_at;
