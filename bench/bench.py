"""The rows of docs/performance.md: ours and the peer in the same run."""

import contextlib
import datetime
import json
import os
import pathlib
import platform
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import agents as beating
import fleet
import ingest
import measure
import server

HOME = pathlib.Path(__file__).resolve().parent.parent
PANOPTES = str(HOME / "panoptes")
PEERS = HOME / ".panoptes" / "peers"
JAVA_HOME = os.environ.get("JAVA_HOME") or subprocess.check_output(["sh", HOME / ".mvn/find-jdk"], text=True).strip()
PMD_VERSION = "7.26.0"
ROWS = []


def row(number, work, who, result, goal="", note=""):
    """One line of the table. `result` is a measure.Result, a text, or None where the peer could not be had."""
    ROWS.append((number, work, who, result, goal, note))
    print(f"  {number:>3}  {who:<34} {text(result):<48} {note}", flush=True)


def text(result):
    if result is None:
        return "not to be had here"
    if isinstance(result, str):
        return result
    return f"{result.wall:.3f} s wall, {result.cpu:.3f} s CPU, {result.memory:.0f} MB"


def ratio(ours, peer):
    return f"{ours / peer:.2f} times the peer's wall time" if peer else ""


def installed(command, package):
    if not shutil.which(command) and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", package], stdout=subprocess.DEVNULL, check=False)
    return shutil.which(command)


def environment(work, **extra):
    return dict(os.environ, XDG_CACHE_HOME=str(work / "cache"), NO_COLOR="1", **extra)


def offline_scan(work):
    root = work / "fleet"
    fleet.fleet(root)
    offline("1", root, work, "36 agents, 250 files, 3 MB", "0.6 s, 130 MB", "0.25 s")
    row("1", "offline scan by the original program", "the original", None, note="0.55 s and 47 MB are on record for a tenth of the checks")


def large_offline_scan(work):
    root = work / "fleet"
    fleet.fleet(root, agents=63, files=880, megabytes=12, seed=13)
    fleet.declarations(root)
    fleet.described_registry(root)
    offline("1b", root, work, "63 directories, 880 files, 12 MB, compose files of 2,000 lines, a registry of 2,900", "1.2 times the original's wall, 160 MB", "half the original's wall")
    row("1b", "offline scan by the original program", "the original", None)


def offline(number, root, work, what, first_goal, goal):
    cache = work / "cache"
    command = [PANOPTES, "scan", "--offline", "--registry", str(root / "agent-registry.yaml"), "--agents-path", str(root / "agents")]
    first = measure.repeat(command, before=lambda: shutil.rmtree(cache, ignore_errors=True), env=environment(work))
    row(number, f"offline scan, {what}, first time", "panoptes scan --offline", first, first_goal, f"exit {first.codes}")
    # What changed less than two seconds before a scan looked at it is not kept.
    time.sleep(3)
    unchanged = measure.repeat(command, env=environment(work))
    row(number, "the same, unchanged tree", "panoptes scan --offline", unchanged, goal, f"exit {unchanged.codes}")


def start_up(work):
    hello = work / "Hello.java"
    hello.write_text('final class Hello { public static void main(String[] a) { System.out.println("hello"); } }\n')
    subprocess.run([JAVA_HOME + "/bin/javac", "-d", str(work), str(hello)], check=True)
    ours = measure.repeat([PANOPTES, "--help"], runs=11)
    java = measure.repeat([JAVA_HOME + "/bin/java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", str(work), "Hello"], runs=11)
    python = measure.repeat([sys.executable, "-c", "import http.server, json, argparse"], runs=11)
    row("2", "--help, cold", "panoptes --help", ours, "0.12 s", ratio(ours.wall, java.wall))
    row("2", "", "JVM hello world", java)
    row("2", "", "python3 -c 'import http.server'", python)


def wait_for(process, word):
    line = process.stdout.readline()
    if word not in line:
        raise SystemExit(f"the peer did not start: {line!r}")


@contextlib.contextmanager
def agents(first, count):
    """So many healthy agents on loopback, for as long as the block runs."""
    measure.allow_many_files()
    process = subprocess.Popen([JAVA_HOME + "/bin/java", "-Xmx512m", str(HOME / "bench/Agents.java"), "127.0.0.1", str(first), str(count)],
                               stdout=subprocess.PIPE, text=True)
    try:
        wait_for(process, "ready")
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def live(work, count=10_000, first=20_000):
    with agents(first, count):
        registry = work / "live.yaml"
        fleet.live_registry(registry, first, count)
        command = [PANOPTES, "scan", "--registry", str(registry), "--root", str(work / "empty"), "--only", "host,probe", "--deadline", "5m"]
        (work / "empty").mkdir(exist_ok=True)
        ours = measure.repeat(command, runs=5, env=environment(work))
        rate = count / ours.wall
        row("3", f"full scan of {count} live agents", "panoptes scan --only host,probe", ours, note=f"{rate:.0f} agents/s, exit {ours.codes}")
        if installed("wrk", "wrk"):
            out = subprocess.run(["wrk", "-t1", "-c64", "-d5s", "-H", "Connection: close", f"http://127.0.0.1:{first}/health"], capture_output=True, text=True).stdout
            found = re.search(r"Requests/sec:\s+([\d.]+)", out)
            wrk = float(found.group(1)) if found else 0
            row("3", "", "wrk, one endpoint, no keep-alive", f"{wrk:.0f} requests/s", note=f"ours is {100 * rate / wrk:.0f} % of it; goal 60 %" if wrk else out[:80])
        else:
            row("3", "", "wrk", None)
        if installed("nmap", "nmap"):
            nmap = measure.repeat(["nmap", "-n", "-Pn", "-sT", "-T5", "-p", f"{first}-{first + count - 1}", "127.0.0.1"], runs=3, warmup=0)
            row("3", "", "nmap connect scan, ports only", nmap, note=f"ours is {nmap.wall / ours.wall:.1f} times as fast; goal 5")
        else:
            row("3", "", "nmap", None)


def hold_sockets(processes=500, sockets=10_000):
    """Forks processes that each hold one listener and established connections to it; returns their pids."""
    pids = []
    each = sockets // processes
    ready_read, ready_write = os.pipe()
    for _ in range(processes):
        pid = os.fork()
        if pid == 0:
            os.close(ready_read)
            server = socket.socket()
            server.bind(("127.0.0.1", 0))
            server.listen(64)
            held = [server]
            for _ in range((each - 1) // 2):
                client = socket.create_connection(server.getsockname())
                held += [client, server.accept()[0]]
            os.write(ready_write, b".")
            signal.pause()
            os._exit(0)
        pids.append(pid)
    os.close(ready_write)
    done = 0
    while done < processes:
        got = os.read(ready_read, 4096)
        if not got:
            break
        done += len(got)
    os.close(ready_read)
    return pids


def owners(work):
    measure.allow_many_files()
    pids = hold_sockets()
    try:
        total = len(subprocess.run(["ss", "-Htan"], capture_output=True, text=True).stdout.splitlines())
        command = [PANOPTES, "observe", "--output", str(work / "snapshot.json")]
        ours = measure.repeat(command)
        ss = measure.repeat(["ss", "-ltnp"])
        inside = subprocess.run([PANOPTES, "observe", "--output", str(work / "snapshot.json")], env=dict(os.environ, PANOPTES_TIMING="1"), capture_output=True, text=True).stderr
        row("4", f"owners of all listeners among {total} sockets, {len(pids)} processes", "panoptes observe, whole process", ours, note=ratio(ours.wall, ss.wall) + (", " + inside.strip() if inside.strip() else ""))
        row("4", "", "ss -ltnp", ss, note="goal: ours 3 times as fast")
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        for pid in pids:
            os.waitpid(pid, 0)


def pmd():
    """The class path of PMD's command line with its Python language, or None."""
    home = PEERS / "pmd"
    if not home.exists():
        home.mkdir(parents=True)
        dependency = "<dependency><groupId>net.sourceforge.pmd</groupId><artifactId>%s</artifactId><version>" + PMD_VERSION + "</version></dependency>"
        (home / "pom.xml").write_text("<project><modelVersion>4.0.0</modelVersion><groupId>bench</groupId><artifactId>pmd</artifactId><version>1</version><dependencies>"
                                      + dependency % "pmd-cli" + dependency % "pmd-python" + "</dependencies></project>\n")
        subprocess.run(["mvn", "-q", "-B", "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies", "-DoutputDirectory=lib"],
                       cwd=home, env=dict(os.environ, JAVA_HOME=JAVA_HOME), capture_output=True)
    return f"{home}/lib/*" if (home / "lib").exists() else None


def jscpd():
    command = PEERS / "node_modules" / ".bin" / "jscpd"
    if not command.exists() and shutil.which("npm"):
        PEERS.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", str(PEERS), "jscpd@4"], capture_output=True)
    return command if command.exists() else None


def duplicates(work):
    root = work / "large"
    fleet.fleet(root, agents=100, files=4_000, megabytes=100, seed=11)
    command = [PANOPTES, "scan", "--offline", "--registry", str(root / "agent-registry.yaml"), "--agents-path", str(root / "agents"), "--only", "duplicate-dir,duplicate-identity", "--no-cache"]
    ours = measure.repeat(command, runs=5, env=environment(work))
    row("5", "duplicates over 100 MB of source, no cache", "panoptes scan --only duplicate-dir", ours, note=f"exit {ours.codes}; directories, not blocks")
    classpath = pmd()
    if classpath:
        peer = measure.repeat([JAVA_HOME + "/bin/java", "-Xmx8g", "-cp", classpath, "net.sourceforge.pmd.cli.PmdCli", "cpd", "--minimum-tokens", "100", "--language", "python", "--dir", str(root / "agents"), "--no-fail-on-violation"], runs=1, warmup=0, limit=300)
        row("5", "", f"PMD CPD {PMD_VERSION} (one run)", peer, note=f"ours is {peer.wall / ours.wall:.1f} times as fast; goal 5; exit {peer.codes}")
    else:
        row("5", "", "PMD CPD", None)
    tool = jscpd()
    if tool:
        peer = measure.repeat([str(tool), "--silent", "--pattern", "**/*.py", str(root / "agents")], runs=1, warmup=0, limit=300, env=dict(os.environ, NODE_OPTIONS="--max-old-space-size=12000"))
        row("5", "", "jscpd 4 (one run)", peer, note=f"{'killed after 300 s; ' if peer.codes == [-9] else ''}ours is {peer.wall / ours.wall:.1f} times as fast; goal 20; exit {peer.codes}")
    else:
        row("5", "", "jscpd", None)


def goss_suite(path, first, count):
    """What goss can assert of the same agents; returns how many assertions. Its process assertion is by name: it knows no owners of ports."""
    ports = range(first, first + count)
    # The agents of the bench listen on sockets of both families.
    suite = {
        "port": {f"tcp6:{port}": {"listening": True, "ip": ["127.0.0.1"]} for port in ports},
        "http": {f"http://127.0.0.1:{port}/health": {"status": 200, "body": [f"agent-{port}"]} for port in ports},
        "process": {"java": {"running": True}},
    }
    path.write_text(json.dumps(suite))
    return 4 * count + 1


def assertions(work):
    count = 50
    first = 31_000
    with agents(first, count):
        registry = work / "suite.yaml"
        fleet.live_registry(registry, first, count)
        (work / "empty").mkdir(exist_ok=True)
        ours = measure.repeat([PANOPTES, "scan", "--registry", str(registry), "--root", str(work / "empty"), "--only", "host,probe"], env=environment(work))
        row("9c", "200 port, http, identity and process assertions", "panoptes scan --only host,probe", ours, note=f"exit {ours.codes}")
        tool = shutil.which("goss") or shutil.which(str(PEERS / "goss"))
        if tool:
            asserted = goss_suite(work / "goss.json", first, count)
            peer = measure.repeat([tool, "-g", str(work / "goss.json"), "validate", "--format", "silent"], runs=11)
            row("9c", f"{asserted} port, http and process assertions", "goss validate", peer, note=f"exit {peer.codes}; ours takes {ours.wall / peer.wall:.1f} times as long; goal: at most 5 times")
        else:
            row("9c", "", "goss validate", None, note="goal: at most 5 times goss")


def server_start(work):
    server.start(work, PANOPTES, row)


def beats(work):
    installed("pgbench", "postgresql")
    beating.beats(work, PANOPTES, row)


def telemetry(work):
    installed("psql", "postgresql-client")
    ingest.ingest(work, PANOPTES, row)


def server_reports(work, count=10_000, first=20_000):
    with agents(first, count):
        registry = work / "fleet" / "agent-registry.yaml"
        registry.parent.mkdir()
        fleet.live_registry(registry, first, count)
        server.reports(work, PANOPTES, row, JAVA_HOME + "/bin/java", registry)


def storm(work):
    server.storm(work, PANOPTES, row, JAVA_HOME + "/bin/java")


def hijack(work):
    server.hijack(work, PANOPTES, row)


def hardware():
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.processor())
    memory = next(int(line.split()[1]) // 1_048_576 for line in open("/proc/meminfo") if line.startswith("MemTotal"))
    java = subprocess.run([JAVA_HOME + "/bin/java", "-version"], capture_output=True, text=True).stderr.splitlines()[1]
    return f"{os.cpu_count()} cores of {model}, {memory} GiB, Linux {platform.release()}, {java}"


def write():
    out = ["# Performance", "",
           f"Written by `make bench` on {datetime.date.today()}: {hardware()}.", "",
           "Whole processes, start-up included; median of at least 5 runs after a warm-up unless said otherwise, peak memory of the",
           "largest process. A figure means something only beside its peer in the same run.", "",
           "| row | work | who | result | goal | note |", "|---|---|---|---|---|---|"]
    for number, work, who, result, goal, note in ROWS:
        out.append(f"| {number} | {work} | `{who}` | {text(result)} | {goal} | {note} |")
    notes = HOME / "bench" / "notes.md"
    if notes.exists():
        out += ["", notes.read_text().rstrip()]
    (HOME / "docs" / "performance.md").write_text("\n".join(out) + "\n")
    print("written: docs/performance.md")


ALL = {"1": offline_scan, "1b": large_offline_scan, "2": start_up, "3": live, "4": owners, "5": duplicates, "6": beats, "7": telemetry, "8": server_start, "8b": server_reports, "8c": storm, "9b": hijack, "9c": assertions}


def main():
    chosen = sys.argv[1:] or list(ALL)
    unknown = [name for name in chosen if name not in ALL]
    if unknown:
        raise SystemExit(f"no row {', '.join(unknown)}; rows: {', '.join(ALL)}")
    subprocess.run([PANOPTES, "--version"], check=True, stdout=subprocess.DEVNULL)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="panoptes-bench-") as directory:
        for name in chosen:
            work = pathlib.Path(directory) / name
            work.mkdir()
            ALL[name](work)
    print(f"took {time.monotonic() - began:.0f} s")
    if not sys.argv[1:]:
        write()


if __name__ == "__main__":
    main()
