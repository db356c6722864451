"""Reading: the rates of the workspace's own benchmark of the dialects.

Enters: divan's table, several times. Leaves: a row with the rate of each dialect, in the form and the number of pages that
are read slowest, beside splitting the same bytes into words, and one that tells how memory grows.
"""

import re
import statistics
from dataclasses import dataclass, field

from report import Peers, Row
from run import run

ROUNDS = 3
#: A row's dialect and form, as many pages as it has, and the first of four columns.
HEAD = re.compile(r"[│ ] +[├╰]─ ([\w-]+) ?(.*?) +(\d*) +[\d.]+ [nµm]?s ")
GROUP = re.compile(r"[├╰]─ (\w+)")
RATE = re.compile(r"([\d.]+) ([KMG]?)B/s")
SIZE = re.compile(r"([\d.]+) ([KMG]?)B\b(?!/)")
SCALE = {"": 1e-6, "K": 1e-3, "M": 1.0, "G": 1e3}
FEW, MANY = 30, 3000
#: No peer, but what the machine makes of the same bytes where nothing is read out of them: the group of the same texts.
WORDS = "words_of_"


@dataclass
class Read:
    """What was measured of so many pages, in MB/s and MB."""

    dialect: str
    form: str
    pages: int
    rates: list = field(default_factory=list)
    held: float = 0.0

    def rate(self):
        return statistics.median(self.rates)


def measure():
    """Two rows."""
    command = ["cargo", "bench", "--locked", "--package", "tests", "--bench", "reading"]
    reads = {}
    for _ in range(ROUNDS):
        parse(run(command).output, reads)
    words = {key: reads.pop(key).rate() for key in list(reads) if key[0].startswith(WORDS)}
    slowest, shares, growth = {}, {}, {}
    for (group, form, pages), read in reads.items():
        share = read.rate() / words[WORDS + group, form, pages]
        slowest[read.dialect] = min(read.rate(), slowest.get(read.dialect, read.rate()))
        shares[read.dialect] = min(share, shares.get(read.dialect, share))
        few = reads.get((group, form, FEW))
        if pages == MANY and few:
            by_page = read.held / few.held * FEW / MANY
            growth[read.dialect] = max(by_page, growth.get(read.dialect, by_page))
    between = f"{min(words.values()):.0f} to {max(words.values()):.0f} MB/s"
    floor = Peers({"splitting the same into owned words": (min(shares.values()), between)})
    details = [
        f"{read.rate():8.1f} MB/s, {read.rate() / words[WORDS + group, form, pages]:.2f} of words, "
        f"{read.held:8.2f} MB held: {read.form}, {group} {pages}"
        for (group, form, pages), read in reads.items()
    ]
    rates = ", ".join(f"{name} {rate:.0f} ({shares[name]:.2f} of words)" for name, rate in slowest.items())
    times = ", ".join(f"{name} {factor:.2f}" for name, factor in growth.items())
    return [
        Row(f"reading 1 to {MANY:,} pages, the slowest rate of each dialect, MB/s", rates, floor, "50; 0.40 of words", details),
        Row(f"memory that a page takes among {MANY:,}, ÷ among {FEW}", times, Peers(), "1.0"),
    ], []


def parse(table, reads):
    """Adds what divan's tree tells: below each row its rates, then the most that was held: fastest, slowest, median, mean."""
    group, read, holds = "", None, False
    for line in table.splitlines():
        group = found.group(1) if (found := GROUP.match(line)) else group
        if found := HEAD.match(line):
            dialect, form, pages = found.group(1), " ".join(found.groups()[:2]).strip(), int(found.group(3) or 1)
            read = reads.setdefault((group, form, pages), Read(dialect, form, pages))
        if read and len(rates := RATE.findall(line)) == 4:
            read.rates.append(megabytes(rates[2]))
        if read and holds and len(sizes := SIZE.findall(line)) == 4:
            read.held, holds = megabytes(sizes[2]), False
        holds = holds or "max alloc:" in line


def megabytes(found):
    """A number with its unit."""
    value, scale = found
    return float(value) * SCALE[scale]
