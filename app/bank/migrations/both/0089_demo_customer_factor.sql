-- By default customers give a second proof, too (docs/domain.md §12). On a demo bank it is offered, so that everybody can be tried at once.
INSERT INTO parameters (name, branch_id, effective_from, value)
SELECT 'customer_second_factor', '', '2020-01-01', 'offered' WHERE EXISTS (SELECT 1 FROM facts WHERE name = 'demo');
