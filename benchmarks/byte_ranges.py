"""Range reads of 64 kB and reads of whole files: our responder behind Granian against nginx, on the same file.

`python -m benchmarks.byte_ranges [seconds]`. nginx is measured where it is installed. The driver is wrk where it is
installed, else a small one of our own that is the bottleneck itself against nginx. CPU time is that of the server alone
and holds better than rates on a machine that does other things.
"""

from __future__ import annotations

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

from antiphon.entry.http.bytes import send_file

__all__ = ["Figure", "measure"]

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
  return wrk.format("GET", "/song")
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


async def app(scope: Any, receive: Any, send: Any) -> None:
    """What Granian serves in this benchmark: the responder alone."""
    if scope["type"] == "http":
        path = Path(os.environ[_FILE])
        options = {"etag": "benchmark", "content_type": "audio/mp4", "cache_control": "public"}
        await send_file(scope, send, path=path, receive=receive, **options)


def measure(seconds: float = 4.0) -> list[Figure]:
    """Each server, each way of reading, `seconds` long."""
    figures = []
    with tempfile.TemporaryDirectory(prefix="antiphon-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "song").write_bytes(random.Random(1).randbytes(FILE_BYTES))
        for server, start in (("antiphon", _antiphon), ("nginx", _nginx)):
            if server == "nginx" and shutil.which("nginx") is None:
                continue
            with start(folder) as (process, port):
                for reading, length in (("64 kB range", RANGE_BYTES), ("whole 7 MB file", FILE_BYTES)):
                    before = _cpu_s(process)
                    count, took = _drive(port, reading.endswith("range"), seconds, folder)
                    cpu_us = (_cpu_s(process) - before) / max(1, count) * 1e6
                    figures.append(Figure(server, reading, count / took, count * length / took, cpu_us))
    return figures


def _cpu_s(process: psutil.Process) -> float:
    return sum(sum(one.cpu_times()[:2]) for one in (process, *process.children(recursive=True)))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def _serving(argv: list[str], port: int, env: dict[str, str]) -> Iterator[tuple[psutil.Process, int]]:
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
        yield psutil.Process(process.pid), port
    finally:
        process.terminate()
        process.wait(15)


@contextmanager
def _antiphon(folder: Path) -> Iterator[tuple[psutil.Process, int]]:
    port = _free_port()
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
def _nginx(folder: Path) -> Iterator[tuple[psutil.Process, int]]:
    port = _free_port()
    configuration = folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    configuration.write_text(user + _NGINX.format(folder=folder, port=port))
    with _serving(["nginx", "-p", str(folder), "-c", str(configuration)], port, dict(os.environ)) as served:
        yield served


def _drive(port: int, ranges: bool, seconds: float, folder: Path) -> tuple[int, float]:
    if shutil.which("wrk") is None:
        return _drive_ourselves(port, ranges, seconds)
    argv = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s"]
    if ranges:
        script = folder / "range.lua"
        script.write_text(_WRK.format(last=FILE_BYTES - RANGE_BYTES, length=RANGE_BYTES))
        argv += ["-s", str(script)]
    said = subprocess.run([*argv, f"http://127.0.0.1:{port}/song"], capture_output=True, text=True, check=True).stdout
    match = re.search(r"(\d+) requests in ([\d.]+)s", said)
    assert match is not None, said
    assert "Non-2xx" not in said, said
    return int(match[1]), float(match[2])


def _drive_ourselves(port: int, ranges: bool, seconds: float) -> tuple[int, float]:
    end = time.monotonic() + seconds
    counts: list[int] = []
    threads = [
        threading.Thread(target=_client, args=(port, ranges, lambda: time.monotonic() < end, counts))
        for _ in range(CONNECTIONS)
    ]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts), time.monotonic() - began


def _client(port: int, ranges: bool, going: Callable[[], bool], counts: list[int]) -> None:
    choose = random.Random()
    buffer = memoryview(bytearray(1 << 20))
    count = 0
    with socket.create_connection(("127.0.0.1", port)) as connection:
        while going():
            first = choose.randrange(FILE_BYTES - RANGE_BYTES)
            wanted = f"Range: bytes={first}-{first + RANGE_BYTES - 1}\r\n" if ranges else ""
            connection.sendall(f"GET /song HTTP/1.1\r\nHost: localhost\r\n{wanted}\r\n".encode())
            got = connection.recv_into(buffer)
            head, _, body = bytes(buffer[:got]).partition(b"\r\n\r\n")
            left = int(re.search(rb"(?i)content-length: (\d+)", head)[1]) - len(body)  # type: ignore[index]
            while left > 0:
                left -= connection.recv_into(buffer)
            count += 1
    counts.append(count)


def main() -> None:
    figures = measure(float(sys.argv[1]) if len(sys.argv) > 1 else 4.0)
    print(f"{'server':10} {'reading':16} {'requests/s':>11} {'MB/s':>7} {'CPU us/request':>15}")
    for one in figures:
        print(f"{one.server:10} {one.reading:16} {one.requests_s:11.0f} {one.bytes_s / 1e6:7.0f} {one.cpu_us:15.0f}")
    theirs = {one.reading: one.requests_s for one in figures if one.server == "nginx"}
    for one in figures:
        if one.server == "antiphon" and one.reading in theirs:
            print(f"{one.reading}: {one.requests_s / theirs[one.reading]:.0%} of nginx")
    if not theirs:
        print("nginx is not installed: nothing to compare with")


if __name__ == "__main__":
    main()
