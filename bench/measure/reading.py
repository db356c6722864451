"""Reading: the rates of the workspace's own benchmark of the dialects.

Enters: divan's table, several times. Leaves: a row with the rate of each dialect, in the form that is read slowest.
"""

import re
import statistics
import tomllib

from report import Peers, Row
from run import ROOT, run

ROUNDS = 3
RATE = re.compile(r"([\d.]+) ([KMG])B/s")
SCALE = {"K": 1e-3, "M": 1.0, "G": 1e3}


def measure():
    """One row."""
    command = ["cargo", "bench", "--locked", "--package", "tests", "--bench", "reading"]
    tables = [parse(run(command).output) for _ in range(ROUNDS)]
    rates = {name: statistics.median(table[name] for table in tables) for name in tables[0]}
    slowest = {}
    for name, rate in rates.items():
        dialect = next((known for known in dialects() if name.startswith(known.replace("-", "_"))), name)
        slowest[dialect] = min(rate, slowest.get(dialect, rate))
    said = ", ".join(f"{name} {rate:.0f}" for name, rate in slowest.items())
    details = [f"{rate:8.1f} MB/s {name}" for name, rate in rates.items()]
    return [Row("reading pages, MB/s by dialect", said, Peers(), "50", details)], []


def dialects():
    """Those that a vendor's manifest names."""
    manifests = (ROOT / "specs").glob("*/vendor.toml")
    return sorted({tomllib.loads(path.read_text())["dialect"] for path in manifests})


def parse(table):
    """Median rate in MB/s by name. divan draws a tree, and prints rates below times: fastest, slowest, median, mean."""
    rates = {}
    path = []
    for line in table.splitlines():
        head = re.match(r"((?:[│ ]  )*)[├╰]─ (\S+)", line)
        if head:
            path = path[: len(head.group(1)) // 3] + [head.group(2)]
        found = RATE.findall(line)
        if path and len(found) == 4:
            value, scale = found[2]
            rates["/".join(path)] = float(value) * SCALE[scale]
    return rates
