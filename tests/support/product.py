"""The whole product as its own processes, started by the command that people type."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

__all__ = ["Product", "free_port", "until"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(true: Callable[[], bool], *, within_s: float, what: str) -> None:
    """Ask again and again, for things that other processes do; fails when the time is over."""
    deadline = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < deadline, f"not within {within_s} s: {what}"
        time.sleep(0.05)  # allow: no-sleep-in-tests — another process has no event that we could await


@dataclass
class Product:
    """`antiphon serve` on a folder and a port of its own, in a process group of its own."""

    home: Path
    port: int = field(default_factory=free_port)
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("ANTIPHON_")}
        environ |= {"ANTIPHON_HOME": str(self.home), "ANTIPHON_PORT": str(self.port), "ANTIPHON_DEMO": "0"}
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "antiphon.entry.cli", "serve"],
                env=environ | self.settings,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until(self._is_ready, within_s=90, what=f"ready; {self.log()}")

    def _is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log()
        try:
            return httpx.get(f"{self.url}/health/ready", timeout=2, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def log(self) -> str:
        return (self.home / "serve.log").read_text(errors="replace")[-4000:]

    def stop(self) -> int:
        """As Ctrl-C does; answers the exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    def processes(self) -> list[psutil.Process]:
        """Everything that runs on this home, whoever its parent is now."""
        found = []
        for process in psutil.process_iter():
            try:
                ours = str(self.home) in process.environ().get("ANTIPHON_HOME", "")
                ours = ours or any(str(self.home) in part for part in process.cmdline())
                if ours and process.status() != psutil.STATUS_ZOMBIE and process.pid != os.getpid():
                    found.append(process)
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        return found


@contextmanager
def running(home: Path, **settings: str) -> Iterator[Product]:
    product = Product(home, settings=settings)
    product.start()
    try:
        yield product
    finally:
        product.stop()
