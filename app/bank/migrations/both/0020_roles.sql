-- Roles are rows (docs/domain.md §12). How far one reaches: 'own' the rows of the holder (a customer's user), 'branch' those
-- of the user's branch, 'bank' those of every branch, 'none' no row of a customer.
CREATE TABLE roles (
    code TEXT PRIMARY KEY,
    position BIGINT NOT NULL UNIQUE,
    reach TEXT NOT NULL CONSTRAINT roles_reach CHECK (reach IN ('own', 'branch', 'bank', 'none')),
    CONSTRAINT roles_code_reach UNIQUE (code, reach)
);

-- What a role may, from a day on and, where one is named, until a day (exclusive).
CREATE TABLE role_permissions (
    role TEXT NOT NULL REFERENCES roles (code),
    permission TEXT NOT NULL,
    effective_from TEXT NOT NULL,
    effective_until TEXT,
    PRIMARY KEY (role, permission, effective_from),
    CONSTRAINT role_permissions_span CHECK (effective_until IS NULL OR effective_until > effective_from)
);

INSERT INTO roles (code, position, reach) VALUES
    ('customer', 1, 'own'),
    ('company_operator', 2, 'own'),
    ('company_approver', 3, 'own'),
    ('clerk', 4, 'branch'),
    ('lobby_manager', 5, 'branch'),
    ('branch_head', 6, 'branch'),
    -- Their own customers, once customers have a manager; until then nobody's.
    ('relationship_manager', 7, 'none'),
    ('dispatcher', 8, 'bank'),
    ('quality_control', 9, 'bank'),
    ('complaints_officer', 10, 'bank'),
    ('executive', 11, 'bank'),
    ('editor', 12, 'none'),
    ('auditor', 13, 'bank'),
    ('administrator', 14, 'none');

INSERT INTO role_permissions (role, permission, effective_from) VALUES
    ('customer', 'holder.act', '2000-01-01'),
    ('company_operator', 'holder.act', '2000-01-01'),
    ('clerk', 'cases.see', '2000-01-01'),
    ('clerk', 'cases.answer', '2000-01-01'),
    ('clerk', 'counter.serve', '2000-01-01'),
    ('lobby_manager', 'cases.see', '2000-01-01'),
    ('lobby_manager', 'cases.answer', '2000-01-01'),
    ('lobby_manager', 'counter.serve', '2000-01-01'),
    ('branch_head', 'cases.see', '2000-01-01'),
    ('branch_head', 'cases.answer', '2000-01-01'),
    ('branch_head', 'counter.serve', '2000-01-01'),
    ('branch_head', 'cases.approve', '2000-01-01'),
    ('dispatcher', 'cases.see', '2000-01-01'),
    ('dispatcher', 'cases.answer', '2000-01-01'),
    ('quality_control', 'cases.see', '2000-01-01'),
    ('auditor', 'cases.see', '2000-01-01'),
    ('auditor', 'settings.see', '2000-01-01'),
    ('administrator', 'settings.see', '2000-01-01');

-- Who may apply for a place on a reception day (docs/domain.md §4).
CREATE TABLE reception_audiences (
    code TEXT PRIMARY KEY,
    position BIGINT NOT NULL UNIQUE
);
INSERT INTO reception_audiences (code, position) VALUES ('all', 1), ('vip', 2), ('company', 3);

-- A case without a branch belongs to the customer's usual branch, and without one to head office (docs/domain.md §12).
UPDATE cases SET branch_id = (SELECT usual_branch_id FROM customers c WHERE c.id = cases.customer_id) WHERE branch_id IS NULL;

-- The desk of one branch: its queue by state, by kind, and everything.
CREATE INDEX cases_branch_kind ON cases (branch_id, kind, waiting, due_at, number);
CREATE INDEX cases_branch_state ON cases (branch_id, state, due_at, number);
CREATE INDEX cases_branch_all ON cases (branch_id, due_at, number);
