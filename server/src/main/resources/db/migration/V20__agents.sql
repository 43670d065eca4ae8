-- agents: who is enrolled --------------------------------------------------------------------------------------------
CREATE TABLE enrollment_tokens (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL,
    hash bytea NOT NULL UNIQUE, -- SHA-256 of 256 random bits
    uses integer NOT NULL CHECK (uses > 0), -- how many instances may enroll with it
    used integer NOT NULL DEFAULT 0 CHECK (used <= uses),
    labels jsonb NOT NULL DEFAULT '{}', -- given to every instance that enrolls with it
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);

-- One row per instance; several may share a name.
CREATE TABLE agents (
    id text PRIMARY KEY, -- a UUID, or what the agent brought along: 8 to 36 of A-Za-z0-9._-
    name text NOT NULL,
    key text NOT NULL, -- the name as keys link
    agent_type text NOT NULL CHECK (agent_type IN ('custom', 'system', 'network', 'security')),
    origin text NOT NULL CHECK (origin IN ('enrolled', 'listed', 'nats')), -- by token, by an operator, by discovery
    version text,
    description text,
    capabilities text[] NOT NULL DEFAULT '{}',
    requirements jsonb NOT NULL DEFAULT '{}',
    public_key text, -- 'ed25519:' and base64
    host text, -- as the instance named it when it enrolled
    ip_address text,
    port integer,
    enabled boolean NOT NULL DEFAULT true,
    metadata jsonb NOT NULL DEFAULT '{}',
    labels jsonb NOT NULL DEFAULT '{}',
    permissions text[] NOT NULL DEFAULT '{}',
    heartbeat_interval integer NOT NULL, -- seconds
    credentials_hash bytea, -- SHA-256; null: it has none, or they were revoked
    credentials_generation integer NOT NULL DEFAULT 1, -- access tokens name it; one more with every new or revoked key
    enrollment_token uuid REFERENCES enrollment_tokens,
    accepted_at timestamptz, -- when an operator vouched for an id that came over NATS
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    decommissioned_at timestamptz
);
CREATE INDEX agents_key ON agents (key) WHERE decommissioned_at IS NULL;
CREATE INDEX agents_name ON agents (name, id);

-- What each said last. Only columns without an index change with a beat, and the page has room for it.
CREATE TABLE agent_beats (
    agent_id text PRIMARY KEY REFERENCES agents ON DELETE CASCADE,
    first_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL, -- by the database's clock, whatever the agent's says
    beats bigint NOT NULL DEFAULT 1,
    status text NOT NULL, -- running, stopped, error, maintenance, unknown
    word text NOT NULL, -- as the agent said it
    details jsonb NOT NULL DEFAULT '{}',
    resources jsonb NOT NULL DEFAULT '{}',
    violations jsonb NOT NULL DEFAULT '[]',
    boot_id text,
    host text,
    place text, -- host and boot id; null where the agent does not say
    place_before text, -- the one before it
    place_before_at timestamptz, -- when that one beat last
    clone_at timestamptz, -- when two places last beat in turn
    clone_places text[],
    config_hash text, -- what it runs
    config_version integer,
    config_state text, -- APPLYING, APPLIED, FAILED
    config_error text,
    config_at timestamptz
) WITH (fillfactor = 50);

-- Since when beats could be received: a gap between two sweeps is the servers' absence, not the agents'.
CREATE TABLE agent_watch (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    since timestamptz NOT NULL DEFAULT now(),
    last_at timestamptz NOT NULL DEFAULT now(),
    discovery_at timestamptz, -- when agents that speak NATS only were last asked who is there
    published_id bigint -- the last change that was told over NATS
);
INSERT INTO agent_watch DEFAULT VALUES;

-- What an agent proved of itself, and what came in its name without right
CREATE TABLE agent_proofs (
    agent_id text PRIMARY KEY REFERENCES agents ON DELETE CASCADE,
    at timestamptz NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('proved', 'wrong', 'unanswered')),
    detail text NOT NULL,
    url text
);
CREATE TABLE agent_impostors (
    agent_id text PRIMARY KEY REFERENCES agents ON DELETE CASCADE,
    at timestamptz NOT NULL,
    detail text NOT NULL
);

-- configs: every version of every agent's configuration ------------------------------------------------------------------
CREATE TABLE agent_configs (
    agent_id text NOT NULL REFERENCES agents ON DELETE CASCADE,
    version integer NOT NULL,
    body text NOT NULL, -- JSON as it was put: rules, settings, limits
    hash text NOT NULL, -- SHA-256 of the body, hex
    limits jsonb NOT NULL DEFAULT '{}', -- the numbers of its limits
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    cause text, -- why: a roll-out, a rollback, a managed file
    managed boolean NOT NULL DEFAULT false,
    PRIMARY KEY (agent_id, version)
);
CREATE TABLE config_schemas (
    agent_name text PRIMARY KEY, -- as keys link
    schema text NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by text NOT NULL
);
CREATE TABLE rollouts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    agent_name text NOT NULL,
    body text NOT NULL,
    hash text NOT NULL,
    stages integer[] NOT NULL,
    stage integer NOT NULL DEFAULT 0, -- which of them is under way
    stage_began timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('running', 'done', 'failed', 'cancelled')),
    reason text,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    ended_at timestamptz
);
CREATE TABLE rollout_members (
    rollout uuid NOT NULL REFERENCES rollouts ON DELETE CASCADE,
    agent_id text NOT NULL REFERENCES agents ON DELETE CASCADE,
    position integer NOT NULL,
    version_before integer NOT NULL, -- 0: it had none
    version_put integer, -- null until its turn
    PRIMARY KEY (rollout, agent_id)
);

-- metrics: one row per report, dropped by the day
CREATE TABLE metrics (
    agent_id text NOT NULL,
    at timestamptz NOT NULL,
    readings jsonb NOT NULL,
    PRIMARY KEY (agent_id, at)
) PARTITION BY RANGE (at);

-- findings ----------------------------------------------------------------------------------------------------------------
CREATE TABLE findings (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    fingerprint text NOT NULL, -- equal means the same finding again, while it is open
    name text NOT NULL, -- the type
    title text NOT NULL,
    severity text NOT NULL CHECK (severity IN ('informational', 'low', 'medium', 'high', 'critical')),
    severity_rank smallint NOT NULL GENERATED ALWAYS AS (CASE severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1
        WHEN 'medium' THEN 2 WHEN 'low' THEN 3 ELSE 4 END) STORED,
    description text NOT NULL,
    details jsonb NOT NULL DEFAULT '{}',
    source text NOT NULL, -- agent, rule, resources, nats ...
    agent_id text, -- the instance, where one is known
    agent_name text,
    host text,
    state text NOT NULL CHECK (state IN ('NEW', 'INVESTIGATING', 'RESOLVED', 'FALSE_POSITIVE', 'CLOSED')),
    count bigint NOT NULL DEFAULT 1,
    external_id text, -- the reporter's own id for it
    verified boolean NOT NULL DEFAULT true, -- false: came by a way that proves nobody
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    last_seen timestamptz NOT NULL,
    closed_at timestamptz
);
CREATE UNIQUE INDEX findings_open ON findings (fingerprint) WHERE closed_at IS NULL;
CREATE UNIQUE INDEX findings_external ON findings (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX findings_list ON findings (created_at DESC, id DESC);
CREATE INDEX findings_agent ON findings (agent_id, created_at DESC);

-- tickets -----------------------------------------------------------------------------------------------------------------
CREATE TABLE tickets (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title text NOT NULL,
    description text NOT NULL,
    severity text NOT NULL CHECK (severity IN ('info', 'low', 'medium', 'high', 'critical')),
    state text NOT NULL CHECK (state IN ('open', 'in_progress', 'resolved', 'closed')),
    assignee text,
    issue text, -- fingerprint
    finding uuid,
    agent text,
    dedup_key text UNIQUE, -- at most one ticket for what has this key; null for those that people open
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    resolved_at timestamptz
);
CREATE INDEX tickets_state ON tickets (state, id DESC);
CREATE TABLE ticket_comments (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket bigint NOT NULL REFERENCES tickets ON DELETE CASCADE,
    at timestamptz NOT NULL,
    author text NOT NULL,
    body text NOT NULL
);
CREATE INDEX ticket_comments_ticket ON ticket_comments (ticket, id);
