-- Every kind of case is a row; a new kind's migration adds its own.
CREATE TABLE case_kinds (
    code TEXT PRIMARY KEY,
    -- The two letters its numbers begin with.
    prefix TEXT NOT NULL CONSTRAINT case_kinds_prefix UNIQUE
);
INSERT INTO case_kinds (code, prefix) VALUES ('cash', 'QK'), ('reception', 'JD'), ('suggestion', 'JY');
ALTER TABLE cases ADD CONSTRAINT cases_kind FOREIGN KEY (kind) REFERENCES case_kinds (code);
