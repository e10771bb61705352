-- The keys values are sealed with, each with a check value that opens under it alone; the keys themselves are files.
CREATE TABLE seal_keys (
    id BIGINT PRIMARY KEY,
    check_sealed TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    -- When every value was under this key; NULL: resealing goes on.
    resealed_at BIGINT
);
-- Blind indexes: equal values are found without opening any. Filled by `lobby migrate` for rows that stand already.
ALTER TABLE customers ADD COLUMN id_index TEXT;
ALTER TABLE customers ADD COLUMN phone_index TEXT;
ALTER TABLE customers ADD COLUMN phone_last4_index TEXT;
CREATE INDEX customers_id_index ON customers (id_index);
CREATE INDEX customers_phone_index ON customers (phone_index);
CREATE INDEX customers_phone_last4_index ON customers (phone_last4_index);
