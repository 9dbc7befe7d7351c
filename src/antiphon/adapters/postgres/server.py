"""Starts and stops the embedded PostgreSQL.

The data folder holds `cluster/` (PostgreSQL's own), the socket, `server.log` and two locks. `launcher.lock` is held by
the launching process alone: a second launcher is refused. `server.lock` is inherited by every process of the server:
while one of them lives, even after its launcher was killed, nobody starts another on the same data.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

from antiphon.adapters.postgres import folder
from antiphon.adapters.postgres.errors import DatabaseInUse, DatabaseNotStarted
from antiphon.adapters.postgres.programs import environment, find_program, server_identity
from antiphon.adapters.postgres.unprivileged import NOBODY
from antiphon.kit import tether
from antiphon.kit.file_lock import FileLock

__all__ = ["EmbeddedPostgres"]

User = Literal["postgres", "antiphon_owner", "antiphon_app"]

_KILLED_LAUNCHER_GOES_S: Final = 1.0

_SETTINGS: Final = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "96MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "effective_cache_size": "1GB",
    "huge_pages": "off",
    "io_method": "sync",  # no worker processes: a laptop's data lies in the page cache
    "max_worker_processes": "4",
    "max_logical_replication_workers": "0",
    "max_parallel_workers": "2",
    "max_parallel_workers_per_gather": "1",
    "autovacuum_max_workers": "2",
    "wal_level": "replica",
    "max_wal_senders": "4",
    "min_wal_size": "64MB",
    "max_wal_size": "512MB",
    "synchronous_commit": "on",  # acknowledged is durable
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "log_checkpoints": "off",
    "log_lock_waits": "on",
}
_UNSAFE: Final = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum_naptime": "1h"}

_PROVISION: Final = """
SELECT 'CREATE ROLE antiphon_owner LOGIN'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'antiphon_owner')\\gexec
SELECT 'CREATE ROLE antiphon_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'antiphon_app')\\gexec
CREATE EXTENSION IF NOT EXISTS vector;
SELECT 'CREATE DATABASE antiphon OWNER antiphon_owner'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'antiphon')\\gexec
REVOKE ALL ON DATABASE antiphon FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE antiphon TO antiphon_app;
"""


class EmbeddedPostgres:
    """One PostgreSQL server on one data folder, dying with this process.

    `data_dir` is made where missing (its parents too) and belongs to the server alone. `fast_unsafe` switches off all
    durability: tests only. Errors: see errors.py. Not for use by several threads at once.
    """

    def __init__(self, data_dir: Path, *, fast_unsafe: bool = False) -> None:
        self._data = Path(os.path.abspath(data_dir))
        self._cluster = self._data / "cluster"
        self._log = self._data / "server.log"
        self._fast_unsafe = fast_unsafe
        self._launcher_lock = FileLock(self._data / "launcher.lock")
        self._server_lock = FileLock(self._data / "server.lock")
        self._process: subprocess.Popen[bytes] | None = None
        self._host: threading.Thread | None = None
        self._socket_dir: Path | None = None

    @property
    def socket_dir(self) -> Path:
        """Folder of the Unix socket; fixed for a data folder. Made where needed."""
        if self._socket_dir is None:
            self._socket_dir = folder.socket_folder(self._data, server_identity)
        return self._socket_dir

    def url(self, database: str = "antiphon", user: User = "antiphon_owner") -> str:
        """A libpq URL; no password, for the socket lies in a folder that only we may enter."""
        return f"postgresql://{user}@/{database}?host={self.socket_dir}"

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self, timeout_s: float = 60.0) -> None:
        """Return once the server accepts connections; makes the data on the first start.

        Waits for the server of a launcher that was just killed. `timeout_s` bounds that wait and the start, which may
        have to recover, each.
        """
        if self.is_running():
            return
        identity = server_identity()
        self._data.parent.mkdir(parents=True, exist_ok=True)
        folder.private_folder(self._data, identity, *([NOBODY] if os.geteuid() == 0 else []))
        if not self._launcher_lock.acquire(_KILLED_LAUNCHER_GOES_S):
            raise DatabaseInUse(f"Antiphon already runs on {self._data}. Stop it, or choose another ANTIPHON_HOME.")
        try:
            self._take_over(timeout_s)
            folder.adopt(self._data, identity)
            if os.path.lexists(self._cluster):
                folder.check_version(self._cluster)
            else:
                self._init()
            folder.clear_stale_pid(self._cluster, self.socket_dir)
            self._spawn()
            self._wait_ready(timeout_s)
            self._provision()
        except BaseException:
            self.stop(timeout_s=10)
            raise

    def stop(self, timeout_s: float = 30.0) -> None:
        """Fast shutdown: transactions are rolled back, connections closed. Harder after the time is over."""
        process = self._process
        if process is not None:
            for signum, patience in ((signal.SIGINT, timeout_s), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0)):
                if process.poll() is None:
                    process.send_signal(signum)
                try:
                    process.wait(patience)
                    break
                except subprocess.TimeoutExpired:
                    continue
            if self._host is not None:
                self._host.join()
        self._process = self._host = None
        self._server_lock.release()
        self._launcher_lock.release()

    def _take_over(self, timeout_s: float) -> None:
        if self._server_lock.acquire(timeout_s / 2):
            return
        pid = folder.running_postmaster(self._cluster)
        if pid is not None:  # its launcher is gone and it had its time for a clean stop
            os.kill(pid, signal.SIGQUIT)
        if not self._server_lock.acquire(timeout_s / 2):
            raise DatabaseInUse(f"the PostgreSQL server of an earlier run (pid {pid}) does not leave {self._data}")

    def _init(self) -> None:
        """Make the cluster aside and rename it, so that a half-made one is never taken for data."""
        fresh = self._data / "cluster.new"
        if fresh.exists():
            shutil.rmtree(fresh)
        options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-instructions"]
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if self._fast_unsafe:
            options.append("--no-sync")
        self._run([find_program("initdb"), *options, "-D", str(fresh)], "initdb")
        fresh.rename(self._cluster)

    def _run(self, argv: Sequence[str], what: str, stdin: str = "") -> None:
        assert self._server_lock.fd is not None
        done = subprocess.run(
            [*server_identity().prefix, *argv],
            pass_fds=(self._server_lock.fd,),  # should we be killed, the next start waits for its end
            input=stdin,
            env=environment(),
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise DatabaseNotStarted(f"{what} failed: {(done.stderr or done.stdout).strip()[-2000:]}")

    def _command(self, watch_fd: int | None) -> list[str]:
        settings = {**_SETTINGS, **(_UNSAFE if self._fast_unsafe else {})}
        settings["unix_socket_directories"] = str(self.socket_dir)
        argv = [find_program("postgres"), "-D", str(self._cluster)]
        for name, value in settings.items():
            argv += ["-c", f"{name}={value}"]
        # The identity changes first: a change of credentials would clear the parent-death signal.
        return [*server_identity().prefix, *tether.command(argv, signum=signal.SIGINT, watch_fd=watch_fd)]

    def _spawn(self) -> None:
        """Start the server from a thread of its own: the parent-death signal is tied to the thread that starts it."""
        started = threading.Event()
        failure: list[BaseException] = []

        def host() -> None:
            watch_read, watch_write = os.pipe() if tether.watch_needed() else (None, None)
            log = folder.open_log(self._log)
            try:
                inherited = [fd for fd in (self._server_lock.fd, watch_read) if fd is not None]
                self._process = subprocess.Popen(
                    self._command(watch_read),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=environment(),
                    cwd="/",
                    pass_fds=inherited,
                    start_new_session=True,  # no Ctrl-C of the terminal, no kill of our process group
                )
            except BaseException as error:
                failure.append(error)
                return
            finally:
                os.close(log)
                if watch_read is not None:
                    os.close(watch_read)
                started.set()
            self._process.wait()
            if watch_write is not None:
                os.close(watch_write)

        self._host = threading.Thread(target=host, name="antiphon-postgres", daemon=True)
        self._host.start()
        started.wait()
        if failure:
            raise failure[0]

    def _wait_ready(self, timeout_s: float) -> None:
        assert self._process is not None
        pid_file = self._cluster / "postmaster.pid"
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            try:
                if pid_file.read_text().splitlines()[7].strip() == "ready":
                    return
            except (FileNotFoundError, IndexError):
                pass
            try:
                code = self._process.wait(0.005)
            except subprocess.TimeoutExpired:
                continue
            raise DatabaseNotStarted(f"postgres ended with {code}; the end of {self._log} says:\n{self._log_tail()}")
        raise DatabaseNotStarted(
            f"postgres was not ready after {timeout_s:.0f} s; see {self._log}:\n{self._log_tail()}"
        )

    def _log_tail(self) -> str:
        with self._log.open("rb") as log:
            log.seek(max(0, self._log.stat().st_size - 1500))
            return log.read().decode(errors="replace").strip()

    def _provision(self) -> None:
        """Roles, extension, database: once, and again where a first start was cut short."""
        done = self._data / "provisioned"
        if done.exists():
            return
        options = [
            "--no-psqlrc",
            "--quiet",
            "--set=ON_ERROR_STOP=1",
            "--username=postgres",
            f"--host={self.socket_dir}",
        ]
        psql = [find_program("psql"), *options]
        self._run([*psql, "--dbname=template1", "--file=-"], "provisioning", _PROVISION)
        done.touch()
