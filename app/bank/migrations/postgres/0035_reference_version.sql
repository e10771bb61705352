-- Calendar, branches and parameters are cached in every process. Whoever changes a row of them, by whatever statement,
-- raises this version in the same transaction; readers compare it with the version they hold.
CREATE TABLE reference_version (
    id BIGINT PRIMARY KEY CONSTRAINT reference_version_one CHECK (id = 1),
    version BIGINT NOT NULL
);
INSERT INTO reference_version (id, version) VALUES (1, 1);

CREATE FUNCTION raise_reference_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE reference_version SET version = version + 1;
    RETURN NULL;
END $$;
CREATE TRIGGER branches_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON branches FOR EACH STATEMENT EXECUTE FUNCTION raise_reference_version();
CREATE TRIGGER branch_hours_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON branch_hours FOR EACH STATEMENT EXECUTE FUNCTION raise_reference_version();
CREATE TRIGGER calendar_days_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON calendar_days FOR EACH STATEMENT EXECUTE FUNCTION raise_reference_version();
CREATE TRIGGER parameters_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON parameters FOR EACH STATEMENT EXECUTE FUNCTION raise_reference_version();
