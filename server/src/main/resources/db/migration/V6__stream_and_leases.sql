-- stream: what is told to those who listen. Ids have no gaps and become visible in their own order, because the row of
-- stream_position is locked from the taking of an id to the commit.
CREATE TABLE stream_events (
    id bigint PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    type text NOT NULL,
    data text NOT NULL -- JSON as it is sent
);

CREATE TABLE stream_position (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    last_id bigint NOT NULL DEFAULT 0,
    forgotten_id bigint NOT NULL DEFAULT 0 -- this event and everything before it is gone
);
INSERT INTO stream_position DEFAULT VALUES;

-- hosts
ALTER TABLE hosts ADD COLUMN silent_since timestamptz; -- null while its observer is heard

-- jobs: who does what at the moment. Times are the database's.
CREATE TABLE leases (
    name text PRIMARY KEY,
    run bigint NOT NULL, -- one more with every taking: whoever has an older one has lost it
    holder text NOT NULL,
    until timestamptz NOT NULL
);
