"""Reading and writing the vendor's own sample answer: ours beside serde's derive and beside serde_json's Value.

Enters: builds of the same benchmarks; serde's derive writes nulls as ours does, or leaves them out, which is less to write.
Leaves: a row for reading and one for writing, in instructions, which do not drift, and in time, which is taken in turns.
"""

import json
import re

import inputs
import valgrind
from report import Peers, Row, missing, seconds, thousands
from run import Step, paired

ROUNDS = 5
UNITS = {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1.0}
BUILDS = ("ours", "plain", "terse")


def measure():
    """Two rows."""
    inputs.samples()
    times = timed()
    why = valgrind.missing()
    counted = {} if why else {build: valgrind.count("coding", build) for build in BUILDS}
    rows = []
    for what, target in (("decode", "1.2 of derive"), ("encode", "1.1 of derive")):
        label = {"decode": "reading", "encode": "writing"}[what]
        mine = times["ours", what]
        others = {"derive": times["plain", what]}
        if what == "decode":
            others["Value"] = times["plain", "decode_value"]
        else:
            others["derive without nulls"] = times["terse", what]
        ratios = {
            f"{name} in time": (middle([own / other for own, other in zip(mine, theirs)]), seconds(middle(theirs)))
            for name, theirs in others.items()
        }
        said = seconds(middle(mine))
        if counted:
            ours, derive, terse = (counted[build][what] for build in BUILDS)
            said = f"{thousands(ours)} instructions, {said}"
            ratios = {"derive": (ours / derive, thousands(derive)), **ratios}
            if what == "encode":
                ratios["derive without nulls"] = (ours / terse, thousands(terse))
        rows.append(Row(f"{label} the sample answer of `SaveUser`", said, Peers(ratios), target))
    if why:
        rows.append(missing("instructions of both", why))
    return rows, []


def timed():
    """Median seconds of each round, by build and function."""
    steps = {build: Step([executable(build), "--bench"]) for build in BUILDS}
    times = {}
    for build, runs in paired(steps, ROUNDS).items():
        for done in runs:
            for name, value in parse(done.output).items():
                times.setdefault((build, name), []).append(value)
    return times


def executable(build):
    """Builds one way of doing it, and says where it is."""
    done = inputs.cargo(
        "bench", "--no-run", "--package", "bench", "--bench", "coding_time", "--features", build,
        "--message-format", "json",
    )  # fmt: skip
    messages = (json.loads(line) for line in done.output.splitlines() if line.startswith("{"))
    return [message["executable"] for message in messages if message.get("executable")][-1]


def parse(table):
    """Median seconds by function, from divan's table: fastest, slowest, median, mean."""
    times = {}
    for line in table.splitlines():
        head = re.match(r"[├╰]─ (\w+)", line)
        found = re.findall(r"([\d.]+) (ns|µs|ms|s)\b", line)
        if head and len(found) == 4:
            value, unit = found[2]
            times[head.group(1)] = float(value) * UNITS[unit]
    return times


def middle(values):
    """The median."""
    return sorted(values)[len(values) // 2]
