"""The product as people start it: `antiphon serve` in a folder of its own, and all that it started."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic

import httpx
import psutil

__all__ = ["Product", "free_port", "until"]


def until(done: Callable[[], bool], *, within_s: float, every_s: float = 0.2) -> bool:
    """Ask until it is so, or the time is over."""
    deadline, pause = monotonic() + within_s, threading.Event()
    while not done():
        if monotonic() > deadline:
            return False
        pause.wait(every_s)
    return True


def free_port() -> int:
    """Below those that systems give to whoever asks for any: the other tests' servers and connections take none of it
    before it is used.
    """
    while True:
        port = 20_000 + secrets.randbelow(10_000)  # not `random`, which is the same in all workers
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


class Product:
    """One installation. `http` reaches it; `processes` are all that run on its folder."""

    def __init__(self, home: Path, log: Path, **settings: str) -> None:
        port = free_port()
        self.home = home
        self.log = log
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("ANTIPHON_")},
            "ANTIPHON_HOME": str(home),
            "ANTIPHON_PORT": str(port),
            "ANTIPHON_DEMO": "0",
            "ANTIPHON_WEB_WORKERS": "1",
            "ANTIPHON_LIMITS": "off",
            **settings,
        }
        self.url = f"http://127.0.0.1:{port}"
        self.http = httpx.Client(base_url=f"{self.url}/api/v1", timeout=30)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, within_s: float = 90) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "antiphon.entry.cli", "serve"],
                env=self.env,
                cwd=self.log.parent,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        assert until(self._answers, within_s=within_s), self.log.read_text(errors="replace")[-4000:]

    def finds(self, *titles: str) -> bool:
        """Whether everybody finds tracks of these titles: the index of the search follows what is published."""
        answers = [self.http.get("/search", params={"q": title}).raise_for_status().json() for title in titles]
        found = {track["title"] for answer in answers for track in answer["tracks"]}
        return found >= set(titles)

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text(errors="replace")[-4000:]
        try:
            return self.http.get(f"{self.url}/health/ready").status_code == 200
        except httpx.TransportError:
            return False

    def processes(self) -> list[psutil.Process]:
        """Everything alive that was started for this folder: by its environment or its command line."""
        found = []
        for process in psutil.process_iter():
            try:
                named = str(self.home) in " ".join(process.cmdline())
                ours = named or process.environ().get("ANTIPHON_HOME") == str(self.home)
                if ours and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        return found

    def described(self) -> list[str]:
        """What still runs, to be read by people."""
        return [f"{one.pid} (of {one.ppid()}): {' '.join(one.cmdline())[-200:]}" for one in self.processes()]

    def kill(self, signum: int) -> None:
        """A signal to the whole process group, as a terminal or a machine in need sends it."""
        assert self.process is not None
        os.killpg(self.process.pid, signum)
        self.process.wait(timeout=60)

    def end(self) -> None:
        self.http.close()
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.kill()
        for left in self.processes():
            left.kill()
