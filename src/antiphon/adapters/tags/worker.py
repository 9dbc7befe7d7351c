"""`python -m antiphon.adapters.tags.worker`: reads batches of files until its standard input ends.

A frame is four bytes of length and MessagePack. A file that hangs or eats memory ends this process; who asked then
reads the rest without it.
"""

from __future__ import annotations

import gc
import os
import signal
import struct
import sys

import msgspec

from antiphon.adapters.tags.pictures import front_cover
from antiphon.adapters.tags.reading import read_file
from antiphon.domains.media.ports import ReadFile

if sys.platform != "win32":
    import resource

__all__ = ["LENGTH", "Wanted", "main"]

LENGTH = struct.Struct("!I")
SECONDS_A_FILE = 10.0
MEMORY = 768 * 1024 * 1024


class Wanted(msgspec.Struct, frozen=True, omit_defaults=True):
    """Either the headers of many files, or the picture within one."""

    paths: list[bytes] = []
    picture: bytes | None = None


def main() -> None:
    _bound()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)  # a batch makes many small things and few rings
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    decode, encode = msgspec.msgpack.Decoder(Wanted).decode, msgspec.msgpack.Encoder().encode
    while head := source.read(LENGTH.size):
        wanted = decode(source.read(LENGTH.unpack(head)[0]))
        answer = encode(_picture(wanted.picture) if wanted.picture is not None else [_read(p) for p in wanted.paths])
        sink.write(LENGTH.pack(len(answer)))
        sink.write(answer)
        sink.flush()


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


if __name__ == "__main__":
    main()
