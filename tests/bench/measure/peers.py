"""The generators of others: how each is called, and what it is given.

Enters: a specification. Leaves: a folder with what the generator made of it, or the first line of why it refuses.
"""

import os
from dataclasses import dataclass

from run import TARGET, TOOLS, empty, run

BIN = TOOLS / ".cargo-tools" / "bin"
PYTHON = TOOLS / "peers" / ".venv"
NODE = TOOLS / "peers" / "node_modules" / ".bin"

#: The specification that all of them are given: the one with the most operations.
VENDOR = "vbasoftware"

#: Passes of our own copy that take out what progenitor panics on, and that rename nothing on the wire.
REPAIR = ("references", "media_types", "answers", "compositions")


def jar():
    """openapi-generator itself, without the script around it that would be measured as well."""
    return next(PYTHON.glob("lib/*/site-packages/openapi_generator_cli/*.jar"))


@dataclass
class Peer:
    """A generator."""

    name: str
    command: callable
    env: dict = None
    #: Slow ones take part in every n-th round.
    every: int = 1

    def generate(self, specification, folder, check=True):
        """Runs it once, into an empty folder."""
        clear(folder)
        return run(self.command(specification, folder), env=self.env, check=check)


def clear(folder):
    """Generators differ in whether they want a folder to be there; none wants files in it."""
    empty(folder)
    folder.rmdir()


def progenitor(specification, folder):
    return [
        BIN / "cargo-progenitor", "progenitor", "--input", specification, "--output", folder,
        "--name", "peer-progenitor", "--version", "0.1.0", "--license-name", "MIT",
    ]  # fmt: skip


def script(specification, folder):
    """Built beside the other helpers: see bench/helpers/script.rs."""
    return [TARGET / "build" / "release" / "script", specification, folder]


def openapi_generator(specification, folder):
    # The version of the API is no version of a crate.
    properties = "packageName=peer-openapi-generator,packageVersion=0.1.0"
    return [
        "java", "-jar", jar(), "generate", "--generator-name", "rust", "--input-spec", specification,
        "--output", folder, "--additional-properties", properties,
    ]  # fmt: skip


#: It formats what it writes with a program that its package brings along.
PATH = {"PATH": f"{PYTHON / 'bin'}{os.pathsep}{os.environ['PATH']}"}


def openapi_python_client(specification, folder):
    return [PYTHON / "bin" / "openapi-python-client", "generate", "--path", specification, "--output-path", folder]


def openapi_ts(specification, folder):
    return [NODE / "openapi-ts", "--input", specification, "--output", folder, "--silent"]


def oas3_gen(specification, folder):
    return [BIN / "oas3-gen", "generate", "client-mod", "--workspace", "--quiet", "--input", specification, "--output", folder]


def openapi_to_rust(specification, folder):
    return [BIN / "openapi-to-rust", "generate", specification, "--output-dir", folder, "--module-name", "peer"]


PROGENITOR = Peer("progenitor", progenitor)
OPENAPI_GENERATOR = Peer("openapi-generator", openapi_generator, every=3)
RUST = [
    PROGENITOR,
    Peer("openapi-to-rust", openapi_to_rust),
    Peer("oas3-gen", oas3_gen),
    OPENAPI_GENERATOR,
]
SCRIPT = Peer("progenitor in a build script", script)
ALL = [
    PROGENITOR,
    SCRIPT,
    *RUST[1:],
    Peer("openapi-python-client", openapi_python_client, PATH, every=3),
    Peer("@hey-api/openapi-ts", openapi_ts, every=3),
]
