-- changes: everything that changed its state, written in the transaction that changed it
CREATE TABLE changes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    host text,
    from_state text, -- null for something new
    to_state text, -- null for something that is gone
    actor text NOT NULL,
    via text NOT NULL,
    address text,
    cause text,
    data jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX changes_subject ON changes (kind, subject, id);
CREATE INDEX changes_at ON changes (at);
