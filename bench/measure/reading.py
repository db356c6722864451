"""Reading: the rates of the workspace's own benchmark of the dialects.

Enters: divan's table. Leaves: the median rate of each dialect, the slowest of its forms first to be seen.
"""

import re

from report import Peers, Row
from run import run

RATE = re.compile(r"([\d.]+) ([KMG])B/s")
SCALE = {"K": 1e-3, "M": 1.0, "G": 1e3}


def measure():
    """One row."""
    done = run(["cargo", "bench", "--locked", "--package", "tests", "--bench", "reading"])
    rates = parse(done.output)
    slowest = min(rates.values())
    listed = ", ".join(f"{name} {rate:.0f}" for name, rate in rates.items())
    row = Row("reading pages of every dialect, slowest", f"{slowest:.0f} MB/s", Peers(), "50 MB/s")
    return [row], [f"MB/s: {listed}"]


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
