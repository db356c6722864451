"""Making: whole processes, from documents to crates for us, from a ready specification to code for the others.

Ours reads all four vendors' documents and writes everything that comes of them; the others read one specification.
"""

import re

import inputs
import peers
from report import Peers, Row, mib, seconds
from run import ROOT, TARGET, Step, copy, median, paired, ratio, run, say

ROUNDS = 9


def measure():
    """Rows of the table, and lines beside it."""
    release, debug = ours()
    place = copy(TARGET / "workspace")
    outputs = generated(place)
    own = [path for path in outputs if peers.VENDOR in path.relative_to(place).parts]
    env = {"CARGO_MANIFEST_DIR": str(place / "xtask")}
    run([release, "regen"], place, env)
    steps = {
        "written": Step([release, "regen"], lambda: remove(outputs), place, env),
        "one": Step([release, "regen", peers.VENDOR], lambda: remove(own), place, env),
        "unchanged": Step([release, "regen"], cwd=place, env=env),
        "debug": Step([debug, "regen"], lambda: remove(outputs), place, env),
    }
    refusals, notes = compare(peers.ALL, inputs.specification(peers.VENDOR), inputs.repaired(peers.VENDOR), steps)
    say(f"making: {ROUNDS} rounds of {', '.join(steps)}")
    runs = paired(steps, ROUNDS)
    compared = beside(runs, "written", peers.ALL, refusals)
    rows = [
        Row(
            "documents → specifications → crates, all four vendors",
            f"{seconds(median(runs['written']))}, {mib(runs['written'])}",
            compared,
            "150 ms, 64 MiB",
        ),
        Row(
            f"documents → specification → crate, one vendor (`{peers.VENDOR}`)",
            f"{seconds(median(runs['one']))}, {mib(runs['one'])}",
            beside(runs, "one", peers.ALL, refusals),
            "the specification's readers",
        ),
        Row("the same as the first, nothing changed", seconds(median(runs["unchanged"])), Peers(), "50 ms"),
        Row("the same as the first, debug build", seconds(median(runs["debug"])), Peers(), "1 s"),
    ]
    return rows, notes


def ours():
    """Our own binary, built both ways; most of the debug build is there already where tests have run."""
    target = ROOT / "target"
    build = {"CARGO_TARGET_DIR": str(target)}
    run(["cargo", "build", "--release", "--locked", "--package", "xtask"], env=build)
    run(["cargo", "build", "--locked", "--package", "xtask"], env=build)
    return target / "release" / "xtask", target / "debug" / "xtask"


def generated(place):
    """What a regeneration writes: whole files that say so."""
    found = []
    for folder in ("crates", "specs"):
        for path in (place / folder).rglob("*"):
            if path.is_file() and "@generated" in "".join(path.open(errors="replace").readlines()[:3]):
                found.append(path)
    return found


def remove(paths):
    for path in paths:
        path.unlink(missing_ok=True)


def compare(generators, committed, repaired, steps):
    """Adds a step for each generator that can read the specification; says which cannot, and which read a repaired one."""
    refusals, notes = {}, []
    for peer in generators:
        folder = TARGET / "made" / peer.name
        specification = committed
        done = peer.generate(committed, folder, check=False)
        if done.status:
            specification = repaired
            done = peer.generate(repaired, folder, check=False)
            notes += [] if done.status else [f"{peer.name} reads it repaired ({', '.join(peers.REPAIR)})"]
        if done.status:
            refusals[peer.name] = refusal(done.output)
            continue
        command = peer.command(specification, folder)
        steps[peer.name] = Step(command, lambda folder=folder: peers.clear(folder), env=peer.env, every=peer.every)
    return refusals, notes


def beside(runs, ours, generators, refusals):
    """The others' times and memory, as ratios."""
    theirs = [peer.name for peer in generators if peer.name in runs]
    values = {name: f"{seconds(median(runs[name]))}, {mib(runs[name])}" for name in theirs}
    return Peers({name: (ratio(runs[ours], runs[name]), values[name]) for name in theirs}, refusals)


def refusal(output):
    """The first line that says what is wrong."""
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line).strip() for line in output.splitlines()]
    said = [line for line in lines if re.search(r"error|panicked|fail|exception", line, re.IGNORECASE)]
    return (said or list(filter(None, lines)) or ["says nothing"])[0][:160]
