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
        total = summary["profiles"][0]["data"]["total"]["metrics"]
        counted[summary["function_name"]] = total["Ir"]["values"]["new"]
    return counted
