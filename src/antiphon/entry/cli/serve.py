"""`antiphon serve`: one command, all processes."""

from __future__ import annotations

import errno
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence

from antiphon.adapters.postgres import EmbeddedPostgres
from antiphon.entry.database import embedded
from antiphon.entry.supervisor import Program, Supervisor
from antiphon.kit import tether
from antiphon.kit.file_lock import FileLock
from antiphon.kit.settings import Settings

__all__ = ["DEMO_DONE", "serve"]

DEMO_DONE = "demo.done"
_EARLIER_RUN_ENDS_S = 30.0
# Of the GNU allocator. Each answer with a piece of a file takes and frees buffers of its size; given back to the system
# every time, most of their price is that of fresh pages (measured: 150 us for 256 kB instead of 470).
_KEPT_MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": str(4 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(32 << 20),
}


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _antiphon(*command: str) -> list[str]:
    return [sys.executable, "-m", "antiphon.entry.cli", *command]


def serve(settings: Settings) -> int:
    """Blocks until Ctrl-C or SIGTERM; 0 when everything stopped as it should."""
    settings.home.mkdir(parents=True, exist_ok=True)
    database = embedded(settings)
    if database is not None:
        database.start()
    # Inherited by every process of ours: those of a killed run are gone, and the port is free, before it is ours.
    lock = FileLock(settings.home / "run.lock")
    try:
        if not lock.acquire(_EARLIER_RUN_ENDS_S):
            _say(f"Antiphon already runs on {settings.home}. Stop it, or choose another ANTIPHON_HOME.")
            return 1
        if not _port_is_free(settings):
            _say(f"Something else listens on port {settings.port}. Stop it, or choose another ANTIPHON_PORT.")
            return 1
        migrated = subprocess.run(_antiphon("migrate"), check=False)
        if migrated.returncode != 0:
            _say("The database could not be brought to the present form; nothing was changed. See above.")
            return 1
        return _supervise(settings, lock, database)
    finally:
        lock.release()
        if database is not None:
            database.stop()


def _supervise(settings: Settings, lock: FileLock, database: EmbeddedPostgres | None) -> int:
    measurements = settings.home / "run" / "metrics"
    shutil.rmtree(measurements, ignore_errors=True)
    measurements.mkdir(parents=True)
    env = {"PROMETHEUS_MULTIPROC_DIR": str(measurements)}
    web_env = env | {name: value for name, value in _KEPT_MEMORY.items() if name not in os.environ}
    alone = ["--alone"] if settings.database_url is None else []
    programs = [
        Program(name="web", argv=_antiphon("web"), env=web_env, ready=lambda: _answers(settings)),
        Program(name="worker", argv=_antiphon("worker", *alone), env=env, stop_within_s=10),
    ]
    helpers: list[subprocess.Popen[bytes]] = []

    def on_ready() -> None:
        _say(f"\n  Antiphon is at {settings.site_url}   (data: {settings.home}, Ctrl-C stops it)\n")
        subprocess.run(_antiphon("admin-link", "--first"), check=False)
        if settings.demo and not (settings.home / DEMO_DONE).exists():
            helpers.append(_tethered(_antiphon("demo")))

    def tend() -> None:
        if database is not None and not database.is_running():
            _say("database: ended; starting it again")
            database.stop()
            database.start()

    code = Supervisor(programs, say=_say, tend=tend, heirloom=lock.fd).run(on_ready)
    for helper in helpers:
        if helper.poll() is None:
            helper.terminate()
            helper.wait()
    return code


def _tethered(argv: Sequence[str]) -> subprocess.Popen[bytes]:
    """Where the system cannot tie a child to us, it ends by itself: it only talks to the server that we take along."""
    if tether.watch_needed():
        return subprocess.Popen(argv, start_new_session=True)
    return subprocess.Popen(tether.command(argv, signum=signal.SIGTERM), start_new_session=True)


def _port_is_free(settings: Settings) -> bool:
    """Asked before the web server is: it would only say so in the middle of its start, and our own health check would
    take the stranger's answer for its."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_reached_at(settings), settings.port))
        except OSError as error:
            return error.errno != errno.EADDRINUSE
    return True


def _reached_at(settings: Settings) -> str:
    return "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104 — compared, not bound


def _answers(settings: Settings) -> bool:
    connection = http.client.HTTPConnection(_reached_at(settings), settings.port, timeout=1)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
