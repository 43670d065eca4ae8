-- How many events of each stream of a log were told over NATS. What was stored before this release is not told.
CREATE TABLE bus_logs (
    stream uuid PRIMARY KEY REFERENCES telemetry_streams ON DELETE CASCADE,
    events bigint NOT NULL
);
INSERT INTO bus_logs (stream, events) SELECT id, events FROM telemetry_streams;
