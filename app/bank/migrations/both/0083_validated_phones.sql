-- The number that a customer has proven to hold by typing in a code that was sent to it, with the password (docs/domain.md §12): its
-- blind index, and when. Another number on file is not validated.
ALTER TABLE users ADD COLUMN phone_validated_index TEXT;
ALTER TABLE users ADD COLUMN phone_validated_at BIGINT;
