-- How many messages a phone number has been given on a day of the bank (docs/domain.md §19). The number is a blind index. One
-- guarded statement counts; a message beyond the limit stays in the outbox as a dead letter.
CREATE TABLE message_quotas (
    -- When the day begins, UTC milliseconds.
    day_begins BIGINT NOT NULL,
    phone_index TEXT NOT NULL,
    taken BIGINT NOT NULL,
    -- The case whose messages a number that is not on file gets on that day.
    case_number TEXT REFERENCES cases (number),
    PRIMARY KEY (day_begins, phone_index)
);
