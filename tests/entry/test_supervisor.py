"""The supervisor, with tiny children, in a process of its own: it belongs to a main thread and to signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from antiphon.kit.file_lock import FileLock

PATIENCE_S = 60.0  # until a hung test fails

SUPERVISE = """
    import json, signal, sys
    from pathlib import Path
    from antiphon.entry import supervisor as module
    from antiphon.entry.supervisor import Program, Supervisor
    from antiphon.kit import tether
    from antiphon.kit.file_lock import FileLock

    folder, watched, specs, options = Path(sys.argv[1]), sys.argv[2] == "watched", *map(json.loads, sys.argv[3:5])
    if watched:
        tether.watch_needed = lambda: True

    module._HURRY_S = options.pop("hurry_s", module._HURRY_S)

    def line(text):
        with open(folder / "lines", "a") as file:
            file.write(text + "\\n")

    def program(spec):
        code = CHILD + spec.pop("code", "wait()")
        flag = folder / (spec["name"] + ".ready")
        if spec.pop("slow", False):
            spec["ready"] = flag.exists
        argv = [sys.executable, "-I", "-S", "-c", code, spec["name"], str(folder)]
        return Program(argv=argv, **spec)

    def tend():
        if (folder / "broken").exists():
            raise RuntimeError("broken")
        (folder / "tended").touch()

    lock = FileLock(folder / "lock")
    lock.acquire()
    supervisor = Supervisor([program(spec) for spec in specs], say=line, tend=tend, heirloom=lock.fd, **options)
    code = supervisor.run(lambda: line("all ready"))
    line(f"returned {code}")
"""

CHILD = """
import os, signal, sys, time
name, folder = sys.argv[1:3]
def line(text):
    with open(folder + "/lines", "a") as file:
        file.write(name + " " + text + "\\n")
def stop(signum, frame):
    line("stops")
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
signal.signal(signal.SIGINT, lambda *_: line("interrupted"))
line("starts")
with open(folder + "/" + name + ".pid", "w") as file:
    file.write(str(os.getpid()))
def wait():
    while True:
        signal.pause()
"""


class Running:
    def __init__(
        self, folder: Path, specs: list[dict[str, object]], *, watched: bool = False, **options: object
    ) -> None:
        self.folder = folder
        script = f"CHILD = {CHILD!r}\n" + textwrap.dedent(SUPERVISE)
        arguments = [str(folder), "watched" if watched else "-", json.dumps(specs), json.dumps(options)]
        self.process = subprocess.Popen([sys.executable, "-c", script, *arguments], start_new_session=True)

    def lines(self) -> list[str]:
        path = self.folder / "lines"
        return path.read_text().splitlines() if path.exists() else []

    def until(self, condition: Callable[[list[str]], bool], timeout_s: float = PATIENCE_S) -> list[str]:
        deadline = time.monotonic() + timeout_s
        while not condition(self.lines()):
            assert time.monotonic() < deadline, self.lines()
            time.sleep(0.01)  # allow: no-sleep-in-tests — another process writes; no event reaches us
        return self.lines()

    def pid(self, name: str) -> int:
        self.until(lambda _: (self.folder / f"{name}.pid").exists() and (self.folder / f"{name}.pid").read_text() != "")
        return int((self.folder / f"{name}.pid").read_text())

    def ends(self) -> int:
        return self.process.wait(PATIENCE_S)


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.mark.parametrize("watched", [False, True], ids=["death signal", "watcher"])
def test_starts_in_order_and_stops_in_reverse_on_ctrl_c(tmp_path: Path, watched: bool) -> None:
    running = Running(tmp_path, [{"name": "a"}, {"name": "b"}, {"name": "c"}], watched=watched)
    running.until(lambda lines: "all ready" in lines and sum("starts" in line for line in lines) == 3)
    os.killpg(running.process.pid, signal.SIGINT)  # as a terminal does: to the whole foreground group
    assert running.ends() == 0
    lines = running.lines()
    assert [line for line in lines if "stops" in line] == ["c stops", "b stops", "a stops"]
    assert not [line for line in lines if "interrupted" in line]
    assert lines[-1] == "returned 0"


def test_the_next_waits_until_the_one_before_is_ready(tmp_path: Path) -> None:
    running = Running(tmp_path, [{"name": "a", "slow": True}, {"name": "b"}])
    running.until(lambda lines: "a starts" in lines)
    assert "b starts" not in running.lines()
    (tmp_path / "a.ready").touch()
    running.until(lambda lines: "b starts" in lines)
    running.process.terminate()
    assert running.ends() == 0


def test_what_never_gets_ready_stops_everything(tmp_path: Path) -> None:
    running = Running(tmp_path, [{"name": "a"}, {"name": "b", "slow": True, "ready_within_s": 0.3}, {"name": "c"}])
    running.ends()
    lines = running.lines()
    assert "b: not ready after 0 s" in lines
    assert "c starts" not in lines
    assert "all ready" not in lines
    assert lines[-1] == "returned 1"


@pytest.mark.parametrize("watched", [False, True], ids=["death signal", "watcher"])
def test_a_child_that_dies_is_started_again_with_its_group_cleared(tmp_path: Path, watched: bool) -> None:
    forks = "pid = os.fork()\nif pid == 0: wait()\nopen(folder + '/left', 'w').write(str(pid))\nwait()"
    running = Running(tmp_path, [{"name": "a", "code": forks}, {"name": "b"}], watched=watched, backoff_s=0.05)
    running.until(lambda lines: {"all ready", "b starts"} <= set(lines))
    first = running.pid("a")
    running.until(lambda _: (tmp_path / "left").exists() and (tmp_path / "left").read_text() != "")
    left = int((tmp_path / "left").read_text())
    (tmp_path / "a.pid").unlink()
    os.kill(first, signal.SIGKILL)
    lines = running.until(lambda lines: lines.count("a starts") == 2)
    assert any(line.startswith("a: ended (SIGKILL); starting it again") for line in lines)
    assert running.pid("a") != first
    running.until(lambda _: gone(left))
    assert lines.count("b starts") == 1
    running.process.terminate()
    assert running.ends() == 0


def test_quick_failures_are_given_up_and_the_rest_is_stopped(tmp_path: Path) -> None:
    once_a_began = "while not os.path.exists(folder + '/a.pid'): time.sleep(0.01)\nsys.exit(3)"
    specs: list[dict[str, object]] = [{"name": "a"}, {"name": "b", "code": once_a_began}]
    running = Running(tmp_path, specs, backoff_s=0.01, most_quick=3, quick_s=PATIENCE_S)
    running.ends()
    lines = running.lines()
    assert lines.count("b starts") == 3
    assert "b: ended (exit code 3); starting it again in 0.0 s" in lines
    assert "b: ended again (exit code 3); giving up after 3 quick failures" in lines
    assert lines[-2:] == ["a stops", "returned 1"]


def test_what_tending_raises_stops_everything(tmp_path: Path) -> None:
    running = Running(tmp_path, [{"name": "a"}])
    running.until(lambda lines: (tmp_path / "tended").exists() and "a starts" in lines)
    (tmp_path / "broken").touch()
    assert running.ends() == 1
    assert running.lines()[-1] == "a stops"


STUBBORN = "signal.signal(signal.SIGTERM, lambda *_: line('will not'))\nline('is stubborn')\nwait()"


def test_the_stubborn_are_killed_when_their_time_is_over(tmp_path: Path) -> None:
    running = Running(tmp_path, [{"name": "a"}, {"name": "b", "code": STUBBORN, "stop_within_s": 3}])
    pid = running.pid("b")
    before = {"all ready", "a starts", "b starts", "b is stubborn"}
    running.until(lambda lines: before <= set(lines))
    running.process.terminate()
    assert running.ends() == 0
    assert [line for line in running.lines() if line not in before] == [
        "b will not",
        "b: did not stop in time; killed",
        "a stops",
        "returned 0",
    ]
    assert gone(pid)


def test_a_second_ctrl_c_hurries_and_a_third_kills(tmp_path: Path) -> None:
    specs: list[dict[str, object]] = [{"name": "a", "code": STUBBORN}, {"name": "b", "code": STUBBORN}]
    running = Running(tmp_path, specs, hurry_s=PATIENCE_S)  # no time of its own kills them before the third
    pids = running.pid("a"), running.pid("b")
    running.until(lambda lines: {"all ready", "a is stubborn", "b is stubborn"} <= set(lines))
    running.process.send_signal(signal.SIGINT)
    running.until(lambda lines: "b will not" in lines)
    assert "a will not" not in running.lines()
    running.process.send_signal(signal.SIGINT)
    running.until(lambda lines: "a will not" in lines)
    running.process.send_signal(signal.SIGINT)
    assert running.ends() == 0
    assert all(map(gone, pids))


@pytest.mark.parametrize("watched", [False, True], ids=["death signal", "watcher"])
def test_children_do_not_outlive_a_killed_supervisor(tmp_path: Path, watched: bool) -> None:
    running = Running(tmp_path, [{"name": "a"}, {"name": "b"}], watched=watched)
    pids = running.pid("a"), running.pid("b")
    running.until(lambda lines: {"all ready", "a starts", "b starts"} <= set(lines))
    os.killpg(running.process.pid, signal.SIGKILL)
    running.ends()
    lock = FileLock(tmp_path / "lock")
    assert lock.acquire(PATIENCE_S), "the lock that they inherited is not free"
    lock.release()
    assert {"a stops", "b stops"} <= set(running.lines())
    running.until(lambda _: all(map(gone, pids)))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc")
def test_the_supervisor_itself_is_small(tmp_path: Path) -> None:
    running = Running(tmp_path, [{"name": "a"}])
    running.until(lambda lines: "all ready" in lines)
    assert psutil.Process(running.process.pid).memory_info().rss < 40 << 20
    running.process.terminate()
    assert running.ends() == 0
