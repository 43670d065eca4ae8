-- telemetry: what came in the last minutes, without the rest of the day: events lie in the order in which they came ----------
CREATE INDEX events_received ON events USING brin (received_at) WITH (pages_per_range = 64);
