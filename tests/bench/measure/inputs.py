"""What the parts need before they can measure: samples, helpers, specifications, clients of peers.

Leaves all of it below target/bench. Whatever is there already and is newer than what it is made of stays.
"""

import json

import peers
from run import ROOT, TARGET, run

BUILD = TARGET / "build"


def specification(vendor):
    """The committed one."""
    return ROOT / "specs" / vendor / "openapi.json"


def helpers():
    """The folder of the built helpers."""
    cargo("build", "--release", "--package", "helpers")
    return BUILD / "release"


def cargo(*arguments, env=None, check=True):
    """cargo in the workspace of the measurements, which has a target folder of its own."""
    command = ["cargo", *arguments, "--locked", "--manifest-path", ROOT / "tests" / "bench" / "Cargo.toml"]
    return run(command, env={"CARGO_TARGET_DIR": str(BUILD), **(env or {})}, check=check)


def repaired(vendor):
    """A copy of a committed one that peers can read."""
    return repair(specification(vendor), vendor)


def repair(path, name):
    """The same of any specification."""
    to = TARGET / "specs" / f"{name}.json"
    to.parent.mkdir(parents=True, exist_ok=True)
    run([helpers() / "repair", path, to, *peers.REPAIR])
    return to


def samples():
    """The vendors' own samples, as a server sends them."""
    operations = json.loads(specification("vbasoftware").read_text())["paths"]
    update = operations["/users/{userID}"]["put"]["requestBody"]["content"]["application/json"]["example"]
    operations = json.loads(specification("superoffice").read_text())["paths"]
    saved = operations["/api/v1/Agents/User/SaveUser"]["post"]["responses"]["200"]["content"]["application/json"]["example"]
    write("update", update)
    # The vendor's own sample of the answer is collapsed; what was updated is the user.
    write("updated", {"data": update, "error": None, "debug": None})
    write("saved", saved)


def write(name, value):
    """One sample; untouched where it is the same, so that nothing is built again."""
    path = TARGET / "samples" / f"{name}.json"
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
