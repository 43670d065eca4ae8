"""Writes the fleets that the bench scans: deterministic, from nothing but a seed."""

import pathlib
import random

WORDS = "order user price stock route cache batch index parse merge split audit score token queue event graph node edge path".split()


def function(rng, lines):
    name = "_".join(rng.sample(WORDS, 3)) + str(rng.randrange(10_000))
    out = [f"def {name}({rng.choice(WORDS)}, limit={rng.randrange(100)}):", f'    """{rng.choice(WORDS)} the {rng.choice(WORDS)}."""']
    for _ in range(lines):
        a, b, c = rng.choice(WORDS), rng.choice(WORDS), rng.choice(WORDS)
        out.append(rng.choice([
            f"    {a}_{rng.randrange(99)} = [{b} * {rng.randrange(9)} for {b} in range({rng.randrange(50)})]",
            f"    if limit > {rng.randrange(1000)}:\n        {a} = dict({b}={rng.randrange(9)}, {c}_x='{rng.choice(WORDS)}')",
            f"    for {a} in range({rng.randrange(20)}):\n        limit += {a} % {rng.randrange(2, 9)}",
            f"    {a} = str({rng.randrange(100000)}) + '{b}-{c}'",
        ]))
    out.append("    return limit\n\n")
    return "\n".join(out)


def module(rng, size):
    text = "import json\nimport os\n\n\n"
    while len(text) < size:
        text += function(rng, rng.randrange(5, 20))
    return text


def fleet(root, agents=36, files=250, megabytes=3.0, seed=7, first_port=20_000):
    """A registry and the code of its agents: one program each, the rest are modules beside it."""
    root = pathlib.Path(root)
    rng = random.Random(seed)
    size = int(megabytes * 1_000_000 / files)
    registry = ["version: '1'", "agents:"]
    per_agent = files // agents
    extra = files - per_agent * agents
    for number in range(agents):
        key, port = f"agent-{number:03}", first_port + number
        directory = root / "agents" / key
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "main.py").write_text(
            f'''from fastapi import FastAPI
import uvicorn

app = FastAPI(title="Agent")


@app.get("/health")
def health():
    return {{"status": "healthy", "agent": "{key.upper()}", "port": {port}}}


''' + module(rng, size) + f'''
if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port={port})
''')
        for index in range(1, per_agent + (1 if number < extra else 0)):
            (directory / f"module_{index}.py").write_text(module(rng, size))
        registry += [
            f"  {key}:",
            f"    name: {key.upper()}",
            f"    connection: {{url: 'http://{key}:{port}', health_endpoint: /health}}",
            "    actions: {run: {endpoint: /run, method: POST}}",
        ]
    (root / "agent-registry.yaml").write_text("\n".join(registry) + "\n")


def declarations(root, agents=63, seed=11, first_port=20_000, lines=2_000):
    """Beside `fleet`: a Dockerfile and a unit for each agent, and compose files of about so many lines in all kinds of fields."""
    root = pathlib.Path(root)
    rng = random.Random(seed)
    units = root / "systemd"
    units.mkdir(parents=True, exist_ok=True)
    for number in range(agents):
        key, port = f"agent-{number:03}", first_port + number
        (root / "agents" / key / "Dockerfile").write_text(
            f"FROM python:3.12-slim\nWORKDIR /app\nENV PYTHONUNBUFFERED=1\nRUN pip install fastapi uvicorn\n"
            f"COPY . .\nEXPOSE {port}\nHEALTHCHECK CMD python -c \"import urllib.request as u; u.urlopen('http://localhost:{port}/health')\"\n"
            f"CMD [\"python\", \"main.py\"]\n")
        (units / f"{key}.service").write_text(
            f"[Unit]\nDescription={key}\nAfter=network-online.target\n\n[Service]\nWorkingDirectory=/opt/fleet/agents/{key}\n"
            f"Environment=PORT={port}\nExecStart=/usr/bin/python3 main.py\nRestart=always\n\n[Install]\nWantedBy=multi-user.target\n")
    for name in ("docker-compose.yml", "monitoring/docker-compose.yml"):
        text = ["services:"]
        number = 0
        while len(text) < lines:
            key = f"agent-{number:03}" if number < agents and "/" not in name else f"extra-{name.count('/')}-{number:03}"
            port = first_port + number + (0 if "/" not in name else 10_000)
            text += [
                f"  {key}:",
                f"    build: ./agents/{key}" if key.startswith("agent") else "    image: example/extra:1.2",
                f"    container_name: {key}",
                "    restart: unless-stopped",
                "    environment:",
                f"      - PORT={port}",
                *[f"      - {word.upper()}_{rng.randrange(99)}=${{{word.upper()}:-{rng.randrange(9999)}}}" for word in rng.sample(WORDS, 12)],
                f"    ports: ['{port}:{port}']",
                "    networks:",
                "      - fleet",
                "    healthcheck:",
                f"      test: ['CMD', 'python', '-c', \"import urllib.request as u; u.urlopen('http://localhost:{port}/health')\"]",
                "      interval: 30s",
                "      retries: 3",
                "    labels:",
                *[f"      traefik.http.routers.{key}.{word}: 'rule-{rng.randrange(999)}'" for word in rng.sample(WORDS, 5)],
            ]
            number += 1
        text += ["networks:", "  fleet: {}"]
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(text) + "\n")


def described_registry(root, agents=63, seed=17, first_port=20_000):
    """The registry of `fleet` as people write them who describe what they run: about 46 lines for each agent, and chains."""
    rng = random.Random(seed)
    lines = ["version: '1'", "agents:"]
    for number in range(agents):
        key = f"agent-{number:03}"
        first, second = rng.sample(WORDS, 2)
        lines += [
            f"  {key}:",
            f"    name: {key.upper()}",
            f"    version: '{rng.randrange(1, 4)}.{rng.randrange(20)}.0'",
            f"    description: Takes the {first} of a {second} and hands it on",
            "    connection:",
            f"      url: http://{key}:{first_port + number}",
            "      health_endpoint: /health",
            f"      timeout_ms: {rng.randrange(1, 9) * 1000}",
            "    capabilities:",
            *[f"      - {word}_{first}" for word in rng.sample(WORDS, 5)],
            "    actions:",
        ]
        for word in sorted(rng.sample(WORDS, 6)):
            lines += [
                f"      {word}:",
                f"        endpoint: /{word}",
                "        method: POST",
                f"        description: Does the {word} of the {second}  # since {rng.randrange(2019, 2026)}",
                f"        timeout_ms: {rng.randrange(1, 60) * 1000}",
            ]
    (pathlib.Path(root) / "agent-registry.yaml").write_text("\n".join(lines) + "\n")


def live_registry(path, first_port, count):
    """A registry of agents that all live on loopback."""
    lines = ["version: '1'", "agents:"]
    for port in range(first_port, first_port + count):
        lines += [
            f"  agent-{port}:",
            f"    connection: {{url: 'http://127.0.0.1:{port}', health_endpoint: /health}}",
            "    actions: {run: {endpoint: /run, method: POST}}",
        ]
    pathlib.Path(path).write_text("\n".join(lines) + "\n")
