-- On a demo bank a second factor is offered to staff, not required (docs/domain.md §12), so that everybody can be tried at once.
INSERT INTO parameters (name, branch_id, effective_from, value)
SELECT 'staff_second_factor', '', '2020-01-01', 'offered' WHERE EXISTS (SELECT 1 FROM facts WHERE name = 'demo');
