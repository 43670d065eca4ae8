"""The rows about heartbeats: against pgbench's upserts, 25,000 agents at 30 s, and how many agents one machine holds."""

import base64
import contextlib
import hmac
import json
import os
import pathlib
import resource
import shutil
import subprocess
import time

from server import Server

HERE = pathlib.Path(__file__).resolve().parent
TABLE = """CREATE TABLE IF NOT EXISTS bench_beats (agent_id text PRIMARY KEY, received_at timestamptz NOT NULL,
beats bigint NOT NULL DEFAULT 1, status text NOT NULL, resources jsonb NOT NULL, boot_id text, host text) WITH (fillfactor = 50)"""
UPSERT = """\\set n random(1, 1000)
INSERT INTO bench_beats AS b (agent_id, received_at, status, resources, boot_id, host) VALUES ('bench-' || :n, now(), 'running', \
'{"cpu":12.5,"memory":31.0,"disk":40.0}', 'boot-1', 'host-' || :n) ON CONFLICT (agent_id) DO UPDATE SET \
received_at = excluded.received_at, beats = b.beats + 1, status = excluded.status, resources = excluded.resources, \
boot_id = excluded.boot_id, host = excluded.host;
"""
AGENTS = """INSERT INTO agents (id, name, key, agent_type, origin, heartbeat_interval, credentials_hash, permissions, created_at,
updated_at) SELECT 'bench-' || lpad(n::text, 6, '0'), 'bench-' || n, 'bench' || n, 'custom', 'enrolled', 30, sha256('x'),
'{write_findings}', now(), now() FROM generate_series(%d, %d) n"""

HEAD = base64.urlsafe_b64encode(b'{"typ":"JWT","alg":"HS256"}').rstrip(b"=")
BEATEN = """INSERT INTO agent_beats (agent_id, first_at, received_at, status, word, resources, boot_id, host)
SELECT id, now(), now(), 'running', 'running', '{"cpu":12.5,"memory":31.0,"disk":40.0}', 'boot-1', 'host-1' FROM agents ON CONFLICT DO NOTHING"""


def request(url, secret, number):
    """One heartbeat as bytes, with an access token as the server makes them (HS256), so that nobody waits until all have asked for one."""
    def part(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=")
    name, now = f"bench-{number:06d}", int(time.time())
    text = HEAD + b"." + part(json.dumps({"agent_id": name, "gen": 1, "iat": now, "exp": now + 3600}).encode())
    token = text + b"." + part(hmac.digest(secret, text, "sha256"))
    body = b'{"status":"running","boot_id":"boot-1","host":"host-%d","resources":{"cpu":12.5,"memory":31.0,"disk":40.0}}' % number
    return (b"POST /api/v1/agents/%s/heartbeat HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            % (name.encode(), url.encode(), token, len(body))) + body


class Beating:
    """Agents bench-000001 to COUNT of a server, which beat when they are told to."""

    def __init__(self, client, server, count, connections):
        self.server = server
        address = server.url.removeprefix("http://")
        requests = server.directory.parent / "requests"
        secret = (server.directory / "jwt.secret").read_text().strip().encode()
        with open(requests, "wb") as file:
            for number in range(1, count + 1):
                one = request(address, secret, number)
                file.write(len(one).to_bytes(4, "little") + one)
        self.process = subprocess.Popen([client, *address.rsplit(":", 1), str(requests), str(connections)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()

    def run(self, rate, seconds):
        """done, failed, rate, p50, p99 and worst in ms; the shares of a core that the server and its database used; microseconds of CPU a beat of each and of the client."""
        own, database, began = self.server.processor(), self.server.database_processor(), time.monotonic()
        self.process.stdin.write(f"{rate} {seconds}\n")
        self.process.stdin.flush()
        done, failed, took, p50, p99, worst, client = self.process.stdout.readline().split()
        passed = time.monotonic() - began
        after = self.server.database_processor()
        database = sum(after[pid] - database.get(pid, 0) for pid in after)
        own = self.server.processor() - own
        stored = max(1, int(done) - int(failed))
        return {"done": int(done), "failed": int(failed), "rate": int(done) / float(took), "p50": float(p50), "p99": float(p99), "worst": float(worst),
                "server": 100 * own / passed, "database": 100 * database / passed,
                "server_us": 1e6 * own / stored, "database_us": 1e6 * database / stored, "client_us": 1e6 * float(client) / stored}

    def stop(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(timeout=30)


def cost(run):
    return f"{run['server_us']:.0f} µs of the server, {run['database_us']:.0f} µs of PostgreSQL and {run['client_us']:.0f} µs of the client a beat"


def sql(server, text):
    subprocess.run(["psql", "-qX", "-h", str(server.directory / "postgresql/run"), "-U", "panoptes", "postgres", "-v", "ON_ERROR_STOP=1", "-c", text], check=True)


def reaped(server):
    """Seconds of CPU of PostgreSQL processes that have ended: their parent counts them."""
    parent = (server.directory / "postgresql/data/postmaster.pid").read_text().split()[0]
    fields = pathlib.Path(f"/proc/{parent}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[13]) + int(fields[14])) / 100


def pgbench(server, script, clients, seconds):
    """Transactions a second, and microseconds of CPU of each in PostgreSQL and in pgbench."""
    database, before = reaped(server), resource.getrusage(resource.RUSAGE_CHILDREN)
    out = subprocess.run(["pgbench", "-h", str(server.directory / "postgresql/run"), "-U", "panoptes", "-n", "-f", str(script), "-c", str(clients), "-j", "1", "-T", str(seconds), "postgres"],
                         capture_output=True, text=True, check=True).stdout
    # Its backends end with it, and those that ended last may not be counted at once.
    time.sleep(0.3)
    rate = next(float(line.split()[2]) for line in out.splitlines() if line.startswith("tps"))
    client = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = client.ru_utime + client.ru_stime - before.ru_utime - before.ru_stime
    count = rate * seconds
    return {"rate": rate, "clients": clients, "database_us": 1e6 * (reaped(server) - database) / count, "client_us": 1e6 * used / count}


def prefer(server):
    """
    BENCH_NICE=-15 puts the server, its database and this session ahead of other work of the machine, all alike. Where sessions are
    scheduled as groups (sched_autogroup_enabled), a process' own nice value counts only within its session.
    """
    nice = os.environ.get("BENCH_NICE")
    if nice:
        for pid in ["self", str(server.process.pid), *server.database_processor()]:
            with contextlib.suppress(OSError):
                pathlib.Path(f"/proc/{pid}/autogroup").write_text(nice)


def compiled(work):
    client = work / "beats-client"
    subprocess.run(["cc", "-O2", "-o", str(client), str(HERE / "beats.c")], check=True)
    return str(client)


def beats(work, panoptes, row, steps=(25_000, 50_000, 75_000, 100_000, 150_000), seconds=30):
    if not all(shutil.which(program) for program in ("psql", "pgbench", "cc")):
        row("6", "heartbeats", "panoptes server", "not measured", "1.5 times pgbench", "needs psql, pgbench and a C compiler")
        return
    client = compiled(work)
    (work / "agent-registry.yaml").write_text("version: '1'\nagents: {}\n")
    server = Server(panoptes, work / "beats", {"limits": {"requests_per_second": 0}, "observe": {"local": "false"}}, work / "agent-registry.yaml")
    try:
        prefer(server)
        against_pgbench(work, server, client, row)
        ceiling(server, client, row, steps, seconds)
    finally:
        server.stop()


def against_pgbench(work, server, client, row, clients=48, connections=256, rounds=5):
    """The embedded database takes 60 connections: pgbench has no more clients. Agents have a connection each, and a server takes many."""
    script = work / "upsert.sql"
    script.write_text(UPSERT)
    sql(server, TABLE)
    sql(server, AGENTS % (1, 1000))
    few, many = Beating(client, server, 1000, clients), Beating(client, server, 1000, connections)
    few.run(0, 15)
    runs = {"ours": [], "many": [], "theirs": [], "best": []}
    for _ in range(rounds):
        runs["theirs"].append(pgbench(server, script, clients, 4))
        runs["best"].append(max((pgbench(server, script, other, 3) for other in (16, 32)), key=lambda run: run["rate"]))
        runs["ours"].append(few.run(0, 5))
        runs["many"].append(many.run(0, 5))
    ours, wide, theirs, best = (sorted(runs[which], key=lambda run: run["rate"])[rounds // 2] for which in ("ours", "many", "theirs", "best"))
    peer = max((theirs, best), key=lambda run: run["rate"])
    for run, count in ((wide, connections), (ours, clients)):
        row("6", f"heartbeats over HTTP, authenticated, stored with fsync, {count} connections", "panoptes server", f"{run['rate']:.0f}/s", "1.5 times pgbench" if count == connections else "", f"ratio {run['rate'] / peer['rate']:.2f}; p50 {run['p50']:.0f}, p99 {run['p99']:.0f} ms; {cost(run)}, {(run['server_us'] + run['database_us']) / peer['database_us']:.2f} times the CPU of an upsert without the clients; {run['failed']} failed")
    row("6", f"the same upsert alone, one a transaction, {peer['clients']} clients, which was best", "pgbench", f"{peer['rate']:.0f}/s", "", f"{peer['database_us']:.0f} µs of PostgreSQL and {peer['client_us']:.0f} µs of pgbench each; with {clients} clients {theirs['rate']:.0f}/s")
    paced = many.run(5000, 20)
    row("6", f"heartbeats at 5,000/s, {connections} connections", "panoptes server", f"{paced['rate']:.0f}/s, p99 {paced['p99']:.0f} ms", "p99 100 ms", f"p50 {paced['p50']:.0f}, worst {paced['worst']:.0f} ms; {cost(paced)}; {paced['failed']} failed")
    few.stop()
    many.stop()


def ceiling(server, client, row, steps, seconds):
    most, held, stopped = 1000, None, ""
    for step in steps:
        sql(server, AGENTS % (most + 1, step))
        # The first beat of an instance is a change, which is written down; what is measured are those after it.
        sql(server, BEATEN)
        # So many come at once only here; PostgreSQL notices within a minute.
        sql(server, "ANALYZE agents, agent_beats")
        most = step
        many = Beating(client, server, step, 64)
        # Each beats once before: its token is read for the first time.
        many.run(step / 30, 30)
        run = many.run(step / 30, seconds)
        many.stop()
        own, database = server.memory()
        if step == steps[0]:
            row("8", f"{step:,} agents beating every 30 s".replace(",", " "), "panoptes server", f"{own:.0f} MB resident, {run['server']:.0f} % of a core", "300 MB, 20 % of a core", f"and PostgreSQL {database:.0f} MB, {run['database']:.0f} %; p99 {run['p99']:.0f} ms, {run['failed']} failed")
        if run["failed"] or run["p99"] > 1000 or run["rate"] < 0.95 * step / 30:
            stopped = f"{step} came to {run['rate']:.0f} of {step / 30:.0f}/s, p99 {run['p99']:.0f} ms; server {run['server']:.0f} %, PostgreSQL {run['database']:.0f} % of a core"
            break
        held = (step, run, own, database)
    if held:
        step, run, own, database = held
        row("8", "most agents at 30 s, all answered within 1 s (p99)", "panoptes server", f"{step}", "150000", f"{own:.0f} MB, server {run['server']:.0f} %, PostgreSQL {database:.0f} MB and {run['database']:.0f} % of a core, p99 {run['p99']:.0f} ms" + (f"; {stopped}" if stopped else ""))
    else:
        row("8", "most agents at 30 s, all answered within 1 s (p99)", "panoptes server", f"fewer than {steps[0]}", "150000", stopped)
