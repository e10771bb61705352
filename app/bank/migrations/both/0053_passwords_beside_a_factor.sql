-- A password may be shorter beside a second factor (docs/domain.md §12). Whether it is too short without one is known only when it is
-- set, because only its hash is kept. While this is true, the second factor is not removed. Passwords of before were
-- set under the rule for one alone.
ALTER TABLE users ADD COLUMN password_needs_factor BOOLEAN NOT NULL DEFAULT FALSE;
