-- issues: who has taken one up; null where nobody has
ALTER TABLE issues ADD COLUMN owner text;
UPDATE issues i SET owner = (SELECT c.actor FROM changes c
    WHERE c.kind = 'issue' AND c.subject = i.fingerprint AND c.to_state IN ('acknowledged', 'fixing')
    ORDER BY c.id DESC LIMIT 1)
WHERE i.state IN ('acknowledged', 'fixing');
CREATE INDEX issues_owner ON issues (owner) WHERE owner IS NOT NULL;

-- agents: how many heartbeats came, by the quarter of an hour for a day and by the day for a month -------------------------

-- Both change with a clock, never with a beat: what a beat counts is agent_beats.beats.
CREATE TABLE agent_beat_quarters (
    agent_id text PRIMARY KEY REFERENCES agents ON DELETE CASCADE,
    until timestamptz NOT NULL, -- the end of the last quarter that is counted
    counted_at timestamptz NOT NULL, -- when that was
    beats bigint NOT NULL, -- agent_beats.beats at that time
    quarters smallint[] NOT NULL -- at most 96, the oldest first: beats in percent of the expected ones, -1 where nobody listened
) WITH (fillfactor = 50);
CREATE TABLE agent_beat_days (
    agent_id text NOT NULL REFERENCES agents ON DELETE CASCADE,
    day date NOT NULL, -- UTC
    received bigint NOT NULL,
    expected bigint NOT NULL, -- while somebody listened
    PRIMARY KEY (agent_id, day)
) WITH (fillfactor = 50);
