-- issues
ALTER TABLE issues
    ADD COLUMN agent_keys text[] NOT NULL DEFAULT '{}', -- of what is affected, as keys link
    ADD COLUMN digest text; -- over what the last report said of it: equal means that nothing need be written again
-- Every scan touches last_seen of every open issue; room in the page keeps that out of the indexes.
ALTER TABLE issues SET (fillfactor = 80);
DROP INDEX issues_affected;
CREATE INDEX issues_agent_keys ON issues USING gin (agent_keys);
CREATE INDEX issues_issue_id ON issues (issue_id);
DROP INDEX issues_state;
CREATE INDEX issues_list ON issues (severity_rank, first_seen DESC, fingerprint);
CREATE INDEX waivers_created ON waivers (created_at DESC, id DESC);
