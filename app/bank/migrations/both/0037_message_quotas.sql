-- Number of messages per phone number and bank day (docs/domain.md §19). The phone number is stored as a blind index. One
-- conditional statement counts; a message beyond the limit stays in the outbox as a dead letter.
CREATE TABLE message_quotas (
    -- Start of the day, UTC milliseconds.
    day_begins BIGINT NOT NULL,
    phone_index TEXT NOT NULL,
    taken BIGINT NOT NULL,
    -- For a number that is not on file: the only case whose messages are sent to it on that day.
    case_number TEXT REFERENCES cases (number),
    PRIMARY KEY (day_begins, phone_index)
);
