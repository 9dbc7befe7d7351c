"""`python -m antiphon.adapters.tags.worker`: reads batches of files, and writes tags, until its
standard input ends.

A frame is four bytes of length and MessagePack. A file that hangs or eats memory ends this process; who asked then
reads the rest without it.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from typing import Any

import msgspec

from antiphon.adapters.tags.pictures import front_cover
from antiphon.adapters.tags.reading import read_file
from antiphon.adapters.tags.wire import LENGTH, Wanted
from antiphon.adapters.tags.writing import write_file
from antiphon.domains.media.ports import ReadFile

if sys.platform != "win32":
    import resource

__all__ = ["main"]

SECONDS_A_FILE = 10.0
SECONDS_A_WRITE = 120.0
MEMORY = 768 * 1024 * 1024


def main() -> None:
    _bound()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)  # a batch makes many small things and few rings
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    decode, encode = msgspec.msgpack.Decoder(Wanted).decode, msgspec.msgpack.Encoder().encode
    while head := source.read(LENGTH.size):
        wanted = decode(source.read(LENGTH.unpack(head)[0]))
        answer = encode(_answer(wanted))
        sink.write(LENGTH.pack(len(answer)))
        sink.write(answer)
        sink.flush()


def _answer(wanted: Wanted) -> Any:
    if wanted.write is not None:
        return _written(wanted.write, wanted.tags)
    return _picture(wanted.picture) if wanted.picture is not None else [_read(path) for path in wanted.paths]


def _bound() -> None:
    if sys.platform == "win32":
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.nice(5)  # whoever listens goes first
    for number in (signal.SIGINT, signal.SIGTERM):  # the parent decides when to end
        signal.signal(number, signal.SIG_IGN)


def _watch(seconds: float) -> None:
    """Not even a parser stuck in C outlives it: nobody handles the signal."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _read(path: bytes) -> ReadFile:
    _watch(SECONDS_A_FILE)
    try:
        return read_file(os.fsdecode(path))
    finally:
        _watch(0)


def _picture(path: bytes) -> bytes | None:
    _watch(SECONDS_A_FILE)
    try:
        return front_cover(os.fsdecode(path))
    finally:
        _watch(0)


def _written(path: bytes, tags: dict[str, list[str]]) -> str | None:
    _watch(SECONDS_A_WRITE)
    try:
        return write_file(os.fsdecode(path), tags)
    finally:
        _watch(0)


if __name__ == "__main__":
    main()
