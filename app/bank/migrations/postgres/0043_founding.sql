-- The bank's own names and contact details (docs/domain.md §8): one row, written by `lobby init`. Without it the section
-- [house] of lobby.toml is used.
CREATE TABLE bank_details (
    id BIGINT PRIMARY KEY CONSTRAINT bank_details_one CHECK (id = 1),
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    hotline TEXT NOT NULL,
    complaint_phone TEXT NOT NULL,
    complaint_address_zh TEXT NOT NULL,
    complaint_address_en TEXT NOT NULL,
    complaint_email TEXT NOT NULL
);

-- Staff who change role or branch on a day. The worker applies the move when its day has come and ends their sessions.
CREATE TABLE user_moves (
    user_id TEXT NOT NULL REFERENCES users (id),
    effective_from TEXT NOT NULL,
    role TEXT NOT NULL,
    reach TEXT NOT NULL,
    branch_id TEXT REFERENCES branches (id),
    applied_at BIGINT,
    PRIMARY KEY (user_id, effective_from),
    CONSTRAINT user_moves_role FOREIGN KEY (role, reach) REFERENCES roles (code, reach) ON UPDATE CASCADE,
    CONSTRAINT user_moves_staff CHECK (reach <> 'own')
);
CREATE INDEX user_moves_due ON user_moves (effective_from) WHERE applied_at IS NULL;

-- Branch staff enter customers, branch heads reset a customer's sign-in, administrators manage staff (docs/domain.md §12).
INSERT INTO role_permissions (role, permission, effective_from) VALUES
    ('clerk', 'customers.enter', '2000-01-01'),
    ('lobby_manager', 'customers.enter', '2000-01-01'),
    ('branch_head', 'customers.enter', '2000-01-01'),
    ('branch_head', 'sign_in.reset', '2000-01-01'),
    ('administrator', 'staff.manage', '2000-01-01');

CREATE TRIGGER bank_details_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON bank_details FOR EACH STATEMENT EXECUTE FUNCTION raise_reference_version();
