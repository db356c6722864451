"""A whole vendor of 2,900 operations: pages to one specification, a vendor's folder to its crate, the crate checked.

Enters: the pages of `pages`, in a copy of the workspace. Leaves: two rows. What the crate stands on is built before.
"""

import hashlib
import shutil
import tomllib

import inputs
import making
import pages
import peers
from report import Peers, Row, mib, seconds
from run import TARGET, WHOLLY, Step, copy, empty, median, paired, run, say

OPERATIONS = 2900
ROUNDS = 3
NAME = "wholevendor"
#: Features of every generated crate that choose no operations.
COMMON = {"default", "native-tls", "rustls", "tracing"}


def measure():
    """Rows for making it and for checking what was made."""
    binary, _ = making.ours()
    place = copy(TARGET / "whole" / "workspace")
    texts = dict(pages.pages((inputs.ROOT / "specs/superoffice/docs/save-user.md").read_text(), OPERATIONS))
    folder = place / "specs" / NAME
    documents = empty(folder / "docs")
    for name, text in texts.items():
        (documents / name).write_text(text)
    (folder / "vendor.toml").write_text(manifest(texts))

    env = {"CARGO_MANIFEST_DIR": str(place / "xtask")}
    specification = TARGET / "whole" / "openapi.json"
    import_ = [binary, "import", "--dialect", "superoffice-docfx", "--output", specification, *sorted(documents.iterdir())]
    steps = {
        "import": Step(import_, env=env, cwd=place),
        "regen": Step([binary, "regen", NAME], lambda: forget(place), place, env),
    }
    size = sum(map(len, texts.values())) / 1e6
    say(f"whole: {OPERATIONS} pages, {size:.1f} MB, {ROUNDS} rounds")
    run(import_, place, env)
    repaired = inputs.repair(specification, NAME)
    refusals, notes = making.compare(peers.RUST, specification, repaired, steps)
    runs = paired(steps, ROUNDS, warm=False)
    taken = {name: f"{seconds(median(runs[name]))} ({mib(runs[name])})" for name in ("import", "regen")}
    whole = Row(
        f"a whole vendor, {OPERATIONS:,} operations on {size:.0f} MB of pages",
        f"import {taken['import']}; specification and crate {taken['regen']}",
        making.beside(runs, "regen", peers.RUST, refusals),
        "5 s",
    )
    return [whole, checked(place)], [f"{note} for a whole vendor" for note in notes]


def manifest(texts):
    """A folder's hand-written part."""
    documents = "".join(
        f'[[documents]]\nfile = "{name}"\nsha256 = "{hashlib.sha256(text.encode()).hexdigest()}"\n'
        f'url = "https://example.com/{name}"\n\n'
        for name, text in texts.items()
    )
    return f"""name = "{NAME}"
title = "Whole Vendor"
description = "Every operation of a vendor."
contact = {{ name = "Whole Vendor", url = "https://example.com/" }}
dialect = "superoffice-docfx"

{documents}[[servers]]
url = "https://example.com"
description = "The vendor"
reason = "the pages give paths only"
evidence = "https://example.com/"
"""


def forget(place):
    """As if it had never been generated."""
    shutil.rmtree(place / "crates" / NAME, ignore_errors=True)
    for name in ("openapi.json", "findings.md"):
        (place / "specs" / NAME / name).unlink(missing_ok=True)


def checked(place):
    """`cargo check` of the crate alone: with default features, and where operations are features with all and with one."""
    package = place / "crates" / NAME
    features = tomllib.loads((package / "Cargo.toml").read_text()).get("features", {})
    own = sorted(name for name in set(features) - COMMON if not name.startswith("all-"))
    ways = {"default features": []}
    if own:
        ways["all features"] = ["--all-features"]
        ways[f"one of {len(own)} features"] = ["--no-default-features", "--features", own[0]]
    said = []
    for way, flags in ways.items():
        command = ["cargo", "check", "--quiet", "--package", NAME, *flags]
        env = {"CARGO_TARGET_DIR": str(TARGET / "whole" / "target"), **WHOLLY}
        # Builds what it stands on, and the crate once; then only the crate looks changed.
        run(command, place, env)
        (package / "src" / "lib.rs").touch()
        done = run(command, place, env)
        said.append(f"{way} {seconds(done.seconds)} ({done.mebibytes:.0f} MiB)")
    lines = sum(len(path.read_text().splitlines()) for path in (package / "src").rglob("*.rs"))
    return Row(f"`cargo check` of its crate, {lines:,} lines", "; ".join(said), Peers(), "60 s")
