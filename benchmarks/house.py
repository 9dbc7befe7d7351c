"""A server of the benchmark's own: in a folder and on a port that nobody else uses, stopped by its own process id."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import psutil

from antiphon.adapters.postgres import EmbeddedPostgres

__all__ = ["House", "Person", "free_port", "house", "own_home"]

START_WITHIN_S = 90.0
STOP_WITHIN_S = 30.0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def own_home() -> Iterator[Path]:
    """A data folder that goes away afterwards."""
    with tempfile.TemporaryDirectory(prefix="antiphon-bench-") as name:
        yield Path(name) / "home"


@dataclass
class House:
    """A running `antiphon serve`. `ready_s` is the time from the command to the first good answer of /health/ready."""

    home: Path
    port: int
    process: subprocess.Popen[bytes]
    ready_s: float = 0.0

    @property
    def site(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def database_url(self) -> str:
        """The owner's login."""
        return EmbeddedPostgres(self.home / "postgres").url(user="antiphon_owner")

    def processes(self) -> dict[str, list[psutil.Process]]:
        """Everything that belongs to this server, by role."""
        found: dict[str, list[psutil.Process]] = {}
        main = psutil.Process(self.process.pid)
        for one in [main, *main.children(recursive=True), *self._database()]:
            try:
                known = found.setdefault(_role(one), [])
            except psutil.NoSuchProcess:
                continue
            if one not in known:
                known.append(one)
        return found

    def memory(self) -> dict[str, float]:
        """Proportional set size by role, in MB: shared pages are divided among those who share them."""
        sizes: dict[str, float] = {}
        for role, processes in self.processes().items():
            for one in processes:
                try:
                    sizes[role] = sizes.get(role, 0.0) + one.memory_full_info().pss / 1e6
                except (psutil.NoSuchProcess, psutil.AccessDenied, AttributeError):
                    continue
        return sizes

    def cpu_s(self, role: str) -> float:
        """User and system time of the role's processes so far, their ended children included."""
        return sum(_cpu_s(one) for one in self.processes().get(role, []))

    def _database(self) -> list[psutil.Process]:
        try:
            number = int((self.home / "postgres" / "cluster" / "postmaster.pid").read_text().split()[0])
            server = psutil.Process(number)
        except (OSError, IndexError, ValueError, psutil.NoSuchProcess):
            return []
        return [server, *server.children(recursive=True)]

    def wait_ready(self, since: float) -> None:
        """Raises RuntimeError when it ends or does not come up."""
        while time.monotonic() - since < START_WITHIN_S:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with {self.process.returncode} before it was ready")
            if self._ready():
                self.ready_s = time.monotonic() - since
                return
            time.sleep(0.02)
        raise RuntimeError(f"the server was not ready within {START_WITHIN_S:.0f} s")

    def _ready(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _cpu_s(process: psutil.Process) -> float:
    """Nothing of one that has ended meanwhile: its parent counts it."""
    try:
        return float(sum(process.cpu_times()[:4]))
    except psutil.NoSuchProcess:
        return 0.0


def _role(process: psutil.Process) -> str:
    words = process.cmdline()
    text = " ".join(words)
    if "postgres" in Path(words[0]).name if words else "postgres" in process.name():
        return "database"
    if "antiphon.adapters.codecs.worker" in text:
        return "codecs"
    for role in ("web", "worker", "demo"):
        if text.endswith(f"antiphon.entry.cli {role}") or f"antiphon.entry.cli {role} " in f"{text} ":
            return role
    if "granian" in text:
        return "web"
    if any(process.pid == child.pid for child in psutil.Process().children()) or text.endswith(" serve"):
        return "supervisor"
    parent = process.parent()
    return _role(parent) if parent is not None and parent.pid > 1 else "other"


@contextmanager
def house(home: Path, environ: Mapping[str, str] | None = None) -> Iterator[House]:
    """`antiphon serve` without the demo, ready for its first request."""
    settings = {name: value for name, value in os.environ.items() if not name.startswith("ANTIPHON_")}
    port = free_port()
    settings |= {
        "ANTIPHON_HOME": str(home),
        "ANTIPHON_PORT": str(port),
        "ANTIPHON_DEMO": "0",
        "ANTIPHON_LIMITS": "off",
        "ANTIPHON_CONFIG": str(home / "antiphon.toml"),
        "ANTIPHON_LOG_LEVEL": "warning",
        **(environ or {}),
    }
    since = time.monotonic()
    with (home.parent / "serve.log").open("ab") as log:
        argv = [sys.executable, "-m", "antiphon.entry.cli", "serve"]
        process = subprocess.Popen(argv, env=settings, stderr=log, stdout=log, start_new_session=True)
        made = House(home, port, process)
        try:
            made.wait_ready(since)
            yield made
        except BaseException:
            log.flush()
            sys.stderr.write((home.parent / "serve.log").read_text(errors="replace")[-2000:])
            raise
        finally:
            made.stop()


@dataclass
class Person:
    """Somebody who signs up, and asks over one connection."""

    house: House
    headers: dict[str, str] = field(default_factory=dict)
    handle: str = ""
    password: str = "correct horse battery"
    artist: str = ""

    @classmethod
    def register(cls, house: House) -> Person:
        person = cls(house, handle=f"bench_{uuid4().hex[:10]}")
        answer = person.ask(
            "POST",
            "/auth/register",
            {
                "email": f"{person.handle}@example.org",
                "password": person.password,
                "handle": person.handle,
                "display_name": "Benchmark",
            },
        )
        person.headers["Authorization"] = f"Bearer {answer['tokens']['access_token']}"
        person.artist = person.ask("POST", "/artists", {"name": f"The {person.handle}"})["id"]
        return person

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The decoded answer; raises RuntimeError for anything but a good one."""
        headers = dict(self.headers)
        data = b""
        if body is not None:
            data = msgspec.json.encode(body)
            headers["Content-Type"] = "application/json"
        return self._send(method, f"/api/v1{path}", data, headers)

    def upload(self, path: Path, title: str) -> tuple[str, float]:
        """(id of the track, the moment when the last byte had been sent) on the clock of `time.monotonic`."""
        boundary = uuid4().hex
        fields = {"artist_id": self.artist, "title": title}
        form = "".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        )
        form += f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{path.name}"\r\n'
        form += "Content-Type: audio/wav\r\n\r\n"
        data = form.encode() + path.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.house.port, timeout=120)
        try:
            kind = f"multipart/form-data; boundary={boundary}"
            connection.request("POST", "/api/v1/content/upload", data, {**self.headers, "Content-Type": kind})
            sent = time.monotonic()
            response = connection.getresponse()
            answer = response.read()
        finally:
            connection.close()
        if response.status != 202:
            raise RuntimeError(f"upload: {response.status} {answer[:300]!r}")
        return str(msgspec.json.decode(answer)["id"]), sent

    def publish(self, path: Path, title: str) -> str:
        """The id of the track, once all of it is made and published. Raises RuntimeError after two minutes."""
        track, _ = self.upload(path, title)
        until = time.monotonic() + 120
        while not self.ask("GET", f"/content/{track}")["renditions_complete"]:
            if time.monotonic() > until:
                raise RuntimeError("the track was not complete after two minutes")
            time.sleep(0.2)
        self.ask("POST", f"/content/{track}/publish")
        return track

    def _send(self, method: str, path: str, data: bytes, headers: dict[str, str]) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.house.port, timeout=60)
        try:
            connection.request(method, path, data, headers)
            response = connection.getresponse()
            answer = response.read()
        finally:
            connection.close()
        if response.status >= 300:
            raise RuntimeError(f"{method} {path}: {response.status} {answer[:300]!r}")
        return msgspec.json.decode(answer) if answer else None
