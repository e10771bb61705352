-- Recovery codes are kept as Argon2 hashes of their keyed hash, with a salt that the codes of a user share:
-- `<number of the sealing key>:<base64 of 16 random bytes>`. Codes of before have none: their keyed hash alone counts until they are used or
-- renewed, so that nobody who relies on them is shut out. No release has made any.
ALTER TABLE recovery_codes ADD COLUMN salt TEXT NOT NULL DEFAULT '';
