"""Processes, measured.

Enters: a command, or several that are to be compared. Leaves: seconds and peak memory of each run. Compared commands take
turns, so that a machine which others use as well slows all of them alike; the median stands for the whole.

The memory of a process is never seen smaller than that of this one when it starts the other, some 15 MiB.
"""

import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TARGET = ROOT / "target" / "bench"
TOOLS = ROOT / "tests" / "tools"
LIMIT = 1800

#: Nothing is kept from one check for the next: what is looked at is all of the code.
WHOLLY = {"CARGO_INCREMENTAL": "0"}


class Failed(Exception):
    """A command that did not do what it was to do, and the end of what it said."""


@dataclass
class Run:
    """One run of a command."""

    seconds: float
    #: Of all processes in it.
    processor_seconds: float
    mebibytes: float
    output: str
    status: int


def run(command, cwd=ROOT, env=None, check=True):
    """Runs a command to its end, and not longer than half an hour."""
    if shutil.which(str(command[0])) is None:
        # As a shell says it.
        if check:
            raise Failed(f"{command[0]} is missing")
        return Run(0.0, 0.0, 0.0, f"error: {Path(command[0]).name} is missing", 127)
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        # The whole group that it started, since a build has children.
        timer = threading.Timer(LIMIT, os.killpg, (process.pid, signal.SIGKILL))
        timer.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        finally:
            timer.cancel()
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().decode(errors="replace")
    done = Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, text, process.returncode)
    if check and done.status:
        raise Failed(f"{' '.join(map(str, command))} ended with {done.status}:\n{text[-3000:]}")
    return done


@dataclass
class Step:
    """One of several commands that are compared."""

    command: list
    before: callable = lambda: None
    cwd: Path = ROOT
    env: dict = None
    #: Takes part in every n-th round only, because it is slow.
    every: int = 1


def paired(steps, rounds, warm=True):
    """Runs of each step by its name; every round begins with another one. The first one may only warm up."""
    runs = {name: [] for name in steps}
    names = list(steps)
    for turn in range(-1 if warm else 0, rounds):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            step = steps[name]
            done = None
            if turn < 0 or turn % step.every == 0:
                step.before()
                done = run(step.command, step.cwd, step.env)
            if turn >= 0:
                runs[name].append(done)
    return runs


def median(runs, what="seconds"):
    """The median of what was measured."""
    return statistics.median(getattr(done, what) for done in runs if done)


def ratio(ours, theirs):
    """The median of the ratios within each round."""
    return statistics.median(own.seconds / other.seconds for own, other in zip(ours, theirs) if own and other)


def empty(folder):
    """An empty folder in its place."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def copy(folder):
    """The workspace without what tools leave in it: what a regeneration reads, and what it writes over."""
    empty(folder)
    listed = run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]).output
    for path in filter(None, listed.split("\0")):
        if (ROOT / path).is_file():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, folder / path)
    return folder


def say(text):
    """A line for who waits."""
    print(text, file=sys.stderr, flush=True)
