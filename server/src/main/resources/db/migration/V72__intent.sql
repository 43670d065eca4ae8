-- detections: what the registry declares of each host, as far as findings are weighed by it ------------------------------

CREATE TABLE detection_declared (
    host text NOT NULL, -- as events name it; empty for all hosts
    kind text NOT NULL, -- UNIT, PROGRAM, ENDPOINT, STRANGER
    value text NOT NULL,
    declared_by text NOT NULL, -- the agent; of a stranger what the issue says
    issue text NOT NULL DEFAULT '', -- of a stranger the fingerprint of the issue that is open; else empty
    PRIMARY KEY (host, kind, value, issue)
);
