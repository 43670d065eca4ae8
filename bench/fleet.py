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
