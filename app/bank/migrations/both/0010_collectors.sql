-- Who collected is a code of its own: an agent whose name is 'self' cannot pass for the customer.
ALTER TABLE cash_appointments ADD COLUMN arrived_collector TEXT
    CONSTRAINT cash_appointments_arrived CHECK (arrived_collector IN ('self', 'agent'));
UPDATE cash_appointments SET arrived_collector = CASE
    WHEN arrived_agent_id_sealed IS NOT NULL THEN 'agent'
    WHEN arrived_agent_name IS NOT NULL THEN 'self'
    ELSE collector END
    WHERE arrived_as IS NOT NULL;
UPDATE cash_appointments SET arrived_agent_name = NULL WHERE arrived_collector = 'self';

ALTER TABLE cash_register ADD COLUMN collector TEXT NOT NULL DEFAULT 'self'
    CONSTRAINT cash_register_collector CHECK (collector IN ('self', 'agent'));
UPDATE cash_register SET collector = (SELECT COALESCE(b.arrived_collector, b.collector) FROM cash_appointments b
    WHERE b.case_number = cash_register.case_number);
-- The register names who came; of a person that is the holder.
UPDATE cash_register SET collected_by = (SELECT c.name FROM cash_appointments b JOIN customers c ON c.id = b.customer_id
    WHERE b.case_number = cash_register.case_number)
    WHERE collector = 'self' AND collected_by = 'self';
