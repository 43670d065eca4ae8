-- detections: what rules and analytics conclude, and the incidents that follow -------------------------------------------

-- One row for what says the same of the same host and user within an hour.
CREATE TABLE detection_hits (
    key text PRIMARY KEY,
    host text NOT NULL, -- empty where none is named
    raising boolean NOT NULL, -- from medium on
    rule text NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    count bigint NOT NULL,
    body text NOT NULL -- JSON
);
CREATE INDEX detection_hits_time ON detection_hits (last_at, raising);
CREATE INDEX detection_hits_host ON detection_hits (host, last_at);
CREATE INDEX detection_hits_rule ON detection_hits (rule);

CREATE TABLE incidents (
    id text PRIMARY KEY,
    title text NOT NULL,
    severity text NOT NULL,
    confidence integer NOT NULL,
    state text NOT NULL, -- open, acknowledged, contained, resolved, false_positive, merged
    merged_into text,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    host text, -- null where it is on several hosts or on none
    body text NOT NULL, -- JSON
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX incidents_time ON incidents (last_at DESC, id);

-- Up to where analytics have looked.
CREATE TABLE detection_progress (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    reviewed_at timestamptz NOT NULL
);
