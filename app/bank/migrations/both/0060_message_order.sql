-- The version of the case a message tells of. Messages of one case are ordered by it: two acts within a millisecond, or by two
-- nodes whose clocks differ, have no order in time. Messages from before this migration keep theirs.
ALTER TABLE outbox ADD COLUMN case_version BIGINT NOT NULL DEFAULT 0;
