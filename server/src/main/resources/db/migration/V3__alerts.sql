-- alerts: one row for every time an issue was opened, and what became of it
CREATE TABLE alerts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    fingerprint text NOT NULL REFERENCES issues ON DELETE CASCADE,
    reason text NOT NULL CHECK (reason IN ('new', 'regressed')),
    report_id text NOT NULL,
    raised_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('queued', 'silenced', 'held', 'dropped')),
    decided_at timestamptz NOT NULL,
    silence_id uuid REFERENCES silences -- what silenced it; null otherwise
);
CREATE INDEX alerts_fingerprint ON alerts (fingerprint, id DESC);
CREATE INDEX alerts_waiting ON alerts (id) WHERE state IN ('silenced', 'held');

-- alerts: who sends on a channel at the moment, and how that goes
CREATE TABLE alert_channels (
    name text PRIMARY KEY,
    leased_by text,
    leased_until timestamptz,
    failures integer NOT NULL DEFAULT 0, -- since it last worked
    next_attempt_at timestamptz NOT NULL,
    last_error text,
    last_sent_at timestamptz,
    repeated_at timestamptz -- when everything open was last told, on a channel that wants that
);
CREATE INDEX outbox_waiting ON outbox (channel, id) WHERE done_at IS NULL;
DROP INDEX outbox_due;
