-- replicas
CREATE TABLE replicas (
    id              text PRIMARY KEY, -- of one process, made anew by every start
    name            text        NOT NULL, -- host and address, for people
    version         text        NOT NULL,
    registry_digest text, -- SHA-256 of the registry's bytes; null where it cannot be read
    key_id          text        NOT NULL, -- of JWT_SECRET, which does not follow from it
    started_at      timestamptz NOT NULL,
    seen_at         timestamptz NOT NULL,
    since           timestamptz NOT NULL -- since when it has this registry
);
