-- The role of a user and the audience of a reception are rows, no longer a list in a CHECK. A company's user is its operator.
ALTER TABLE users DROP CONSTRAINT users_role;
ALTER TABLE users DROP CONSTRAINT users_customer;
ALTER TABLE users ADD COLUMN reach TEXT;
UPDATE users SET role = 'company_operator'
WHERE customer_id IN (SELECT id FROM customers WHERE kind = 'company');
UPDATE users SET reach = (SELECT reach FROM roles WHERE code = users.role);
ALTER TABLE users ALTER COLUMN reach SET NOT NULL;
ALTER TABLE users ADD CONSTRAINT users_role FOREIGN KEY (role, reach) REFERENCES roles (code, reach) ON UPDATE CASCADE;
ALTER TABLE users ADD CONSTRAINT users_customer CHECK ((reach = 'own') = (customer_id IS NOT NULL));

ALTER TABLE receptions DROP CONSTRAINT receptions_audience;
ALTER TABLE receptions ADD CONSTRAINT receptions_audience FOREIGN KEY (audience) REFERENCES reception_audiences (code);
