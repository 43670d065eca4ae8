-- At most one open ticket for an issue. A column of its own: the previous release, which may still run beside this one, knows
-- nothing of it and can go on opening two.
ALTER TABLE tickets ADD COLUMN open_issue text; -- the issue while the ticket is open or in progress; null else
UPDATE tickets t SET open_issue = issue
WHERE issue IS NOT NULL AND state IN ('open', 'in_progress')
    AND id = (SELECT min(id) FROM tickets o WHERE o.issue = t.issue AND o.state IN ('open', 'in_progress'));
CREATE UNIQUE INDEX tickets_open_issue ON tickets (open_issue);
