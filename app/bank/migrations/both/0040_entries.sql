-- Where a branch is, in millionths of a degree; NULL: unknown.
ALTER TABLE branches ADD COLUMN latitude BIGINT;
ALTER TABLE branches ADD COLUMN longitude BIGINT;

-- The number by which the bank and the customer know the customer. Rows that stand keep their id as their number.
ALTER TABLE customers ADD COLUMN number TEXT NOT NULL DEFAULT '';
UPDATE customers SET number = id;
CREATE UNIQUE INDEX customers_number ON customers (number);
ALTER TABLE customers ADD COLUMN email_sealed TEXT;
ALTER TABLE customers ADD COLUMN email_index TEXT;
CREATE INDEX customers_email_index ON customers (email_index);

-- The full account number with its blind index; NULL for rows that stand.
ALTER TABLE accounts ADD COLUMN number_sealed TEXT;
ALTER TABLE accounts ADD COLUMN number_index TEXT;
CREATE UNIQUE INDEX accounts_number ON accounts (number_index);
