-- Appointments from a time on at a branch: those that fall into closed time are found by it (docs/domain.md section 2).
CREATE INDEX cases_times ON cases (branch_id, starts_at) WHERE starts_at IS NOT NULL;
