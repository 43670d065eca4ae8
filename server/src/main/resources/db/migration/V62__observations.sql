-- detections: what is kept of events for conclusions from several -------------------------------------------------------

-- What analytics and correlations must remember, by what they look at together; by the day on which it came.
CREATE TABLE detection_observations (
    received_at timestamptz NOT NULL,
    key text NOT NULL, -- a digest of who concludes, and of what it looks at together
    at timestamptz NOT NULL, -- the event's time
    event text NOT NULL, -- its id
    body text NOT NULL -- JSON
) PARTITION BY RANGE (received_at);
CREATE INDEX detection_observations_key ON detection_observations (key, at, event);

-- What a hit was concluded from, so that what follows no longer goes; null for the match of a rule.
ALTER TABLE detection_hits ADD COLUMN origin text;
CREATE INDEX detection_hits_origin ON detection_hits (origin) WHERE origin IS NOT NULL;

-- Conclusions are drawn with the events that they follow from, and no longer from time to time.
DROP TABLE detection_progress;
