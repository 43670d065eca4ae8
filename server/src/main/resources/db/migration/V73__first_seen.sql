-- detections: what was seen first, and when, for conclusions that need a long memory -------------------------------------

CREATE TABLE detection_firsts (
    key text NOT NULL, -- a digest of who concludes, and of what it looks at together
    once text NOT NULL, -- a digest of that of which only the first is kept
    at timestamptz NOT NULL, -- the time of the first event
    event text NOT NULL, -- its id
    body text NOT NULL, -- JSON
    last_at timestamptz NOT NULL, -- when it was seen last, to half a day
    PRIMARY KEY (key, once)
);
CREATE INDEX detection_firsts_time ON detection_firsts (key, at, event);
CREATE INDEX detection_firsts_last ON detection_firsts (last_at);
