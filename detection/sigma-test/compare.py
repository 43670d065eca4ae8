"""Holds the matcher against an evaluator of its own.

Rules of every construct of the Sigma specification and events are made from a seed. pySigma reads the rules; what it parsed is
evaluated here, one rule and one event at a time, and the whole matrix is compared with `panoptes rules match`. Differences are
printed with rule and event; exit 1 where there is one.

usage: compare.py PANOPTES [--rules N] [--events N] [--seed N] [--keep DIR] [--pin DIR]
--pin writes rules, events and the matrix as the test SigmaMatrixTest reads them.
"""

import argparse
import ipaddress
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import yaml
from sigma.conditions import (ConditionAND, ConditionFieldEqualsValueExpression, ConditionNOT, ConditionOR,
                              ConditionValueExpression)
from sigma.rule import SigmaRule
from sigma.types import (CompareOperators, SigmaBool, SigmaCasedString, SigmaCIDRExpression, SigmaCompareExpression, SigmaExists,
                         SigmaExpansion, SigmaFieldReference, SigmaNull, SigmaNumber, SigmaRegularExpression,
                         SigmaRegularExpressionFlag, SigmaString, SigmaTimestampPart, SpecialChars)

FIELDS = ["alpha", "beta", "gamma", "delta"]
WORDS = ["foo", "bar", "Foo", "foo bar", "-x", "/x", "a*b", "a?b", "a\\b", "C:\\tmp\\x", "foo -x", "foo /x bar", "10", "4.5", "",
         "100%", "b\u00e4r", "foobar", "barfoo", "x", "a\\*b", "fooXbar", "f o o"]


# Events -------------------------------------------------------------------------------------------------------------------

def encoded(text):
    import base64
    return base64.b64encode(text.encode()).decode()


def value(rng):
    kind = rng.randrange(12)
    if kind == 0:
        return rng.choice([0, 1, 4, 5, 10, 443, 4.5, -3])
    if kind == 1:
        return rng.random() < .5
    if kind == 2:
        return rng.choice(["10.0.0.7", "192.168.1.1", "10.1.2.3", "fe80::1", "2001:db8::5", "::ffff:10.0.0.7", "nothing"])
    if kind == 3:
        return [v for v in (value(rng) for _ in range(rng.randrange(2, 4))) if not isinstance(v, list)]
    if kind == 4:
        return rng.choice(["2026-03-01T10:15:00Z", "2026-11-29T23:59:59Z", "2025-01-01T00:00:00Z"])
    if kind == 5:
        lead = "".join(rng.choice("ab") for _ in range(rng.randrange(4)))
        return "say " + encoded(lead + rng.choice(["foo bar", "barfoo!", "whoami"]) + rng.choice(["", "z", "zz"])) + " end"
    if kind == 6:
        return rng.choice(WORDS) + rng.choice(["", " ", "\n"]) + rng.choice(WORDS)
    return rng.choice(WORDS)


def event(rng, number):
    fields = {"event": {"id": f"e{number}"}, "@timestamp": f"2026-03-01T10:{number // 60 % 60:02d}:{number % 60:02d}Z"}
    for field in FIELDS:
        if rng.random() < .8:
            fields[field] = value(rng)
        elif rng.random() < .2:
            fields[field] = None
    return fields


# Rules --------------------------------------------------------------------------------------------------------------------

def pattern(rng):
    word = rng.choice(WORDS + ["foo*", "*bar", "f?o", "*", "*o*b*", "a\\*b", "a\\?b", "a\\\\*b", "\\\\", "?", "foo\\", "*x", "a\\\\b"])
    return word


def item(rng):
    """A field with its modifiers, and what it is compared with."""
    field = rng.choice(FIELDS)
    many = lambda make: make() if rng.random() < .6 else [make() for _ in range(rng.randrange(2, 4))]
    kind = rng.randrange(22)
    if kind < 4:
        return field, many(lambda: rng.choice([pattern(rng), rng.choice([1, 10, 4.5, 443]), pattern(rng), None, True, ""]))
    if kind < 8:
        place = rng.choice(["contains", "startswith", "endswith"])
        every = rng.choice(["", "|all"])
        cased = rng.choice(["", "", "|cased"])
        values = [pattern(rng) for _ in range(2)] if every else many(lambda: pattern(rng))
        values = [v or "o" for v in values] if isinstance(values, list) else values or "o"
        return f"{field}|{place}{cased}{every}", values
    if kind == 8:
        flags = "".join(f"|{f}" for f in "ims" if rng.random() < .3)
        return f"{field}|re{flags}", many(lambda: rng.choice(
            ["^foo", "bar$", "f.o", "(foo|bar)\\s", "[a-f]+o", "^.{3}$", "\\bfoo\\b", "o\\.?b", "^$", "fo{2}", "\\d+", "x$"]))
    if kind == 9:
        return f"{field}|cidr", many(lambda: rng.choice(["10.0.0.0/8", "192.168.0.0/16", "fe80::/10", "10.0.0.7/32", "2001:db8::/32"]))
    if kind in (10, 11):
        return f"{field}|{rng.choice(['lt', 'lte', 'gt', 'gte'])}", rng.choice([0, 4, 5, 10, 4.5, 443])
    if kind == 12:
        return f"{field}|exists", rng.choice([True, False])
    if kind == 13:
        return f"{field}|cased", many(lambda: pattern(rng) or "x")
    if kind == 14:
        return f"{field}|fieldref{rng.choice(['', '|startswith', '|endswith', '|contains'])}", rng.choice(FIELDS)
    if kind == 15:
        return f"{field}|base64offset|contains", many(lambda: rng.choice(["foo", "barfoo", "whoami"]))
    if kind == 16:
        return f"{field}|{rng.choice(['', 'wide|', 'utf16|'])}base64|contains", rng.choice(["foo", "whoami"])
    if kind == 17:
        return f"{field}|windash|contains", many(lambda: rng.choice(["-x", " -x", "foo -x", "/x"]))
    if kind == 18:
        return f"{field}|neq", rng.choice(["foo", "bar", 10])
    if kind == 19:
        return f"{field}|{rng.choice(['minute', 'hour', 'day', 'week', 'month', 'year'])}", rng.choice([0, 1, 3, 9, 10, 15, 11, 23, 29, 2026])
    return f"{field}|contains", many(lambda: rng.choice(["foo", "bar", "o b", "X"]))


def search(rng):
    if rng.random() < .15:
        return [rng.choice(["foo", "bar", "*o b*", "a\\*b", "10", "barfoo"]) for _ in range(rng.randrange(1, 3))]
    make = lambda: dict(item(rng) for _ in range(rng.choice([1, 1, 2, 3])))
    return make() if rng.random() < .8 else [make() for _ in range(2)]


def condition(rng, names, depth=0):
    kind = rng.randrange(9)
    if kind == 0:
        return f"{rng.choice(['1', 'all'])} of {rng.choice(['sel*', 'sel_*', 'them', '*_1', 's*'])}"
    if kind == 1 and depth < 3:
        return f"not {condition(rng, names, depth + 1)}" if rng.random() < .5 else f"not ({condition(rng, names, depth + 1)})"
    if kind in (2, 3, 4) and depth < 3:
        word = rng.choice(["and", "or"])
        return f"({condition(rng, names, depth + 1)} {word} {condition(rng, names, depth + 1)})"
    if kind == 5 and depth < 2:
        return f"{condition(rng, names, 3)} or {condition(rng, names, 3)} and not {condition(rng, names, 3)}"
    return rng.choice(names)


def rule(rng, number):
    names = ["sel_1", "sel_2", "selection", "filter_1", "_hidden"][:rng.randrange(1, 6)]
    detection = {name: search(rng) for name in names}
    one = condition(rng, names)
    detection["condition"] = one if rng.random() < .9 else [one, condition(rng, names)]
    return {"title": f"Rule {number}", "name": f"r{number:05d}", "id": f"00000000-0000-4000-8000-{number:012d}",
            "logsource": {"product": "madeup", "service": "thing"}, "detection": detection, "level": "low"}


# The evaluator ------------------------------------------------------------------------------------------------------------

def values(fields, name):
    if name not in fields or fields[name] is None:
        return []
    found = fields[name]
    return [v for v in found if v is not None] if isinstance(found, list) else [found]


def everything(fields):
    if isinstance(fields, dict):
        return [v for inner in fields.values() for v in everything(inner)]
    if isinstance(fields, list):
        return [v for inner in fields for v in everything(inner)]
    return [] if fields is None else [fields]


def text(v):
    return ("true" if v else "false") if isinstance(v, bool) else str(v)


def number(v):
    if isinstance(v, bool):
        return None
    if isinstance(v, (int, float)):
        return float(v)
    return float(v) if re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", v) else None


def glob(string):
    return "".join({SpecialChars.WILDCARD_MULTI: ".*", SpecialChars.WILDCARD_SINGLE: "."}.get(part) or re.escape(part)
                   if not isinstance(part, str) else re.escape(part) for part in string.s)


def string_matches(string, v, cased):
    return re.fullmatch(glob(string), text(v), re.DOTALL | (0 if cased else re.IGNORECASE)) is not None


def moment(v):
    from datetime import datetime
    try:
        return datetime.fromisoformat(v.replace("Z", "+00:00")) if isinstance(v, str) and len(v) > 9 else None
    except ValueError:
        return None


def part(v, name):
    at = moment(v)
    return None if at is None else {"minute": at.minute, "hour": at.hour, "day": at.day, "week": at.isocalendar()[1],
                                    "month": at.month, "year": at.year}[name]


def field_matches(fields, name, wanted):
    have = values(fields, name)
    if isinstance(wanted, SigmaExpansion):
        return any(field_matches(fields, name, one) for one in wanted.values)
    if isinstance(wanted, SigmaNull):
        return not have
    if isinstance(wanted, SigmaExists):
        return bool(have) == bool(wanted)
    if isinstance(wanted, SigmaCasedString):
        return any(string_matches(wanted, v, True) for v in have)
    if isinstance(wanted, SigmaString):
        return any(string_matches(wanted, v, False) for v in have)
    if isinstance(wanted, SigmaBool):
        return any(text(v).lower() == text(wanted.boolean) for v in have)
    if isinstance(wanted, SigmaTimestampPart):
        return any(part(v, wanted.timestamp_part.name.lower()) == wanted.number for v in have)
    if isinstance(wanted, SigmaNumber):
        return any(number(v) == float(wanted.number) for v in have)
    if isinstance(wanted, SigmaRegularExpression):
        flags = {SigmaRegularExpressionFlag.IGNORECASE: re.I, SigmaRegularExpressionFlag.MULTILINE: re.M,
                 SigmaRegularExpressionFlag.DOTALL: re.S}
        given = 0
        for flag in wanted.flags:
            given |= flags[flag]
        source = str(wanted.regexp)
        if not given & re.M:
            source = re.sub(r"(?<!\\)\$", r"\\Z", source)  # Python's $ also stands before a line break at the end.
        return any(re.search(source, text(v), given) for v in have)
    if isinstance(wanted, SigmaCIDRExpression):
        def inside(v):
            try:
                address = ipaddress.ip_address(text(v))
            except ValueError:
                return False
            mapped = getattr(address, "ipv4_mapped", None)
            return (mapped or address) in wanted.network if (mapped or address).version == wanted.network.version else False
        return any(inside(v) for v in have)
    if isinstance(wanted, SigmaCompareExpression):
        limit = float(wanted.number.number) if isinstance(wanted.number, SigmaNumber) else None
        test = {CompareOperators.LT: lambda n: n < limit, CompareOperators.LTE: lambda n: n <= limit,
                CompareOperators.GT: lambda n: n > limit, CompareOperators.GTE: lambda n: n >= limit}[wanted.op]
        return any(number(v) is not None and test(number(v)) for v in have)
    if isinstance(wanted, SigmaFieldReference):
        others = [text(v).lower() for v in values(fields, wanted.field)]
        starts, ends = getattr(wanted, "starts_with", False), getattr(wanted, "ends_with", False)
        for mine in (text(v).lower() for v in have):
            for other in others:
                if mine.find(other) >= 0 if starts and ends else mine.startswith(other) if starts else mine.endswith(other) if ends else mine == other:
                    return True
        return False
    raise NotImplementedError(type(wanted).__name__)


def keyword_matches(fields, wanted):
    if isinstance(wanted, SigmaExpansion):
        return any(keyword_matches(fields, one) for one in wanted.values)
    if isinstance(wanted, SigmaNumber):
        inner = re.escape(str(wanted.number))
        return any(re.search(inner, text(v), re.I) for v in everything(fields))
    inner = glob(wanted)
    return any(re.search(inner, text(v), re.DOTALL | re.IGNORECASE) for v in everything(fields))


def holds(node, fields):
    if isinstance(node, ConditionAND):
        return all(holds(arg, fields) for arg in node.args)
    if isinstance(node, ConditionOR):
        return any(holds(arg, fields) for arg in node.args)
    if isinstance(node, ConditionNOT):
        return not holds(node.args[0], fields)
    if isinstance(node, ConditionFieldEqualsValueExpression):
        return field_matches(fields, node.field, node.value)
    if isinstance(node, ConditionValueExpression):
        return keyword_matches(fields, node.value)
    raise NotImplementedError(type(node).__name__)


# The comparison -----------------------------------------------------------------------------------------------------------

def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("panoptes")
    parser.add_argument("--rules", type=int, default=600)
    parser.add_argument("--events", type=int, default=400)
    parser.add_argument("--seed", type=int, default=20260301)
    parser.add_argument("--keep")
    parser.add_argument("--pin")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as made:
        folder = pathlib.Path(options.keep or made)
        rules = folder / "rules"
        rules.mkdir(parents=True, exist_ok=True)
        events = [event(rng, i) for i in range(options.events)]
        (folder / "events.ndjson").write_text("".join(json.dumps(e) + "\n" for e in events))
        expected, refused, sources = {}, {}, {}
        for i in range(options.rules):
            source = rule(rng, i)
            name = source["name"]
            sources[name] = yaml.safe_dump(source, allow_unicode=True, sort_keys=False)
            (rules / f"{name}.yml").write_text(sources[name])
            try:
                parsed = [c.parsed for c in SigmaRule.from_yaml(sources[name]).detection.parsed_condition]
            except Exception as e:  # whatever pySigma says of a rule that it does not take
                refused[name] = f"{type(e).__name__}: {e}"
                continue
            expected[name] = {e["event"]["id"] for e in events if any(holds(p, e) for p in parsed)}
        if options.pin:
            pin = pathlib.Path(options.pin)
            pin.mkdir(parents=True, exist_ok=True)
            (pin / "rules.yml").write_text("---\n".join(sources[name] for name in expected))
            (pin / "events.ndjson").write_text((folder / "events.ndjson").read_text())
            (pin / "matrix.txt").write_text(
                "".join(f"{name} {' '.join(sorted(found, key=lambda e: int(e[1:])))}".rstrip() + "\n" for name, found in expected.items()))
        checked = subprocess.run([options.panoptes, "rules", "check", str(rules)], capture_output=True, text=True).stdout
        broken = {pathlib.Path(line.split(":")[0]).stem: line for line in checked.splitlines()}
        ran = subprocess.run([options.panoptes, "rules", "match", "--rules", str(rules), "--events", str(folder / "events.ndjson")],
                             capture_output=True, text=True)
        found = {name: set() for name in sources}
        names = {yaml.safe_load(text)["id"]: name for name, text in sources.items()}
        for line in ran.stdout.splitlines():
            match = json.loads(line)
            found[names[match["rule"]]].add(match["event"])
        wrong = 0
        for name in sources:
            if name in refused:
                print(f"note: pySigma refuses {name} ({refused[name][:90]}), we {'too' if name in broken else 'do not'}")
            elif name in broken:
                wrong += 1
                print(f"REFUSED {broken[name]}\n{sources[name]}")
            elif found[name] != expected[name]:
                wrong += 1
                more, less = sorted(found[name] - expected[name]), sorted(expected[name] - found[name])
                print(f"DIFFERENT {name}: {len(more)} too many {more[:3]}, {len(less)} missing {less[:3]}\n{sources[name]}")
                one = (more + less)[0]
                print(json.dumps(next(e for e in events if e["event"]["id"] == one)), "\n")
        pairs = len(expected) * len(events)
        print(f"{len(expected)} rules, {len(events)} events, {pairs} pairs, {sum(map(len, expected.values()))} matches, {wrong} rules differ")
        sys.exit(1 if wrong else 0)


main()
