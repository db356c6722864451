"""Making: whole processes, from documents to crates for us, from a ready specification to code for the others.

Ours reads all four vendors' documents and writes everything that comes of them; the others read one specification.
"""

import os
import re
import shutil

import inputs
import peers
from report import Row, Peers, mib, seconds
from run import ROOT, TARGET, Step, copy, median, paired, ratio, run, say

ROUNDS = 9


def measure():
    """Rows of the table, and lines beside it."""
    release, debug = ours()
    place = copy(TARGET / "workspace")
    outputs = generated(place)
    env = {"CARGO_MANIFEST_DIR": str(place / "xtask")}
    run([release, "regen"], place, env)
    steps = {
        "written": Step([release, "regen"], lambda: remove(outputs), place, env),
        "unchanged": Step([release, "regen"], cwd=place, env=env),
        "debug": Step([debug, "regen"], lambda: remove(outputs), place, env),
    }
    refusals = {}
    notes = []
    for peer in peers.ALL:
        folder = TARGET / "made" / peer.name
        specification, note = readable(peer, folder)
        if specification is None:
            refusals[peer.name] = note
            continue
        if note:
            notes.append(note)
        command = peer.command(specification, folder)
        steps[peer.name] = Step(command, lambda folder=folder: peers.clear(folder), env=peer.env, every=peer.every)
    say(f"making: {ROUNDS} rounds of {', '.join(steps)}")
    runs = paired(steps, ROUNDS)
    theirs = [name for name in runs if name not in ("written", "unchanged", "debug")]
    compared = Peers(
        {name: (ratio(runs["written"], runs[name]), f"{seconds(median(runs[name]))}, {mib(runs[name])}") for name in theirs},
        refusals,
    )
    rows = [
        Row(
            "documents → specifications → crates, all four vendors",
            f"{seconds(median(runs['written']))}, {mib(runs['written'])}",
            compared,
            "150 ms, 64 MiB",
        ),
        Row("the same, nothing changed", seconds(median(runs["unchanged"])), Peers(), "50 ms"),
        Row("the same, debug build", seconds(median(runs["debug"])), Peers(), "1 s"),
    ]
    return rows, notes


def ours():
    """Our own binary, built both ways."""
    build = {"CARGO_TARGET_DIR": str(TARGET / "ours")}
    run(["cargo", "build", "--release", "--locked", "--package", "xtask"], env=build)
    run(["cargo", "build", "--locked", "--package", "xtask"], env=build)
    return TARGET / "ours/release/xtask", TARGET / "ours/debug/xtask"


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


def readable(peer, folder):
    """The specification that the peer reads, and a line about it: the committed one, a repaired one, or none."""
    committed = inputs.specification(peers.VENDOR)
    if not peer.generate(committed, folder, check=False).status:
        return committed, None
    repaired = inputs.repaired(peers.VENDOR)
    again = peer.generate(repaired, folder, check=False)
    if not again.status:
        return repaired, f"{peer.name} was given a repaired specification ({', '.join(peers.REPAIR)})"
    return None, refusal(again.output)


def refusal(output):
    """The first line that says what is wrong."""
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line).strip() for line in output.splitlines()]
    said = [line for line in lines if re.search(r"error|panicked|fail|exception", line, re.IGNORECASE)]
    return (said or list(filter(None, lines)) or ["says nothing"])[0][:160]
