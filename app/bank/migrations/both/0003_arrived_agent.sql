-- Somebody else than booked came for the customer (代理人): who, and the number of the document in arrived_as.
ALTER TABLE cash_appointments ADD COLUMN arrived_agent_name TEXT;
ALTER TABLE cash_appointments ADD COLUMN arrived_agent_id_sealed TEXT;
