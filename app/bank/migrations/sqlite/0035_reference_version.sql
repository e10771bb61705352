-- Calendar, branches and parameters are cached in every process. Whoever changes a row of them, by whatever statement,
-- raises this version in the same transaction; readers compare it with the version they hold.
CREATE TABLE reference_version (
    id BIGINT PRIMARY KEY CONSTRAINT reference_version_one CHECK (id = 1),
    version BIGINT NOT NULL
);
INSERT INTO reference_version (id, version) VALUES (1, 1);

CREATE TRIGGER branches_insert_version AFTER INSERT ON branches BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER branches_update_version AFTER UPDATE ON branches BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER branches_delete_version AFTER DELETE ON branches BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER branch_hours_insert_version AFTER INSERT ON branch_hours BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER branch_hours_update_version AFTER UPDATE ON branch_hours BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER branch_hours_delete_version AFTER DELETE ON branch_hours BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER calendar_days_insert_version AFTER INSERT ON calendar_days BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER calendar_days_update_version AFTER UPDATE ON calendar_days BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER calendar_days_delete_version AFTER DELETE ON calendar_days BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER parameters_insert_version AFTER INSERT ON parameters BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER parameters_update_version AFTER UPDATE ON parameters BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER parameters_delete_version AFTER DELETE ON parameters BEGIN UPDATE reference_version SET version = version + 1; END;
