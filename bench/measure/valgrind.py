"""Instructions, counted by valgrind through gungraun.

Enters: a benchmark of the package `bench` and the features that it is built with. Leaves: instructions by function.
"""

import json
import os
import shutil

import inputs
from run import TOOLS


def missing():
    """Why nothing can be counted here, if so."""
    if shutil.which("valgrind"):
        return None
    return "valgrind is missing (on Debian: apt-get install valgrind)"


def count(benchmark, features, environment=""):
    """Runs the benchmark and reads what it leaves."""
    home = inputs.BUILD / "gungraun"
    shutil.rmtree(home, ignore_errors=True)
    env = {
        "PATH": f"{TOOLS / '.cargo-tools' / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "GUNGRAUN_SAVE_SUMMARY": "json",
        "GUNGRAUN_HOME": str(home),
        "GUNGRAUN_ENVS": environment,
    }
    inputs.cargo("bench", "--package", "bench", "--bench", benchmark, "--features", features, env=env)
    counted = {}
    for path in home.rglob("summary.json"):
        summary = json.loads(path.read_text())
        counted[summary["function_name"]] = instructions(summary)
    return counted


def instructions(summary):
    """`Ir` of the whole run."""
    for profile in summary["profiles"]:
        metrics = profile["summaries"]["total"]["summary"].get("Callgrind")
        if metrics:
            return next(iter(value(metrics["Ir"]["metrics"])))
    raise KeyError("no instructions in the summary")


def value(metrics):
    """The number, however deep it is wrapped."""
    if isinstance(metrics, dict):
        for inner in metrics.values():
            yield from value(inner)
    elif isinstance(metrics, list):
        for inner in metrics:
            yield from value(inner)
    elif isinstance(metrics, (int, float)):
        yield metrics
