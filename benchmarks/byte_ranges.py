"""Range reads of 64 kB and reads of whole files: our responder behind Granian against nginx, on the same file.

`python -m benchmarks ranges`. The responder is measured alone, and as the whole server behind a signed `/audio` link.
nginx is measured where it is installed. The driver is wrk where it is installed, else a small one of our own that is
the bottleneck itself against nginx. CPU time is that of the server alone and holds better than rates on a machine that
does other things.
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
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from antiphon.adapters.objects import open_store
from antiphon.domains.media.api import blob_key
from antiphon.domains.media.links import LinkSigner
from antiphon.entry.http.bytes import send_file
from antiphon.kit.clock import SystemClock
from antiphon.kit.secrets import Secrets
from benchmarks.house import free_port, house
from benchmarks.report import Row, Section

__all__ = ["Figure", "figures", "measure"]

FILE_BYTES = 7_000_000
RANGE_BYTES = 65_536
CONNECTIONS = 8
_FILE = "BENCHMARK_FILE"
_NGINX = """
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log stderr;
events {{ worker_connections 512; }}
http {{ access_log off; sendfile on; keepalive_requests 100000000; client_body_temp_path {folder};
  server {{ listen 127.0.0.1:{port}; root {folder}; }} }}
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


RESPONDER, SERVER, NGINX = "our responder alone", "the whole server, signed link", "nginx"
READINGS = (("64 kB ranges", RANGE_BYTES), ("whole 7 MB files", FILE_BYTES))


def measure(seconds: float = 3.0) -> list[Section]:
    section = Section(f"Bytes: {CONNECTIONS} connections on one file of 7 MB")
    found = figures(seconds)
    theirs = {one.reading: one for one in found if one.server == NGINX}
    for one in found:
        if one.server == NGINX:
            continue
        peer = theirs.get(one.reading)
        section.rows.append(
            Row(
                f"{one.reading}, {one.server}",
                _said(one) + (f" = {one.requests_s / peer.requests_s:.0%} of nginx" if peer else ""),
                "",
                f"nginx: {_said(peer)}" if peer else "no nginx here",
            )
        )
    if not theirs:
        section.notes.append("nginx is not installed on this machine: nothing to compare with.")
    driver = "wrk" if shutil.which("wrk") else "our own (the bottleneck against nginx)"
    section.notes.append(f"CPU time is the server's alone. Driver: {driver}.")
    return [section]


def _said(one: Figure) -> str:
    return f"{one.requests_s:.0f} requests/s, {one.bytes_s / 1e6:.0f} MB/s, {one.cpu_us:.0f} us CPU a request"


def figures(seconds: float = 3.0) -> list[Figure]:
    """Each server, each way of reading, `seconds` long."""
    figures = []
    with tempfile.TemporaryDirectory(prefix="antiphon-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "song").write_bytes(random.Random(1).randbytes(FILE_BYTES))
        for server, start in ((RESPONDER, _responder), (SERVER, _server), (NGINX, _nginx)):
            if server == NGINX and shutil.which("nginx") is None:
                continue
            with start(folder) as (process, port, path):
                for reading, length in READINGS:
                    before = _cpu_s(process)
                    count, took = _drive(port, path, length == RANGE_BYTES, seconds, folder)
                    cpu_us = (_cpu_s(process) - before) / max(1, count) * 1e6
                    figures.append(Figure(server, reading, count / took, count * length / took, cpu_us))
    return figures


def _cpu_s(process: psutil.Process) -> float:
    return sum(sum(one.cpu_times()[:2]) for one in (process, *process.children(recursive=True)))


@contextmanager
def _serving(argv: list[str], port: int, env: dict[str, str]) -> Iterator[_Served]:
    process = subprocess.Popen(argv, env=env)
    try:
        deadline = time.monotonic() + 15
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
        f"{__package__}.byte_ranges:app",
    ]
    with _serving(argv, port, {**os.environ, _FILE: str(folder / "song")}) as served:
        yield served


@contextmanager
def _server(folder: Path) -> Iterator[_Served]:
    """The file lies in the store under its hash, as a rendition does, and the link is signed as every link is."""
    song = folder / "song"
    sha256 = hashlib.sha256(song.read_bytes()).hexdigest()
    with house(folder / "home") as running:
        store = open_store(None, running.home)
        asyncio.run(store.put_bytes(blob_key(sha256), song.read_bytes()))
        signer = LinkSigner(Secrets.load(running.home, None), SystemClock())
        (web,) = [one for one in running.processes()["web"] if one.parent() in running.processes()["supervisor"]]
        yield web, running.port, signer.sign("/audio/usr_bench/trk_bench/flac.mp4", sha256)


@contextmanager
def _nginx(folder: Path) -> Iterator[_Served]:
    port = free_port()
    configuration = folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    configuration.write_text(user + _NGINX.format(folder=folder, port=port))
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
