-- What the sensors of a host are told to do, and how its daemon says that it is.
CREATE TABLE host_sensor_configs (
    host text NOT NULL, -- as its observer's token names it; it may be configured before it is seen
    version integer NOT NULL,
    body text NOT NULL, -- JSON as it was put: rules, settings, limits
    hash text NOT NULL, -- SHA-256 of the body, hex
    limits jsonb NOT NULL DEFAULT '{}', -- the numbers of its limits
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    cause text, -- why: a switch, a rollback, a managed file
    managed boolean NOT NULL DEFAULT false,
    PRIMARY KEY (host, version)
);
CREATE TABLE host_daemons (
    host text PRIMARY KEY,
    version text NOT NULL, -- of the program
    seen_at timestamptz NOT NULL, -- when it last beat, by the server's clock
    config_version integer NOT NULL, -- the newest that it tried; 0: none
    config_hash text NOT NULL,
    config_state text NOT NULL CHECK (config_state IN ('APPLIED', 'FAILED')),
    config_error text, -- null where it was applied
    applied_version integer NOT NULL, -- the last that it could apply, and runs
    sensors jsonb NOT NULL -- [{name, state, reason, interval_seconds, cycles, events, errors, last_error}]
);
