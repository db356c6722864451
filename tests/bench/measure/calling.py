"""One call: instructions in each client for the same request and the same answer, on a connection that is open already.

Enters: the clients that peers make of the committed specification. Leaves: one row. The server is a process of its own
that refuses whatever differs from what it expects; it is ended here, and ends itself should this fail.
"""

import subprocess
from contextlib import contextmanager

import inputs
import making
import peers
import valgrind
from report import Peers, Row, missing, thousands
from run import TARGET, Failed, say

#: Name and feature of the package `bench`.
CLIENTS = {
    "ours": "ours",
    "ours as published": "ours-as-published",
    "raw hyper": "raw-hyper",
    "reqwest by hand": "by-hand",
    "progenitor": "progenitor",
    "openapi-generator": "openapi-generator",
}
#: As in benches/call.rs.
CALLS = 20
WHAT = "one call, `PUT /users/{userID}`, instructions"
EXPECTED = [
    ("x-api-key", "0123456789abcdef"),
    ("authorization", "Bearer eyJ"),
    ("vbasoftware-database", "production"),
    ("content-type", "application/json"),
]


def measure():
    """One row: ours without tracing and TLS as the others are, and as published."""
    why = valgrind.missing()
    if why:
        return [missing(WHAT, why)], []
    inputs.samples()
    counted, broken = {}, {}
    for name, feature in CLIENTS.items():
        say(f"calling: {name}")
        try:
            counted[name] = count(name, feature)
        except Failed as failure:
            if name.startswith("ours"):
                raise
            broken[name] = making.refusal(str(failure))
    ours = counted.pop("ours")
    published = counted.pop("ours as published")
    others = Peers({name: (ours / value, thousands(value)) for name, value in counted.items()}, broken)
    said = f"{thousands(ours)}; with tracing and TLS built in {thousands(published)}"
    return [Row(WHAT, said, others, "1.0 of reqwest by hand")], []


def count(name, feature):
    """Instructions of one call; a client that has to be generated is generated first."""
    for peer in peers.RUST:
        if peer.name == name:
            peer.generate(inputs.specification(peers.VENDOR), TARGET / "clients" / name)
    inputs.cargo("bench", "--no-run", "--package", "bench", "--bench", "call", "--features", feature)
    with server() as address:
        return valgrind.count("call", feature, f"BENCH_SERVER={address}")["put_user"] / CALLS


@contextmanager
def server():
    """Its address, while it serves."""
    samples = TARGET / "samples"
    command = [inputs.helpers() / "serve", "/users/ann", samples / "update.json", samples / "updated.json"]
    command += [part for header in EXPECTED for part in header]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdin.close()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
