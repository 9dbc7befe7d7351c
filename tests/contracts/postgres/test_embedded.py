"""The embedded database: starts, stops, survives, refuses; and never stays behind."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from antiphon.adapters.postgres import (
    DatabaseForeign,
    DatabaseInUse,
    DatabaseNotStarted,
    DatabaseVersion,
    EmbeddedPostgres,
    folder,
    programs,
    unprivileged,
)
from antiphon.kit import tether
from antiphon.kit.file_lock import FileLock


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stopped, provisioned data folder to copy: making one costs a second."""
    data = tmp_path_factory.mktemp("made") / "pg"
    server = EmbeddedPostgres(data, fast_unsafe=True)
    server.start()
    server.stop()
    return data


@pytest.fixture
def data(made: Path) -> Iterator[Path]:
    short = Path(tempfile.mkdtemp(prefix="apg"))
    shutil.copytree(made, short / "pg", symlinks=True)
    yield short / "pg"
    shutil.rmtree(short)


@pytest.fixture
def server(data: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(data, fast_unsafe=True)
    server.start()
    yield server
    server.stop()


def processes_of(data: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and str(data / "cluster") == process.cwd():
                found.append(process)
        except (psutil.Error, OSError):  # on its way out a process is no zombie yet and has no folder any more
            continue
    return found


def wait_until_gone(data: Path, timeout_s: float = 60.0) -> None:
    """Every process of a server holds its lock; the last one to go frees it."""
    lock = FileLock(data / "server.lock")
    assert lock.acquire(timeout_s), "the server outlived its launcher"
    lock.release()
    assert processes_of(data) == []


LAUNCH = """
    import signal, sys
    from pathlib import Path
    import psycopg
    from antiphon.adapters.postgres import EmbeddedPostgres
    server = EmbeddedPostgres(Path(sys.argv[1]))
    server.start()
    with psycopg.connect(server.url(user="antiphon_owner")) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
    busy = psycopg.connect(server.url(user="antiphon_owner"))
    busy.execute("INSERT INTO kept VALUES (-1)")
    print("ready", flush=True)
    signal.pause()
"""


def launch(data: Path) -> subprocess.Popen[str]:
    launcher = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(LAUNCH), str(data)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert launcher.stdout is not None
    assert launcher.stdout.readline() == "ready\n"
    return launcher


def kept(server: EmbeddedPostgres) -> int:
    with psycopg.connect(server.url(user="antiphon_owner")) as connection:
        row = connection.execute("SELECT count(*) FROM kept WHERE n > 0").fetchone()
        assert row is not None
        assert connection.execute("SELECT count(*) FROM kept WHERE n < 0").fetchone() == (0,)
        return int(row[0])


def test_starts_stops_and_starts_again(data: Path) -> None:
    server = EmbeddedPostgres(data, fast_unsafe=True)
    for _ in range(2):
        server.start()
        assert server.is_running()
        with psycopg.connect(server.url(user="antiphon_app")) as connection:
            assert connection.execute("SELECT current_user, current_database()").fetchone() == (
                "antiphon_app",
                "antiphon",
            )
        server.stop()
        assert not server.is_running()
        assert processes_of(data) == []
    server.stop()


def test_roles_database_and_extension(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.url(user="antiphon_owner")) as connection:
        roles = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin FROM pg_roles "
            "WHERE rolname LIKE 'antiphon%' ORDER BY 1"
        ).fetchall()
        assert roles == [
            ("antiphon_app", False, False, False, False, True),
            ("antiphon_owner", False, False, False, False, True),
        ]
        assert connection.execute(
            "SELECT pg_get_userbyid(datdba), datlocprovider, datlocale FROM pg_database WHERE datname = 'antiphon'"
        ).fetchone() == ("antiphon_owner", "b", "C.UTF-8")
        connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
        assert connection.execute("SELECT '[1,2]'::vector <-> '[1,3]'").fetchone() == (1.0,)
        connection.execute("CREATE SCHEMA mine CREATE TABLE t (n int)")
    with (
        psycopg.connect(server.url(user="antiphon_app")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("CREATE SCHEMA theirs")


def test_is_durable_and_private_unless_told_otherwise(data: Path) -> None:
    server = EmbeddedPostgres(data)
    server.start()
    try:
        with psycopg.connect(server.url(user="postgres")) as connection:
            for name, value in {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}.items():
                assert connection.execute(f"SHOW {name}").fetchone() == (value,)
            for name, value in {"listen_addresses": "", "jit": "off", "wal_level": "replica"}.items():
                assert connection.execute(f"SHOW {name}").fetchone() == (value,)
        assert server.socket_dir.stat().st_mode & 0o777 == 0o700
    finally:
        server.stop()


@pytest.mark.parametrize("kill_group", [True, False])
def test_killed_launcher_takes_the_server_down_and_loses_nothing(data: Path, kill_group: bool) -> None:
    launcher = launch(data)
    assert processes_of(data)
    (os.killpg if kill_group else os.kill)(launcher.pid, signal.SIGKILL)
    launcher.communicate()
    wait_until_gone(data)
    server = EmbeddedPostgres(data)
    server.start()
    try:
        assert kept(server) == 1000
    finally:
        server.stop()


def test_next_start_waits_for_the_server_of_a_killed_launcher(data: Path) -> None:
    launcher = launch(data)
    os.killpg(launcher.pid, signal.SIGKILL)
    server = EmbeddedPostgres(data)
    server.start()
    try:
        assert kept(server) == 1000
    finally:
        server.stop()
        launcher.communicate()


def test_killed_server_processes_recover(data: Path) -> None:
    launcher = launch(data)
    for process in [launcher, *processes_of(data)]:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    launcher.communicate()
    wait_until_gone(data)
    server = EmbeddedPostgres(data)
    server.start()
    try:
        assert kept(server) == 1000
    finally:
        server.stop()


def test_server_outlives_the_thread_that_started_it(data: Path) -> None:
    server = EmbeddedPostgres(data, fast_unsafe=True)
    starter = threading.Thread(target=server.start)
    starter.start()
    starter.join()
    try:
        with psycopg.connect(server.url()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        server.stop()


def test_second_start_is_refused_and_disturbs_nothing(server: EmbeddedPostgres, data: Path) -> None:
    with pytest.raises(DatabaseInUse, match="already runs") as refused:
        EmbeddedPostgres(data, fast_unsafe=True).start()
    assert refused.value.code == "database_in_use"
    with psycopg.connect(server.url()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.fixture
def stranger() -> Iterator[int]:
    with subprocess.Popen(["/bin/sleep", "60"]) as process:
        yield process.pid
        process.kill()


@pytest.fixture
def zombie() -> Iterator[int]:
    process = subprocess.Popen(["/bin/true"])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    yield process.pid
    process.wait()


@pytest.mark.parametrize("who", ["gone", "stranger", "zombie", "garbage"])
def test_stale_pid_files_are_cleared(data: Path, who: str, request: pytest.FixtureRequest) -> None:
    pid = {"gone": "99999999", "garbage": "what"}.get(who) or str(request.getfixturevalue(who))
    left = f"{pid}\n{data / 'cluster'}\n1\n5432\n{data}\n\n  1  1\nready   \n"
    (data / "cluster" / "postmaster.pid").write_text(left)
    (data / ".s.PGSQL.5432.lock").write_text(left)
    server = EmbeddedPostgres(data, fast_unsafe=True)
    server.start()
    try:
        with psycopg.connect(server.url()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        server.stop()


def test_a_server_started_by_hand_is_left_alone(server: EmbeddedPostgres, data: Path, tmp_path: Path) -> None:
    for name in ("launcher.lock", "server.lock"):  # as if the running server knew nothing of our locks
        (data / name).rename(tmp_path / name)
    with pytest.raises(DatabaseInUse, match="did not start"):
        EmbeddedPostgres(data, fast_unsafe=True).start()
    with psycopg.connect(server.url()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_other_versions_are_refused_untouched(data: Path) -> None:
    (data / "cluster" / "PG_VERSION").write_text("17\n")
    before = sorted((path, path.lstat().st_mtime_ns) for path in (data / "cluster").rglob("*"))
    with pytest.raises(DatabaseVersion, match="PostgreSQL 17") as refused:
        EmbeddedPostgres(data).start()
    assert refused.value.code == "database_version"
    assert sorted((path, path.lstat().st_mtime_ns) for path in (data / "cluster").rglob("*")) == before


def test_a_folder_with_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pg" / "cluster").mkdir(parents=True)
    with pytest.raises(DatabaseForeign):
        EmbeddedPostgres(tmp_path / "pg").start()


def test_a_failing_start_says_what_the_server_said(data: Path) -> None:
    (data / "cluster" / "global" / "pg_control").write_bytes(b"")
    with pytest.raises(DatabaseNotStarted, match="pg_control"):
        EmbeddedPostgres(data, fast_unsafe=True).start()
    assert processes_of(data) == []


def test_long_paths_get_a_short_private_socket_folder(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = Path(tempfile.mkdtemp(prefix="apg"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    data = tmp_path / ("long" * 30) / "pg"
    shutil.copytree(made, data)
    server = EmbeddedPostgres(data, fast_unsafe=True)
    server.start()
    try:
        assert server.socket_dir.parent == runtime
        assert server.socket_dir.stat().st_mode & 0o777 == 0o700
        with psycopg.connect(server.url()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert EmbeddedPostgres(data).socket_dir == server.socket_dir
    finally:
        server.stop()
        shutil.rmtree(runtime)


def test_interrupted_first_start_is_completed(tmp_path: Path) -> None:
    data = tmp_path / "pg"
    (data / "cluster.new" / "base").mkdir(parents=True)
    server = EmbeddedPostgres(data, fast_unsafe=True)
    server.start()
    (data / "provisioned").unlink()
    server.stop()
    server.start()
    try:
        with psycopg.connect(server.url(user="antiphon_app")) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        server.stop()


def test_the_log_is_turned_over_when_it_has_grown(data: Path) -> None:
    (data / "server.log").write_bytes(b"x" * (9 << 20))
    os.close(folder.open_log(data / "server.log"))
    assert (data / "server.log").stat().st_size == 0
    assert (data / "server.log.1").stat().st_size == 9 << 20


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_root_without_user_namespaces_uses_another_uid_and_back(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = (sys.executable, "-I", "-S", unprivileged.__file__)
    nobody = programs.Identity(unprivileged.NOBODY, unprivileged.NOBODY, (*script, "setuid"))
    for identity in (nobody, programs.server_identity()):
        with monkeypatch.context() as patch:
            for module in ("server", "folder", "programs"):
                patch.setattr(
                    f"antiphon.adapters.postgres.{module}.server_identity", lambda found=identity: found, raising=False
                )
            server = EmbeddedPostgres(data, fast_unsafe=True)
            server.start()
            try:
                assert {process.uids().real for process in processes_of(data)} == {identity.uid}
                with psycopg.connect(server.url()) as connection:
                    assert connection.execute("SELECT 1").fetchone() == (1,)
            finally:
                server.stop()


@pytest.mark.parametrize("ending", ["killed parent", "stopped"])
def test_where_no_death_signal_exists_a_watcher_does_it(
    data: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if ending == "stopped":
        monkeypatch.setattr(tether, "watch_needed", lambda: True)
        server = EmbeddedPostgres(data, fast_unsafe=True)
        server.start()
        server.stop()
    else:
        watching = "from antiphon.kit import tether\ntether.watch_needed = lambda: True\n"
        monkeypatch.setattr(sys.modules[__name__], "LAUNCH", watching + textwrap.dedent(LAUNCH))
        launcher = launch(data)
        os.killpg(launcher.pid, signal.SIGKILL)
        launcher.communicate()
    wait_until_gone(data)
