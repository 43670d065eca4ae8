-- telemetry: how many events came in each hour, so that a week can be shown without reading its events ----------------------

-- An hour is here when it is over and was counted; one in which nothing came too.
CREATE TABLE event_hours (
    hour timestamptz PRIMARY KEY,
    sensors jsonb NOT NULL -- sensor -> events
);
