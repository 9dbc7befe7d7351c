"""Ranges of 256 kB and whole files: the product against nginx on the same file, in one interleaved run.

`python -m benchmarks ranges`. Measured are the whole server behind a signed `/audio` link, the same server behind nginx
that is told where the file lies (`X-Accel-Redirect`), our responder alone, and nginx alone; all of them run at once and
are asked in turn for a second each, so that what else the machine does meets all of them. Then 200 clients ask for the
file and read nothing. nginx is measured where it is installed. The driver is wrk where it is installed, else a small
one of our own that is the bottleneck itself. CPU time is that of the server alone and holds better than rates.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from antiphon.adapters.objects import open_store
from antiphon.domains.media.api import blob_key
from antiphon.domains.media.links import LinkSigner
from antiphon.entry.http.bytes import send_file
from antiphon.kit.clock import SystemClock
from antiphon.kit.memory import keep_what_was_freed
from antiphon.kit.secrets import Secrets
from benchmarks.house import free_port, house
from benchmarks.report import Row, Section

__all__ = ["Figure", "measure"]

FILE_BYTES = 7_000_000
RANGE_BYTES = 262_144
CONNECTIONS = 8
ROUNDS = 5
STALLED = 200
SHARE = 0.6
_FILE = "BENCHMARK_FILE"
_ACCEL = "/antiphon-files/"
_PROXY = "127.0.0.2"  # another address than the driver's: only proxies are answered without bytes
_NGINX = """
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log stderr;
events {{ worker_connections 512; }}
http {{ access_log off; sendfile on; keepalive_requests 100000000; client_body_temp_path {folder};
  server {{ listen 127.0.0.1:{port}; root {folder}; }}
  server {{ listen 127.0.0.1:{before}; proxy_bind {proxy};
    location / {{ proxy_pass http://127.0.0.1:{behind}; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header X-Forwarded-For $remote_addr; }}
    location {accel} {{ internal; alias /; }} }} }}
"""
_WRK = """
request = function()
  local first = math.random(0, {last})
  wrk.headers["Range"] = "bytes=" .. first .. "-" .. (first + {length} - 1)
  return wrk.format("GET", wrk.path)
end
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """One server, one way of reading: requests and bytes a second, CPU microseconds a request."""

    server: str
    reading: str
    requests_s: float
    bytes_s: float
    cpu_us: float


_Served = tuple[psutil.Process, int, str]


async def app(scope: Any, receive: Any, send: Any) -> None:
    """What Granian serves in this benchmark: the responder alone."""
    if scope["type"] == "http":
        path = Path(os.environ[_FILE])
        kind = "audio/mp4"
        await send_file(
            scope, send, path=path, etag="benchmark", content_type=kind, cache_control="public", receive=receive
        )


def create() -> Any:
    """As the product's own server begins."""
    keep_what_was_freed()
    return app


NGINX, RESPONDER = "nginx", "our responder alone"
SERVER, BEHIND = "the whole server, signed link", "the same, sent by nginx (X-Accel-Redirect)"
READINGS = (("256 kB ranges", RANGE_BYTES), ("whole 7 MB files", FILE_BYTES))


@dataclass(slots=True)
class _Sum:
    count: int = 0
    seconds: float = 0.0
    cpu_s: float = 0.0


def measure(seconds: float = 1.0) -> list[Section]:
    section = Section(f"Bytes: {CONNECTIONS} connections on one file of 7 MB")
    with tempfile.TemporaryDirectory(prefix="antiphon-bench-") as name, ExitStack() as running:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "song").write_bytes(random.Random(1).randbytes(FILE_BYTES))
        served = _started(folder, running)
        found = _in_turn(served, seconds, folder)
        stalled = _beside_stalled(served[SERVER], seconds, folder)
    theirs = {one.reading: one for one in found if one.server == NGINX}
    for one in found:
        if one.server != NGINX:
            section.rows.append(_row(one, theirs.get(one.reading)))
    section.rows.append(stalled)
    if not theirs:
        section.notes.append("nginx is not installed on this machine: nothing to compare with.")
    driver = "wrk" if shutil.which("wrk") else "our own (the bottleneck against nginx)"
    section.notes.append(f"{ROUNDS} rounds, all servers in turn. CPU time is the server's alone. Driver: {driver}.")
    return [section]


def _row(one: Figure, peer: Figure | None) -> Row:
    what = f"{one.reading}, {one.server}"
    if peer is None:
        return Row(what, _said(one), "", "no nginx here")
    share = one.requests_s / peer.requests_s
    figure = f"{_said(one)} = {share:.0%} of nginx"
    if one.server != SERVER:
        return Row(what, figure, "", f"nginx: {_said(peer)}")
    return Row(what, figure, f">= {SHARE:.0%} of nginx", f"nginx: {_said(peer)}", met=share >= SHARE)


def _said(one: Figure) -> str:
    return f"{one.requests_s:.0f} requests/s, {one.bytes_s / 1e6:.0f} MB/s, {one.cpu_us:.0f} us CPU a request"


def _started(folder: Path, running: ExitStack) -> dict[str, _Served]:
    served = {SERVER: running.enter_context(_server(folder)), RESPONDER: running.enter_context(_responder(folder))}
    if shutil.which("nginx") is not None:
        _, behind, path = served[SERVER]
        before = free_port()
        nginx, port, song = running.enter_context(_nginx(folder, before, behind))
        served |= {BEHIND: (nginx, before, path), NGINX: (nginx, port, song)}
    return served


def _in_turn(served: dict[str, _Served], seconds: float, folder: Path) -> list[Figure]:
    """Each server, each way of reading, `seconds` in each round."""
    sums = {(reading, server): _Sum() for reading, _ in READINGS for server in served}
    web = served[SERVER][0]
    for _ in range(ROUNDS):
        for reading, length in READINGS:
            for server, (process, port, path) in served.items():
                at_work = (process, web) if server == BEHIND else (process,)
                before = sum(map(_cpu_s, at_work))
                count, took = _drive(port, path, length == RANGE_BYTES, seconds, folder)
                one = sums[reading, server]
                one.count += count
                one.seconds += took
                one.cpu_s += sum(map(_cpu_s, at_work)) - before
    lengths = dict(READINGS)
    return [
        Figure(
            server,
            reading,
            one.count / one.seconds,
            one.count * lengths[reading] / one.seconds,
            one.cpu_s / max(1, one.count) * 1e6,
        )
        for (reading, server), one in sums.items()
    ]


def _beside_stalled(served: _Served, seconds: float, folder: Path) -> Row:
    """Ranges for somebody who reads, while others have asked for all and read none of it."""
    process, port, path = served
    alone, _ = _drive(port, path, True, seconds, folder)
    memory = _memory(process)
    with ExitStack() as held:
        for _ in range(STALLED):
            client = held.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", port))
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        _settle(process)
        beside, _ = _drive(port, path, True, seconds, folder)
        kilobytes = (_memory(process) - memory) / STALLED / 1000
    return Row(
        f"256 kB ranges while {STALLED} clients ask for the whole file and read nothing",
        f"{beside / alone:.0%} of what it is without them, {max(0.0, kilobytes):.0f} kB for each of them",
        "> 50%",
        met=beside > alone / 2,
    )


def _settle(process: psutil.Process) -> None:
    """Until what the buffers of the system take has been sent."""
    spent = _cpu_s(process)
    for _ in range(60):
        time.sleep(0.5)
        before, spent = spent, _cpu_s(process)
        if spent - before < 0.05:
            return


def _memory(process: psutil.Process) -> int:
    return sum(one.memory_info().rss for one in (process, *process.children(recursive=True)))


def _cpu_s(process: psutil.Process) -> float:
    return sum(sum(one.cpu_times()[:2]) for one in (process, *process.children(recursive=True)))


@contextmanager
def _serving(argv: list[str], port: int, env: dict[str, str]) -> Iterator[_Served]:
    process = subprocess.Popen(argv, env=env)
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionRefusedError:
                if time.monotonic() > deadline or process.poll() is not None:
                    raise
                time.sleep(0.05)
        yield psutil.Process(process.pid), port, "/song"
    finally:
        process.terminate()
        process.wait(15)


@contextmanager
def _responder(folder: Path) -> Iterator[_Served]:
    port = free_port()
    argv = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(port)]
    argv += [
        "--no-ws",
        "--no-log",
        "--workers-kill-timeout",
        "5",
        "--runtime-mode",
        "st",
        "--factory",
        f"{__package__}.byte_ranges:create",
    ]
    with _serving(argv, port, {**os.environ, _FILE: str(folder / "song")}) as served:
        yield served


@contextmanager
def _server(folder: Path) -> Iterator[_Served]:
    """The file lies in the store under its hash, as a rendition does, and the link is signed as every link is."""
    song = folder / "song"
    sha256 = hashlib.sha256(song.read_bytes()).hexdigest()
    given = {"ANTIPHON_ACCEL_PREFIX": _ACCEL, "ANTIPHON_TRUSTED_PROXIES": _PROXY, "ANTIPHON_WEB_WORKERS": "1"}
    with house(folder / "home", given) as running:
        store = open_store(None, running.home)
        asyncio.run(store.put_bytes(blob_key(sha256), song.read_bytes()))
        signer = LinkSigner(Secrets.load(running.home, None), SystemClock())
        (web,) = [one for one in running.processes()["web"] if one.parent() in running.processes()["supervisor"]]
        yield web, running.port, signer.sign("/audio/usr_bench/trk_bench/flac.mp4", sha256)


@contextmanager
def _nginx(folder: Path, before: int, behind: int) -> Iterator[_Served]:
    """Two in one: files of its own on its port, and on port `before` those of the server on port `behind`."""
    port = free_port()
    configuration = folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    words = {"port": port, "before": before, "behind": behind, "accel": _ACCEL, "proxy": _PROXY}
    configuration.write_text(user + _NGINX.format(folder=folder, **words))
    with _serving(["nginx", "-p", str(folder), "-c", str(configuration)], port, dict(os.environ)) as served:
        yield served


def _drive(port: int, path: str, ranges: bool, seconds: float, folder: Path) -> tuple[int, float]:
    if shutil.which("wrk") is None:
        return _drive_ourselves(port, path, ranges, seconds)
    argv = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s"]
    if ranges:
        script = folder / "range.lua"
        script.write_text(_WRK.format(last=FILE_BYTES - RANGE_BYTES, length=RANGE_BYTES))
        argv += ["-s", str(script)]
    said = subprocess.run([*argv, f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True).stdout
    match = re.search(r"(\d+) requests in ([\d.]+)s", said)
    assert match is not None, said
    assert "Non-2xx" not in said, said
    return int(match[1]), float(match[2])


def _drive_ourselves(port: int, path: str, ranges: bool, seconds: float) -> tuple[int, float]:
    end = time.monotonic() + seconds
    counts: list[int] = []
    threads = [
        threading.Thread(target=_client, args=(port, path, ranges, lambda: time.monotonic() < end, counts))
        for _ in range(CONNECTIONS)
    ]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts), time.monotonic() - began


def _client(port: int, path: str, ranges: bool, going: Callable[[], bool], counts: list[int]) -> None:
    choose = random.Random()
    buffer = memoryview(bytearray(1 << 20))
    count = 0
    with socket.create_connection(("127.0.0.1", port)) as connection:
        while going():
            first = choose.randrange(FILE_BYTES - RANGE_BYTES)
            wanted = f"Range: bytes={first}-{first + RANGE_BYTES - 1}\r\n" if ranges else ""
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{wanted}\r\n".encode())
            got = connection.recv_into(buffer)
            head, _, body = bytes(buffer[:got]).partition(b"\r\n\r\n")
            left = int(re.search(rb"(?i)content-length: (\d+)", head)[1]) - len(body)  # type: ignore[index]
            while left > 0:
                left -= connection.recv_into(buffer)
            count += 1
    counts.append(count)
