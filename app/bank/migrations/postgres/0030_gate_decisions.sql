-- Gate decisions are appended, one line whenever a verdict or a fact under it changes, so that every list that was seen can
-- be explained later (docs/domain.md §9): what held at a moment is the last line up to it. Kept as long as `retention` says.
CREATE TABLE gate_decisions_kept (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customers (id),
    product_code TEXT NOT NULL REFERENCES products (code),
    at BIGINT NOT NULL,
    admitted BOOLEAN NOT NULL,
    rule TEXT NOT NULL,
    rule_version TEXT NOT NULL,
    inputs TEXT NOT NULL
);
INSERT INTO gate_decisions_kept (id, customer_id, product_code, at, admitted, rule, rule_version, inputs)
    SELECT customer_id || ' ' || product_code, customer_id, product_code, decided_at, admitted, rule, rule_version, inputs FROM gate_decisions;
DROP TABLE gate_decisions;
ALTER TABLE gate_decisions_kept RENAME TO gate_decisions;
CREATE INDEX gate_decisions_product ON gate_decisions (customer_id, product_code, at);
CREATE INDEX gate_decisions_at ON gate_decisions (at);
INSERT INTO retention (table_name, days) VALUES ('gate_decisions', 1095);

CREATE TRIGGER gate_decisions_no_update BEFORE UPDATE ON gate_decisions FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER gate_decisions_no_delete BEFORE DELETE ON gate_decisions FOR EACH ROW EXECUTE FUNCTION refuse_early_delete();
CREATE TRIGGER gate_decisions_no_truncate BEFORE TRUNCATE ON gate_decisions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE gate_decisions ENABLE ALWAYS TRIGGER gate_decisions_no_update;
ALTER TABLE gate_decisions ENABLE ALWAYS TRIGGER gate_decisions_no_delete;
ALTER TABLE gate_decisions ENABLE ALWAYS TRIGGER gate_decisions_no_truncate;
