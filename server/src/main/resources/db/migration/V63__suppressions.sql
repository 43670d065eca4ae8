-- detections: what is known to be harmless, who says so and until when --------------------------------------------------

CREATE TABLE detection_suppressions (
    id uuid PRIMARY KEY,
    rule text, -- name or id; null for any
    host text, -- null for any
    user_name text, -- null for any
    entity text, -- the id of anything that takes part; null for any
    reason text NOT NULL,
    owner text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz, -- null where nobody ended it before its time
    suppressed bigint NOT NULL DEFAULT 0, -- how many events it kept from being told
    last_at timestamptz, -- when it did so last
    CHECK (rule IS NOT NULL OR entity IS NOT NULL)
);
CREATE INDEX detection_suppressions_time ON detection_suppressions (created_at DESC, id);
