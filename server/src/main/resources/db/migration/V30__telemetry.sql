-- telemetry: what sensors sent ------------------------------------------------------------------------------------------

-- One row per sensor and installation, locked while a batch of it is stored: the ledger of what came and what is missing.
CREATE TABLE telemetry_streams (
    id uuid PRIMARY KEY,
    host text NOT NULL, -- the only one whose observer may send to it
    sensor text NOT NULL,
    first bigint NOT NULL, -- the first number that was heard of
    appended bigint NOT NULL, -- the last number that the sensor told of
    acknowledged bigint NOT NULL DEFAULT 0, -- everything up to here is stored, or known to be missing
    events bigint NOT NULL DEFAULT 0,
    duplicates bigint NOT NULL DEFAULT 0,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL
);
CREATE INDEX telemetry_streams_host ON telemetry_streams (host, sensor);

-- Numbers that never came.
CREATE TABLE telemetry_gaps (
    stream uuid NOT NULL REFERENCES telemetry_streams ON DELETE CASCADE,
    from_number bigint NOT NULL,
    to_number bigint NOT NULL,
    reason text NOT NULL, -- 'unexplained' where the sensor did not say
    at timestamptz NOT NULL,
    PRIMARY KEY (stream, from_number),
    CHECK (from_number <= to_number)
);
CREATE INDEX telemetry_gaps_reason ON telemetry_gaps (reason, at);

-- What sources dropped before it had a number, as sensors told.
CREATE TABLE telemetry_losses (
    stream uuid NOT NULL REFERENCES telemetry_streams ON DELETE CASCADE,
    reason text NOT NULL,
    records bigint NOT NULL,
    PRIMARY KEY (stream, reason)
);

-- The events, by the day on which they came: the time of an event is what its source says, and may be anything.
CREATE TABLE events (
    received_at timestamptz NOT NULL,
    at timestamptz NOT NULL, -- @timestamp
    stream uuid NOT NULL,
    number bigint NOT NULL,
    host text NOT NULL,
    sensor text NOT NULL,
    action text,
    user_name text,
    ips text[],
    process text,
    body text NOT NULL -- the event as it was sent, JSON
) PARTITION BY RANGE (received_at);
CREATE INDEX events_at ON events (at, stream, number);
CREATE INDEX events_number ON events (stream, number);
