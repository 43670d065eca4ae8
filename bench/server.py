"""The rows about the server: start, size, large reports, and how long a hijacked port stays unseen."""

import contextlib
import http.server
import json
import os
import pathlib
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent


class Server:
    """`panoptes server` as a process of its own, on a port of its own."""

    def __init__(self, panoptes, directory, settings, registry=None):
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        configuration = self.directory.parent / (self.directory.name + ".yaml")
        configuration.write_text(json.dumps(settings))
        command = [panoptes, "server", "--config", str(configuration), "--data-dir", str(self.directory), "--port", "0"]
        if registry:
            command += ["--registry", str(registry), "--root", str(pathlib.Path(registry).parent)]
        began = time.monotonic()
        self.log = open(str(self.directory) + ".log", "ab")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.url = None
        for line in self.process.stdout:
            if line.startswith("ready "):
                self.url = line.split()[1]
                break
        if self.url is None:
            raise SystemExit(f"the server did not start: see {self.directory}.log")
        self.ready = time.monotonic() - began
        self.token = (self.directory / "admin.token").read_text().strip()

    def call(self, method, path):
        request = urllib.request.Request(self.url + path, method=method, headers={"Authorization": "Bearer " + self.token})
        with urllib.request.urlopen(request, timeout=300) as answer:
            return json.loads(answer.read())

    def memory(self):
        """Resident megabytes: of the server, and of all its PostgreSQL processes without what they share."""
        children = subprocess.run(["ps", "-e", "--no-headers", "-o", "pid,ppid"], capture_output=True, text=True).stdout
        parents = {int(pid): int(parent) for pid, parent in (line.split() for line in children.splitlines())}
        mine = {self.process.pid}
        for _ in range(6):
            mine |= {pid for pid, parent in parents.items() if parent in mine}
        own = self.kilobytes(self.process.pid, "Rss")
        rest = sum(self.kilobytes(pid, "Pss") for pid in mine - {self.process.pid})
        return own / 1024, rest / 1024

    @staticmethod
    def kilobytes(pid, what):
        with contextlib.suppress(OSError):
            for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith(what + ":"):
                    return int(line.split()[1])
        return 0

    def processor(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / 100

    def database_processor(self):
        """Seconds of processor time of each PostgreSQL process that is there, by its pid."""
        used = {}
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if (process / "exe").readlink().name == "postgres" and str((process / "cwd").readlink()).startswith(str(self.directory)):
                    fields = (process / "stat").read_text().rsplit(")", 1)[1].split()
                    used[process.name] = (int(fields[11]) + int(fields[12])) / 100
        return used

    def transactions(self):
        """So many were begun since its start."""
        request = urllib.request.Request(self.url + "/metrics", headers={"Authorization": "Bearer " + self.token})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return int(next(float(line.split()[1]) for line in answer.read().decode().splitlines() if line.startswith("panoptes_database_transactions_total ")))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.stdout.close()
        code = self.process.wait(timeout=30)
        self.log.close()
        return code


def start(work, panoptes, row):
    directory = work / "start"
    (work / "agent-registry.yaml").write_text("version: '1'\nagents: {}\n")
    registry = work / "agent-registry.yaml"
    settings = {"watch": {"interval": "60s"}}
    cold = Server(panoptes, directory, settings, registry)
    cold.stop()
    times = []
    for _ in range(7):
        server = Server(panoptes, directory, settings, registry)
        times.append(server.ready)
        if len(times) < 7:
            server.stop()
    time.sleep(20)
    before = server.processor()
    time.sleep(20)
    busy = (server.processor() - before) / 20
    own, database = server.memory()
    server.stop()
    row("8", "server start to ready, warm embedded database", "panoptes server", f"{statistics.median(times):.3f} s", "1.0 s", f"first start, with initdb: {cold.ready:.2f} s")
    row("8", "idle, 40 s after its start", "panoptes server", f"{own:.0f} MB resident", "200 MB", f"and {database:.0f} MB of PostgreSQL; {100 * busy:.1f} % of a core")


def reports(work, panoptes, row, java, registry):
    """`registry` declares 10,000 agents that live."""
    server = Server(panoptes, work / "reports", {"limits": {"requests_per_second": 0}, "watch": {"interval": "1h"}}, registry)
    try:
        for _ in range(2):
            server.call("POST", "/scan")
        times, found = [], None
        for _ in range(5):
            began = time.monotonic()
            found = server.call("POST", "/scan")
            times.append(time.monotonic() - began)
        row("8b", "POST /scan of 10,000 live agents to committed report", "panoptes server", f"{statistics.median(times):.2f} s", "5 s", f"{found['total_checks']} checks, {found['failed_checks']} issues")
        out = subprocess.run([java, str(HERE / "Paced.java"), server.url + "/status", server.token, "500", "20"], capture_output=True, text=True, check=True).stdout
        failed, middle, late, worst = out.split()
        row("8b", "GET /status at 500 requests/s of that report", "panoptes server", f"p50 {middle} ms, p99 {late} ms", "p99 10 ms", f"worst {worst} ms, {failed} failed")
    finally:
        server.stop()


def hung(count):
    """So many agents that take a connection and never answer."""
    held = []
    for _ in range(count):
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        held.append(listener)
    return held


def storm(work, panoptes, row, java, seconds=20, logins=100, tokens=3_000, fleet=40):
    """Calls of somebody with a token, without an attack and under it, in turns on one server."""
    agents = hung(fleet)
    lines = ["version: '1'", "agents:"]
    for number, listener in enumerate(agents):
        lines += [f"  hung-{number}:", f"    connection: {{url: 'http://127.0.0.1:{listener.getsockname()[1]}', health_endpoint: /health}}", "    actions: {run: {endpoint: /run, method: POST}}"]
    registry = work / "agent-registry.yaml"
    registry.write_text("\n".join(lines) + "\n")
    server = Server(panoptes, work / "storm", {"watch": {"interval": "10s"}}, registry)
    try:
        server.call("POST", "/scan")
        found = {False: [], True: []}
        told, shares = [], []
        quiet = 0
        for attacked in (False, True, False, True):
            begun, began = server.transactions(), time.monotonic()
            attack = subprocess.Popen([java, str(HERE / "Storm.java"), server.url, str(logins), str(tokens), str(seconds + 5)], stdout=subprocess.PIPE, text=True) if attacked else None
            time.sleep(3)
            used, database = server.processor(), sum(server.database_processor().values())
            committed = server.transactions()
            out = subprocess.run([java, str(HERE / "Paced.java"), server.url + "/status", server.token, "50", str(seconds)], capture_output=True, text=True, check=True).stdout
            failed, middle, late, worst = (float(part) for part in out.split())
            found[attacked].append((late, middle, worst, failed))
            share = 100 * (server.processor() - used) / seconds
            of_database = 100 * (sum(server.database_processor().values()) - database) / seconds
            note = f"p50 {middle:.1f} ms, worst {worst:.0f} ms, {failed:.0f} failed, server {share:.0f} % and PostgreSQL {of_database:.0f} % of a core, {server.transactions() - committed} transactions, load {os.getloadavg()[0]:.0f}"
            if attack:
                told.append(attack.communicate(timeout=120)[0].strip())
                # From before the attack to its end, without what the server begins in peace in as long a time.
                lasted = time.monotonic() - began
                refused = sum(int(each) for each in re.findall(r" (?:4\d\d)=(\d+)", told[-1]))
                cost = server.transactions() - begun - quiet * lasted
                shares.append(100 * cost / max(refused, 1))
                note += f"; {cost:.0f} transactions of {refused} refused calls, {shares[-1]:.2f} %; {told[-1]}"
            else:
                quiet = (server.transactions() - begun) / (time.monotonic() - began)
            print(f"       {'under attack' if attacked else 'in peace'}: p99 {late:.1f} ms, {note}", flush=True)
        for attacked, what in ((False, "GET /status at 50 requests/s, 40 agents that never answer"), (True, f"the same while {logins} addresses try passwords and {tokens} unknown tokens a second come")):
            late, middle, worst, failed = (statistics.median(column) for column in zip(*found[attacked]))
            row("8c", what, "panoptes server", f"p50 {middle:.1f} ms, p99 {late:.1f} ms", "p99 200 ms" if attacked else "", f"worst {worst:.0f} ms, {failed:.0f} failed" + (f"; {max(shares):.2f} % transactions a refused call; {told[-1]}" if attacked else ""))
    finally:
        server.stop()
        for listener in agents:
            listener.close()


class Told:
    """A local HERMES that remembers when it was told of which agent."""

    def __init__(self):
        told = self.told = {}

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                now = time.monotonic()
                text = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["message"]
                for word in text.replace("(", " ").replace(")", " ").split():
                    if word.startswith("identity-mismatch-"):
                        told.setdefault(word.removeprefix("identity-mismatch-").split("@")[0], now)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"


def say(process, line):
    process.stdin.write(line + "\n")
    process.stdin.flush()
    process.stdout.readline()


def hijack(work, panoptes, row, count=40, first=33_000, interval=60, cycles=5):
    """Other processes take ports at random moments of some watch cycles; how long until HERMES is told, with each by name."""
    agents = [subprocess.Popen([sys.executable, str(HERE / "swap.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    lines = ["version: '1'", "agents:"]
    for port in range(first, first + count):
        say(agents[0], f"open {port} agent-{port}")
        lines += [f"  agent-{port}:", f"    connection: {{url: 'http://127.0.0.1:{port}', health_endpoint: /health}}", "    actions: {run: {endpoint: /run, method: POST}}"]
    registry = work / "agent-registry.yaml"
    registry.write_text("\n".join(lines) + "\n")
    hermes = Told()
    server = Server(panoptes, work / "hijack", {"hermes": {"url": hermes.url}, "watch": {"interval": f"{interval}s"}}, registry)
    try:
        server.call("POST", "/scan")
        rng = random.Random(5)
        began = time.monotonic()
        moments = sorted((rng.uniform(0, cycles * interval), port) for port in range(first, first + count))
        taken = {}
        for after, port in moments:
            time.sleep(max(0, began + after - time.monotonic()))
            say(agents[0], f"close {port}")
            say(agents[1], f"open {port} stranger")
            taken[f"agent-{port}"] = time.monotonic()
        end = time.monotonic() + 2 * interval
        while len(hermes.told) < count and time.monotonic() < end:
            time.sleep(0.5)
        waits = sorted(hermes.told[name] - taken[name] for name in taken if name in hermes.told)
        missed = count - len(waits)
        late = waits[min(len(waits) - 1, int(len(waits) * 0.99))] if waits else float("nan")
        row("9b", f"{count} ports hijacked at random, watch cycle {interval} s, to alert received", "panoptes server", f"p50 {statistics.median(waits):.1f} s, p99 {late:.1f} s" if waits else "none seen", "p99 65 s", f"{missed} missed")
        row("9b", "", "the original", "not to be had here", "", "24 h on record: it scans daily")
        row("9b", "", "Gatus", "not to be had here", "", "it reads the status and the body, not who answers")
    finally:
        server.stop()
        for process in agents:
            process.terminate()
            process.wait()
        hermes.server.shutdown()
