"""The table: on the terminal with all values, in tests/bench/README.md for a reader in a hurry, with a picture of it.

Takes rows as the parts measured them. Returns text. Nothing in it is written by hand but the targets.
"""

import json
import os
import re
import statistics
from dataclasses import dataclass, field

import picture
from run import ROOT, TARGET, run

#: Where the table stands, and the picture of it that the README of the workspace shows.
PAGE = ROOT / "tests/bench/README.md"
PICTURE = ROOT / "tests/bench/measured.svg"

BEGIN, END = "<!-- begin measured -->", "<!-- end measured -->"
HEAD = "| what | here | ours ÷ peer's | target |"
#: What each part gave when it was measured last.
MEASURED = TARGET / "measured"
#: Lines of the block, its marks included.
LINES = 26


@dataclass
class Peers:
    """What others take, by name: our value divided by theirs, and theirs."""

    ratios: dict = field(default_factory=dict)
    #: Name and first line of why it cannot.
    refusals: dict = field(default_factory=dict)

    def short(self):
        """For the page."""
        said = [f"{name} {times(ratio)}" for name, (ratio, _) in self.ratios.items()]
        return ", ".join(said + [f"{name} refuses" for name in self.refusals]) or "–"

    def long(self):
        """For the terminal."""
        for name, (ratio, value) in self.ratios.items():
            yield f"{times(ratio):>8} × {name} ({value})"
        for name, why in self.refusals.items():
            yield f"{'refuses':>8}   {name}: {why}"


@dataclass
class Row:
    """One measure."""

    what: str
    ours: str
    peers: Peers
    target: str = "–"
    #: Lines for the terminal alone.
    details: list = field(default_factory=list)


def missing(what, why):
    """A measure that could not be taken here."""
    return Row(what, f"not measured: {why}", Peers())


def number(value):
    """Two digits that count."""
    if value >= 9.95:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 0.995 else f"{value:.2g}"


def times(value):
    """A ratio; around one, hundredths decide."""
    if value >= 9.95:
        return f"{value:.0f}"
    return f"{value:.2f}" if value >= 0.0995 else f"{value:.2g}"


def seconds(value):
    """Time with its unit."""
    if value >= 0.9995:
        return f"{number(value)} s"
    if value >= 0.9995e-3:
        return f"{value * 1e3:.0f} ms" if value >= 0.00995 else f"{value * 1e3:.1f} ms"
    return f"{value * 1e6:.1f} µs"


def thousands(value):
    """Instructions."""
    return f"{value / 1e3:.0f} k" if value >= 9950 else f"{value / 1e3:.1f} k"


def mib(runs):
    """The median of peak memory."""
    return f"{statistics.median(done.mebibytes for done in runs if done):.0f} MiB"


def terminal(rows, notes):
    """All that was measured."""
    lines = []
    for row in rows:
        lines.append(f"{row.what}\n    {row.ours}   (target: {row.target})")
        lines.extend(f"    {line}" for line in [*row.details, *row.peers.long()])
    lines.extend(f"  {note}" for note in notes)
    return "\n".join(lines)


def keep(part, rows, notes):
    """Remembers what a part gave, until it is measured again."""
    lines = [f"| {row.what} | {row.ours} | {row.peers.short()} | {row.target} |" for row in rows]
    MEASURED.mkdir(parents=True, exist_ok=True)
    (MEASURED / f"{part}.json").write_text(json.dumps({"lines": lines, "notes": notes}))


def block(parts):
    """The part of the page between the marks, these included; nothing where a part was never measured."""
    paths = [MEASURED / f"{part}.json" for part in parts]
    if not all(path.exists() for path in paths):
        return None
    measured = [json.loads(path.read_text()) for path in paths]
    lines = [BEGIN, "", HEAD, "|---|---|---|---|", *(line for part in measured for line in part["lines"])]
    compiler = re.match(r"rustc \S+", run(["rustc", "--version"]).output).group()
    notes = "".join(f"; {note}" for part in measured for note in part["notes"])
    lines += ["", f"`tests/tools/bench`, each row of one run on {os.cpu_count()} cores with {compiler}{notes}.", "", END]
    return "\n".join(lines)


def renew(parts):
    """Writes the block and its picture; whether it could, all parts being there."""
    before, after = around(PAGE.read_text())
    text = block(parts)
    if text is None:
        return False
    wrong = problems(text)
    if wrong:
        raise SystemExit("the table would not be whole: " + "; ".join(wrong))
    PAGE.write_text(before + text + after)
    PICTURE.write_text(picture.draw(measures(text)))
    return True


def around(text):
    """What stands before the block and after it."""
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise SystemExit(f"{PAGE.relative_to(ROOT)} needs one {BEGIN} and one {END}")
    return text[: text.index(BEGIN)], text[text.index(END) + len(END) :]


def measures(text):
    """The lines of a block that have measures."""
    return [line for line in text.splitlines() if line.startswith("| ") and line != HEAD]


def current():
    """The block that stands on the page."""
    text = PAGE.read_text()
    before, after = around(text)
    return text[len(before) : len(text) - len(after)]


def check():
    """What is wrong with the block that stands on the page, and with its picture."""
    text = current()
    wrong = problems(text)
    if not wrong and (not PICTURE.exists() or PICTURE.read_text() != picture.draw(measures(text))):
        wrong.append(f"{PICTURE.relative_to(ROOT)} shows other numbers than the table: tests/tools/bench --draw")
    return wrong


def draw():
    """Writes the picture of the table that stands on the page."""
    PICTURE.write_text(picture.draw(measures(current())))


def problems(text):
    """What is wrong with a block."""
    lines = text.splitlines()
    wrong = []
    if len(lines) > LINES:
        wrong.append(f"{len(lines)} lines, and {LINES} are enough")
    if HEAD not in lines:
        wrong.append(f"no line says {HEAD}")
    rows = [line for line in lines if line.startswith("|")]
    wrong += [f"not four columns: {row}" for row in rows if row.count("|") != 5 or not row.endswith("|")]
    if len(rows) < 5:
        wrong.append(f"only {len(rows)} lines of the table")
    return wrong
