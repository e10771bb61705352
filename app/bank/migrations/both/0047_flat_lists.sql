-- Lists whose cost does not grow with history. The desk merges its lists from sorted legs, one for each pair of kind and state
-- (cases/queue.rs), so two indexes replace the eight of before: every booking and every change of state writes fewer entries.
DROP INDEX cases_queue;
DROP INDEX cases_queue_kind;
DROP INDEX cases_queue_branch;
DROP INDEX cases_queue_state;
DROP INDEX cases_queue_all;
DROP INDEX cases_branch_kind;
DROP INDEX cases_branch_state;
DROP INDEX cases_branch_all;
CREATE INDEX cases_states ON cases (kind, state, due_at, number);
CREATE INDEX cases_branch_states ON cases (branch_id, kind, state, due_at, number);

-- A customer's cases of a kind, the newest first.
DROP INDEX cases_customer;
CREATE INDEX cases_customer ON cases (customer_id, kind, created_at, number);

-- What is due is read in order.
DROP INDEX cases_acts;
CREATE INDEX cases_acts ON cases (acts_at, number) WHERE acts_at IS NOT NULL;

-- A customer's unread messages; those that were read are found by their case.
DROP INDEX outbox_customer;
CREATE INDEX outbox_unread ON outbox (customer_id, created_at, id) WHERE read_at IS NULL;
