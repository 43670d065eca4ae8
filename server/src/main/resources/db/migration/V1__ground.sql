-- Who gets in ---------------------------------------------------------------------------------------------------------
-- One writer per table: the store of the feature named above it.

-- auth
CREATE TABLE users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
    password_hash text, -- null where somebody else vouches for this person
    one_time boolean NOT NULL DEFAULT false, -- the password must be changed at the next login
    issuer text,
    subject text,
    created_at timestamptz NOT NULL,
    disabled_at timestamptz,
    UNIQUE (issuer, subject)
);
CREATE UNIQUE INDEX users_name ON users (lower(name));

CREATE TABLE sessions (
    hash bytea PRIMARY KEY, -- SHA-256 of the cookie's value
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    address text NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE api_tokens (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin', 'observer')),
    hash bytea NOT NULL UNIQUE, -- SHA-256 of 256 random bits
    host text, -- the only host an observer's token speaks for; null for the other roles
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz, -- null: until revoked
    revoked_at timestamptz,
    last_used_at timestamptz,
    CHECK ((role = 'observer') = (host IS NOT NULL))
);

CREATE TABLE login_failures (
    key text PRIMARY KEY, -- 'name:...' or 'address:...'
    failures integer NOT NULL,
    last_at timestamptz NOT NULL,
    locked_until timestamptz
);

CREATE TABLE audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    actor text NOT NULL, -- a person's name, a token's name, or 'panoptes'
    via text NOT NULL CHECK (via IN ('session', 'token', 'local', 'system')),
    address text,
    action text NOT NULL,
    target text NOT NULL,
    before jsonb,
    after jsonb
);
CREATE INDEX audit_at ON audit (at);

-- What is there ---------------------------------------------------------------------------------------------------------

-- hosts
CREATE TABLE hosts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL UNIQUE, -- as the registry calls it, or 'local'
    host_id text, -- stable id of the host as its observer knows it
    machine_id text, -- an attribute, never identity: cloned images share it
    boot_id text,
    labels jsonb NOT NULL DEFAULT '{}',
    first_seen timestamptz NOT NULL,
    last_snapshot_at timestamptz
);

CREATE TABLE observers (
    host_id uuid PRIMARY KEY REFERENCES hosts ON DELETE CASCADE,
    name text NOT NULL,
    version text,
    token_id uuid REFERENCES api_tokens, -- null for the observer inside the server
    last_snapshot_at timestamptz NOT NULL
);

-- snapshots: what observers saw. A snapshot equal to the one before it is not stored again, only confirmed.
CREATE TABLE snapshots (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    host text NOT NULL,
    taken_at timestamptz NOT NULL,
    confirmed_at timestamptz NOT NULL,
    digest bytea NOT NULL,
    body bytea NOT NULL, -- JSON, gzip
    PRIMARY KEY (taken_at, id)
) PARTITION BY RANGE (taken_at);
CREATE INDEX snapshots_host ON snapshots (host, taken_at DESC);

-- scans
CREATE TABLE registry_revisions (
    digest text PRIMARY KEY, -- SHA-256 of the bytes, hex
    file text NOT NULL,
    version text,
    body bytea NOT NULL, -- gzip
    first_seen timestamptz NOT NULL
);

CREATE TABLE scans (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    report_id text NOT NULL UNIQUE,
    cause text NOT NULL CHECK (cause IN ('start', 'request', 'schedule', 'watch')),
    started_at timestamptz NOT NULL,
    completed_at timestamptz NOT NULL,
    registry_digest text REFERENCES registry_revisions,
    snapshots uuid[] NOT NULL,
    total_checks integer NOT NULL,
    passed_checks integer NOT NULL,
    failed_checks integer NOT NULL,
    unknown_checks integer NOT NULL,
    critical integer NOT NULL,
    high integer NOT NULL,
    total_issues integer NOT NULL,
    agents integer NOT NULL,
    chains integer NOT NULL,
    top_issues jsonb NOT NULL, -- the ten worst, as in the report
    health_score double precision NOT NULL,
    coverage double precision NOT NULL,
    report bytea NOT NULL -- JSON as it is served, gzip
);
CREATE INDEX scans_completed ON scans (completed_at DESC);

-- issues: the state of each, and what happened to it
CREATE TABLE issues (
    fingerprint text PRIMARY KEY,
    issue_id text NOT NULL,
    check_id text NOT NULL,
    category text NOT NULL,
    severity text NOT NULL CHECK (severity IN ('critical', 'high', 'medium', 'low', 'info')),
    severity_rank smallint NOT NULL GENERATED ALWAYS AS (
        CASE severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 WHEN 'low' THEN 3 ELSE 4 END) STORED,
    title text NOT NULL,
    description text NOT NULL,
    recommendation text NOT NULL,
    affected text[] NOT NULL,
    evidence jsonb NOT NULL,
    host text NOT NULL,
    port integer,
    state text NOT NULL CHECK (state IN ('new', 'acknowledged', 'fixing', 'resolved', 'regressed', 'waived')),
    first_seen timestamptz NOT NULL,
    last_seen timestamptz NOT NULL,
    last_report text NOT NULL,
    resolved_at timestamptz,
    occurrences integer NOT NULL DEFAULT 1 -- how often it was opened: 1, and one more for every regression
);
CREATE INDEX issues_state ON issues (state, severity_rank, first_seen, fingerprint);
CREATE INDEX issues_affected ON issues USING gin (affected);

CREATE TABLE issue_events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    fingerprint text NOT NULL REFERENCES issues ON DELETE CASCADE,
    at timestamptz NOT NULL,
    from_state text,
    to_state text NOT NULL,
    actor text NOT NULL, -- 'scan' or a person's name
    report_id text,
    note text
);
CREATE INDEX issue_events_fingerprint ON issue_events (fingerprint, id);
CREATE INDEX issue_events_at ON issue_events (at);

-- waivers
CREATE TABLE waivers (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    issue text NOT NULL, -- fingerprint or issue id
    owner text NOT NULL,
    reason text NOT NULL,
    expires date NOT NULL, -- the last day on which it holds, in UTC
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz
);

-- alerts
CREATE TABLE silences (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    matchers jsonb NOT NULL,
    reason text NOT NULL,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    starts_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz
);

CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    created_at timestamptz NOT NULL,
    channel text NOT NULL,
    kind text NOT NULL,
    dedup_key text, -- one row per key and channel: a second attempt to write it does nothing
    payload jsonb NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    last_error text,
    done_at timestamptz,
    outcome text CHECK (outcome IN ('sent', 'silenced', 'held', 'given_up')),
    UNIQUE (channel, dedup_key)
);
CREATE INDEX outbox_due ON outbox (next_attempt_at) WHERE done_at IS NULL;

-- What every replica shares ---------------------------------------------------------------------------------------------

-- jobs: what runs by itself, and when it is due next; whoever moves next_due_at on runs it
CREATE TABLE jobs (
    name text PRIMARY KEY,
    next_due_at timestamptz NOT NULL,
    last_started_at timestamptz,
    last_completed_at timestamptz
);

-- storage: small facts about this installation, such as its id
CREATE TABLE settings (
    name text PRIMARY KEY,
    value jsonb NOT NULL,
    updated_at timestamptz NOT NULL
);
