"""The rows about heartbeats: against pgbench's upserts, 25,000 agents at 30 s, and how many agents one machine holds."""

import pathlib
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

BEATEN = """INSERT INTO agent_beats (agent_id, first_at, received_at, status, word, resources, boot_id, host)
SELECT id, now(), now(), 'running', 'running', '{"cpu":12.5,"memory":31.0,"disk":40.0}', 'boot-1', 'host-1' FROM agents ON CONFLICT DO NOTHING"""


class Beating:
    """Agents of a server that beat when they are told to."""

    def __init__(self, java, server, count, connections):
        self.server = server
        self.process = subprocess.Popen(
            [java, "-XX:+UseSerialGC", str(HERE / "Beats.java"), server.url, str(server.directory / "jwt.secret"), str(count), str(connections)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()

    def run(self, rate, seconds):
        """done, failed, seconds, p50, p99 and worst in ms, and the shares of a core that the server and its database used."""
        own, database, began = self.server.processor(), self.server.database_processor(), time.monotonic()
        self.process.stdin.write(f"{rate} {seconds}\n")
        self.process.stdin.flush()
        done, failed, took, p50, p99, worst = self.process.stdout.readline().split()
        passed = time.monotonic() - began
        after = self.server.database_processor()
        database = sum(after[pid] - database.get(pid, 0) for pid in after)
        return {"done": int(done), "failed": int(failed), "rate": int(done) / float(took), "p50": float(p50), "p99": float(p99), "worst": float(worst),
                "server": 100 * (self.server.processor() - own) / passed, "database": 100 * database / passed}

    def stop(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(timeout=30)


def sql(server, text):
    subprocess.run(["psql", "-qX", "-h", str(server.directory / "postgresql/run"), "-U", "panoptes", "postgres", "-v", "ON_ERROR_STOP=1", "-c", text], check=True)


def pgbench(server, script, clients, seconds):
    out = subprocess.run(["pgbench", "-h", str(server.directory / "postgresql/run"), "-U", "panoptes", "-n", "-f", str(script), "-c", str(clients), "-j", "2", "-T", str(seconds), "postgres"],
                         capture_output=True, text=True, check=True).stdout
    return next(float(line.split()[2]) for line in out.splitlines() if line.startswith("tps"))


def beats(work, panoptes, row, java, steps=(25_000, 50_000, 75_000, 100_000, 150_000), seconds=20):
    if not shutil.which("psql") or not shutil.which("pgbench"):
        row("6", "heartbeats", "panoptes server", "not measured", "1.5 times pgbench", "needs psql and pgbench")
        return
    (work / "agent-registry.yaml").write_text("version: '1'\nagents: {}\n")
    server = Server(panoptes, work / "beats", {"limits": {"requests_per_second": 0}, "observe": {"local": "false"}}, work / "agent-registry.yaml")
    try:
        script = work / "upsert.sql"
        script.write_text(UPSERT)
        sql(server, TABLE)
        sql(server, AGENTS % (1, 1000))
        few = Beating(java, server, 1000, 64)
        few.run(0, 10)
        ours, theirs = [], []
        for _ in range(5):
            theirs.append(max(pgbench(server, script, clients, 4) for clients in (16, 32)))
            ours.append(few.run(0, 6))
        ours.sort(key=lambda run: run["rate"])
        middle, peer = ours[2], sorted(theirs)[2]
        row("6", "heartbeats over HTTP, authenticated, stored with fsync, 64 connections", "panoptes server", f"{middle['rate']:.0f}/s", "1.5 times pgbench", f"p99 {middle['p99']:.0f} ms; server {middle['server']:.0f} %, PostgreSQL {middle['database']:.0f} % of a core")
        row("6", "the same upsert alone, one a transaction", "pgbench", f"{peer:.0f}/s", "", f"ratio {middle['rate'] / peer:.2f}")
        paced = few.run(5000, 10)
        row("6", "heartbeats at 5,000/s", "panoptes server", f"{paced['rate']:.0f}/s, p99 {paced['p99']:.0f} ms", "p99 100 ms", f"{paced['failed']} failed")
        few.stop()
        most, held, stopped = 1000, None, ""
        for step in steps:
            sql(server, AGENTS % (most + 1, step))
            # The first beat of an instance is a change, which is written down; what is measured are those after it.
            sql(server, BEATEN)
            # So many come at once only here; PostgreSQL notices within a minute.
            sql(server, "ANALYZE agents, agent_beats")
            most = step
            many = Beating(java, server, step, 64)
            if step == steps[0]:
                many.run(step / 30, 30)
            run = many.run(step / 30, seconds)
            many.stop()
            own, database = server.memory()
            if step == steps[0]:
                row("8", f"{step:,} agents beating every 30 s".replace(",", " "), "panoptes server", f"{own:.0f} MB resident, {run['server']:.0f} % of a core", "300 MB, 20 % of a core", f"and PostgreSQL {database:.0f} MB, {run['database']:.0f} %; p99 {run['p99']:.0f} ms, {run['failed']} failed")
            if run["failed"] or run["p99"] > 1000 or run["rate"] < 0.95 * step / 30:
                stopped = f"{step} came to {run['rate']:.0f} of {step / 30:.0f}/s, p99 {run['p99']:.0f} ms; server {run['server']:.0f} %, PostgreSQL {run['database']:.0f} % of a core"
                break
            held = (step, run, own)
        if held:
            step, run, own = held
            row("8", "most agents at 30 s, all answered within 1 s (p99)", "panoptes server", f"{step}", "150000", f"{own:.0f} MB, server {run['server']:.0f} %, PostgreSQL {run['database']:.0f} % of a core, p99 {run['p99']:.0f} ms" + (f"; {stopped}" if stopped else ""))
        else:
            row("8", "most agents at 30 s, all answered within 1 s (p99)", "panoptes server", f"fewer than {steps[0]}", "150000", stopped)
    finally:
        server.stop()
