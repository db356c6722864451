"""Weight: crates in the tree, seconds of a clean check, lines per operation.

Enters: the clients that the generators of Rust make of one specification, each with the dependencies that it asks for
itself. Leaves: four rows. Ours is the crate of the same vendor, in a copy of the workspace, with what it publishes by
default; also without TLS, to be compared with those that have none.
"""

import json
import re

import inputs
import peers
from making import refusal
from report import Peers, Row, seconds
from run import TARGET, WHOLLY, Failed, Step, copy, empty, median, paired, ratio, run, say

ROUNDS = 5
BARE = "ours without TLS"
OURS = {"ours", BARE}
PLAIN = "progenitor"
#: Its own manifest asks for no TLS, without which no vendor is reached.
WITHOUT_TLS = f"{PLAIN}, both without TLS"


def like(name):
    """Which of ours is compared with it."""
    return BARE if name == WITHOUT_TLS else "ours"


def measure():
    """Rows, and what others failed at."""
    workspace = copy(TARGET / "workspace")
    run(["cargo", "fetch", "--locked", "--quiet"], workspace)
    package = ["--package", peers.VENDOR]
    clients = {"ours": (workspace, package), BARE: (workspace, [*package, "--no-default-features"])}
    clean, broken = {}, {}
    for peer in peers.RUST:
        try:
            clients[peer.name] = (client(peer), [])
        except Failed as failure:
            broken[peer.name] = refusal(str(failure))
    if PLAIN in clients:
        folder, _ = clients.pop(PLAIN)
        clients[f"{PLAIN} with rustls"] = (folder, ["--features", "reqwest/rustls"])
        clients[WITHOUT_TLS] = (folder, [])
    trees = {name: tree(*where) for name, where in clients.items()}
    for name, (folder, flags) in clients.items():
        say(f"weight: a clean check of {name}")
        done = run(check(flags), folder, target(name, fresh=True), check=False)
        if done.status:
            broken[name] = refusal(done.output)
        else:
            clean[name] = done
    for name in OURS & broken.keys():
        raise Failed(f"our own crate does not build: {broken[name]}")
    say(f"weight: {ROUNDS} rounds of checks of own code")
    steps = {name: Step(check(clients[name][1]), touch(name, clients[name][0]), clients[name][0], target(name)) for name in clean}
    own = paired(steps, ROUNDS)
    # Each is built from nothing once: processor time is what others on the machine change least.
    rest = {name: done.processor_seconds - median(own[name], "processor_seconds") for name, done in clean.items()}

    def beside(values, said):
        others = [name for name in values if name not in OURS]
        return {name: (values[like(name)] / values[name], said(values[name])) for name in others}

    rows = [
        Row(
            f"crates that one client stands on (`{peers.VENDOR}`)",
            f"{trees['ours']}; without TLS {trees[BARE]}",
            Peers(beside(trees, str)),
            "fewer than any",
        ),
        Row(
            "clean `cargo check` of these, processor time",
            f"{seconds(rest['ours'])}; without TLS {seconds(rest[BARE])}",
            Peers(beside(rest, seconds), broken),
        ),
        Row(
            "`cargo check` of its own code",
            seconds(median(own["ours"])),
            Peers({
                name: (ratio(own[like(name)], own[name]), seconds(median(own[name]))) for name in own if name not in OURS
            }),
            "1 s",
        ),
        lines(),
    ]
    return rows, [f"{name} does not build: {why}" for name, why in broken.items()]


def client(peer):
    """What the generator makes, as a package of its own."""
    folder = TARGET / "clients" / peer.name
    peer.generate(inputs.specification(peers.VENDOR), folder)
    manifest = folder / "Cargo.toml"
    wanted = folder / "REQUIRED_DEPS.toml"
    if wanted.exists():
        # It writes modules, and what the crate around them needs.
        package = '[package]\nname = "peer"\nversion = "0.1.0"\nedition = "2024"\n\n'
        manifest.write_text(package + wanted.read_text())
        sources = list(folder.glob("*.rs"))
        (folder / "src").mkdir()
        for path in sources:
            path.rename(folder / "src" / path.name.replace("mod.rs", "lib.rs"))
    # Not a member of the workspace around it.
    manifest.write_text(manifest.read_text() + "\n[workspace]\n")
    run(["cargo", "fetch", "--quiet"], folder)
    return folder


def tree(folder, flags):
    """How many other packages there are, for this machine and with default features."""
    listed = run(["cargo", "tree", "--quiet", *flags, "--edges", "normal,build", "--prefix", "none"], folder).output
    packages = {re.sub(r" \(.*", "", line) for line in listed.splitlines() if line}
    return len(packages) - 1


def check(flags):
    return ["cargo", "check", "--quiet", "--offline", *flags]


def target(name, fresh=False):
    """A target folder for each, so that nobody finds another's work done."""
    folder = TARGET / "check" / name
    if fresh:
        empty(folder)
    return {"CARGO_TARGET_DIR": str(folder), **WHOLLY}


def touch(name, folder):
    """Makes the own code look changed."""
    package = folder / "crates" / peers.VENDOR if name in OURS else folder
    return (package / "src" / "lib.rs").touch


def lines():
    """Lines of Rust per operation for each vendor, against progenitor's plain output."""
    mine, theirs = {}, {}
    for folder in sorted((inputs.ROOT / "specs").iterdir()):
        vendor = folder.name
        operations = count(json.loads(inputs.specification(vendor).read_text()))
        mine[vendor] = written(inputs.ROOT / "crates" / vendor) / operations
        made = TARGET / "made" / f"progenitor-{vendor}"
        if peers.PROGENITOR.generate(inputs.specification(vendor), made, check=False).status:
            peers.PROGENITOR.generate(inputs.repaired(vendor), made)
        theirs[vendor] = written(made) / operations
    said = ", ".join(f"{value:.0f}" for value in mine.values())
    ratios = {vendor: (mine[vendor] / value, f"{value:.0f}") for vendor, value in theirs.items()}
    return Row("generated lines per operation, beside progenitor's", said, Peers(ratios), "1.0")


def count(specification):
    """Operations of a specification."""
    methods = {"get", "put", "post", "delete", "patch", "head", "options", "trace"}
    return sum(len(methods & set(item)) for item in specification["paths"].values())


def written(package):
    """Lines of its code."""
    return sum(len(path.read_text().splitlines()) for path in (package / "src").rglob("*.rs"))
