-- issues
ALTER TABLE issues
    ADD COLUMN cause text; -- issue_id of what it follows from, in the same report; null where it follows from nothing

-- scans
ALTER TABLE scans ALTER COLUMN health_score DROP NOT NULL; -- null where nothing was judged
