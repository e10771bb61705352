-- Recovery codes are kept as Argon2 hashes of their keyed hash, with a salt that the codes of a user share. No release has stored any as
-- keyed hashes alone; those of a development database are void, and the page of the second factor says that new ones have to be made.
DELETE FROM recovery_codes;
-- `<number of the sealing key>:<base64 of 16 random bytes>`.
ALTER TABLE recovery_codes ADD COLUMN salt TEXT NOT NULL DEFAULT '';
