-- processes: what proc sensors told of each host; events are the record, this is where a host stands ---------------------

CREATE TABLE processes (
    host text NOT NULL,
    entity text NOT NULL, -- names a process for good: pids are used again
    pid integer NOT NULL,
    parent_pid integer,
    parent_entity text,
    name text,
    executable text,
    command text,
    user_name text,
    service text,
    container text,
    started_at timestamptz,
    ended_at timestamptz, -- null while it runs
    exit_code integer,
    end_told boolean NOT NULL DEFAULT false, -- false where a look no longer found it
    cpu_percent double precision, -- of one core
    memory_bytes bigint,
    used_at timestamptz, -- when these two were measured
    told_at timestamptz NOT NULL, -- the newest time of an event about it
    PRIMARY KEY (host, entity)
);
CREATE INDEX processes_running ON processes (host) WHERE ended_at IS NULL;
CREATE INDEX processes_ended ON processes (ended_at) WHERE ended_at IS NOT NULL;

-- One figure a minute.
CREATE TABLE host_usage (
    host text NOT NULL,
    minute timestamptz NOT NULL,
    at timestamptz NOT NULL,
    cpu_percent double precision, -- of all cores, 0 to 100
    memory_bytes bigint,
    available_bytes bigint,
    load double precision, -- of the last minute
    PRIMARY KEY (host, minute)
);
CREATE INDEX host_usage_minute ON host_usage (minute);
