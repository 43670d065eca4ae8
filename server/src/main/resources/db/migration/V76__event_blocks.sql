-- telemetry: what blocks of events may hold, so that a search need not read all of them ---------------------------------

-- About a thousand events each, of one or more streams. What is of no block yet is between indexed and acknowledged.
CREATE TABLE event_blocks (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    first_at timestamptz NOT NULL, -- no event of it happened before; by @timestamp
    last_at timestamptz NOT NULL, -- none happened after
    received_from timestamptz NOT NULL, -- none came before
    received_to timestamptz NOT NULL, -- none came after
    events integer NOT NULL,
    streams uuid[] NOT NULL,
    from_numbers bigint[] NOT NULL, -- of the stream at the same place
    to_numbers bigint[] NOT NULL,
    grams bytea NOT NULL -- a bit for every sequence of four bytes in its events; a power of two of bits
);
-- Read a byte here and there, without the rest.
ALTER TABLE event_blocks ALTER COLUMN grams SET STORAGE EXTERNAL;
CREATE INDEX event_blocks_last ON event_blocks (last_at, id);
CREATE INDEX event_blocks_received ON event_blocks (received_to);

-- Everything up to this number is in a block.
ALTER TABLE telemetry_streams ADD COLUMN indexed bigint NOT NULL DEFAULT 0;
