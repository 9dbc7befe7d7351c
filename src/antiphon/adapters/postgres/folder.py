"""The data folder: who may use it, where its socket lies, what an earlier run left behind."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from antiphon.adapters.postgres.errors import DatabaseForeign, DatabaseInUse, DatabaseVersion
from antiphon.adapters.postgres.programs import MAJOR, Identity

__all__ = [
    "adopt",
    "check_version",
    "clear_stale_pid",
    "open_log",
    "private_folder",
    "running_postmaster",
    "socket_folder",
]

_SOCKET_PATH_MAX = 103  # macOS; Linux allows 107
_SOCKET_NAME = ".s.PGSQL.5432"
_SOCKET_LOCK = f"{_SOCKET_NAME}.lock"
_LOG_MAX_BYTES = 8 << 20


def private_folder(path: Path, identity: Identity, *owners: int) -> None:
    """Make a folder that only the server's user may enter, or check that it is one.

    It may belong to the server's user, to us, or to one of `owners`. Raises `DatabaseForeign`.
    """
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        os.chown(path, identity.uid, identity.gid)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise DatabaseForeign(f"{path} is not a folder")
    if found.st_uid not in {identity.uid, os.geteuid(), *owners}:
        raise DatabaseForeign(f"{path} belongs to uid {found.st_uid}, not to you")
    if stat.S_IMODE(found.st_mode) & 0o077:
        path.chmod(0o700)


def adopt(path: Path, identity: Identity) -> None:
    """Give the folder and all in it to the server's user where root came to another uid than last time."""
    if os.geteuid() != 0 or path.lstat().st_uid == identity.uid:
        return
    for folder, names, files in os.walk(path):
        for name in (*names, *files):
            os.chown(os.path.join(folder, name), identity.uid, identity.gid, follow_symlinks=False)
    os.chown(path, identity.uid, identity.gid)  # last: it marks the rest as done


def check_version(cluster: Path) -> None:
    """Refuse data of another major version, without touching it. Raises `DatabaseVersion`, `DatabaseForeign`."""
    try:
        version = (cluster / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        raise DatabaseForeign(
            f"{cluster} exists but holds no PostgreSQL data. Move it away, or choose another ANTIPHON_HOME."
        ) from None
    if version != str(MAJOR):
        raise DatabaseVersion(
            f"{cluster} was written by PostgreSQL {version}; this release brings PostgreSQL {MAJOR}. Nothing was "
            f"changed. Dump the data with the release that wrote it and restore it here, or go back to that release."
        )


def socket_folder(data_dir: Path, identify: Callable[[], Identity]) -> Path:
    """The data folder, or a short private folder with a fixed name where its path is too long for a socket."""
    if len(os.fsencode(data_dir / _SOCKET_LOCK)) <= _SOCKET_PATH_MAX:
        return data_dir
    identity = identify()
    name = f"antiphon-{identity.uid}-{hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]}"
    for base in (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp"):  # noqa: S108 — checked below
        if base and os.path.isdir(base) and len(os.fsencode(Path(base, name, _SOCKET_LOCK))) <= _SOCKET_PATH_MAX:
            folder = Path(base, name)
            private_folder(folder, identity)
            adopt(folder, identity)
            return folder
    raise DatabaseForeign(f"the path {data_dir} is too long for a Unix socket; choose a shorter ANTIPHON_HOME")


def _is_server_of(pid: int, cluster: Path) -> bool:
    proc = Path("/proc")
    if (proc / "self" / "stat").exists():
        try:
            state = (proc / str(pid) / "stat").read_bytes().rpartition(b")")[2].split()[0]
            name = (proc / str(pid) / "comm").read_text().strip()
            if state in {b"Z", b"X"} or name != "postgres":
                return False
            return os.path.samefile(proc / str(pid) / "cwd", cluster)
        except FileNotFoundError:
            return False
        except PermissionError:  # somebody else's postgres: not to be called stale
            return True
    shown = subprocess.run(
        ["/bin/ps", "-o", "stat=,comm=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    state_name = shown.stdout.split(maxsplit=1)
    return len(state_name) == 2 and not state_name[0].startswith("Z") and "postgres" in state_name[1]


def running_postmaster(cluster: Path) -> int | None:
    """The pid in `postmaster.pid`, if a live postgres serving this cluster has it."""
    try:
        first = (cluster / "postmaster.pid").read_text().split("\n", 1)[0]
    except FileNotFoundError:
        return None
    pid = abs(int(first)) if first.strip().lstrip("-").isdigit() else 0
    return pid if pid > 0 and _is_server_of(pid, cluster) else None


def clear_stale_pid(cluster: Path, sockets: Path) -> None:
    """Remove a `postmaster.pid` (and the socket's lock file) whose pid is gone, a zombie, or by now somebody else's.

    Call only with the server's lock held: all processes of an earlier server inherited that lock, so none is left.
    Raises `DatabaseInUse` for a server that was started by hand, without the lock.
    """
    pid = running_postmaster(cluster)
    if pid is not None:
        raise DatabaseInUse(f"a PostgreSQL server that Antiphon did not start (pid {pid}) uses {cluster}")
    for stale in (cluster / "postmaster.pid", sockets / _SOCKET_LOCK, sockets / _SOCKET_NAME):
        stale.unlink(missing_ok=True)


def open_log(path: Path) -> int:
    """Descriptor of the server's log for appending; one older file is kept once it has grown past 8 MiB."""
    if path.exists() and path.stat().st_size > _LOG_MAX_BYTES:
        path.replace(path.with_name(path.name + ".1"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
