-- The previews of administrators count the customers of a branch, and those to whom a product is shown (docs/domain.md §12).
CREATE INDEX customers_usual_branch ON customers (usual_branch_id);
CREATE INDEX gate_decisions_admitted ON gate_decisions (product_code, customer_id, at) WHERE admitted = TRUE;
