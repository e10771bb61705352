-- A company's approver agrees to the cash bookings of its operator (docs/domain.md §3.5, §12).
INSERT INTO role_permissions (role, permission, effective_from) VALUES ('company_approver', 'holder.approve', '2000-01-01');

-- A booking that waited for the company's approver: the operator who made it, and the approver who answered. Nobody answers their own.
ALTER TABLE cash_appointments ADD COLUMN operator_id TEXT REFERENCES users (id);
ALTER TABLE cash_appointments ADD COLUMN company_answered_by TEXT REFERENCES users (id)
    CONSTRAINT cash_appointments_two_people
    CHECK (company_answered_by IS NULL OR (operator_id IS NOT NULL AND company_answered_by <> operator_id));

-- The day from which an approver whom an import removes has left; NULL: in office.
ALTER TABLE import_users ADD COLUMN left_on TEXT;
