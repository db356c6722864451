"""Which parts are measured, and where the outcome goes.

`tests/tools/bench` is the way in: it installs what the parts need.
"""

import importlib
import signal
import sys

import report
from run import Failed, say

#: In the order of the table.
PARTS = ["making", "reading", "calling", "coding", "weight", "whole"]


def main(arguments):
    """Measures, prints, and renews the table, once every part was measured here."""
    if arguments == ["--check"]:
        wrong = report.check()
        for line in wrong:
            print(line, file=sys.stderr)
        return 1 if wrong else 0
    if arguments == ["--draw"]:
        report.draw()
        return 0
    known = arguments[:1] == ["--parts"]
    wanted = arguments[1:] if known else arguments
    unknown = [name for name in wanted if name not in PARTS]
    if unknown:
        print(f"no part is called {unknown[0]}; known are: {' '.join(PARTS)}", file=sys.stderr)
        return 2
    if known:
        return 0
    # What is running is ended with us.
    for kind in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(kind, lambda *_: sys.exit(1))
    for name in PARTS:
        if wanted and name not in wanted:
            continue
        say(f"== {name}")
        try:
            rows, notes = importlib.import_module(name).measure()
        except Failed as failure:
            say(str(failure))
            rows, notes = [report.missing(name, "see the log")], []
        print(report.terminal(rows, notes), flush=True)
        report.keep(name, rows, notes)
    if report.renew(PARTS):
        say("tests/bench/README.md and its picture are renewed")
    else:
        say("tests/bench/README.md stays as it is until every part was measured")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
