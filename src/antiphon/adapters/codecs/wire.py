"""What the server and its codec children say to each other: length-prefixed MessagePack frames over one stream.

The server sends one `Request`; the child answers any number of `Advance`, then one of `Done` or `Refused`. The fork
server adds `Ended` when a child is gone, so that a crash is told apart from a lost connection.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import msgspec

from antiphon.domains.media.ports import Rendition, Segment, Transcode

__all__ = [
    "HEADER",
    "MAX_FRAME",
    "Advance",
    "Done",
    "Ended",
    "Limits",
    "Message",
    "Operation",
    "Refusal",
    "Refused",
    "Request",
    "decode",
    "frame",
]

HEADER = struct.Struct(">I")
MAX_FRAME = 128 * 1024 * 1024

Operation = Literal["probe", "analyse", "encode", "transcode", "segment", "pictures"]


class Limits(msgspec.Struct, frozen=True):
    """Bounds of one operation. Bytes and seconds."""

    memory_bytes: int = 256 * 1024 * 1024  # address space beyond what the freshly started child already maps
    picture_memory_bytes: int = 384 * 1024 * 1024
    audio_seconds: float = 10 * 3600.0  # longest recording taken
    base_cpu_seconds: float = 20.0
    cpu_per_audio_second: float = 0.5  # for each pass or rendition: half of real time on a slow core
    stall_seconds: float = 60.0  # wall clock without new sound
    output_bytes: int = 16 * 1024**3
    open_files: int = 64
    picture_pixels: int = 50_000_000
    tag_picture_bytes: int = 24 * 1024 * 1024


class Request(msgspec.Struct, frozen=True):
    operation: Operation
    limits: Limits
    source: str = ""
    renditions: tuple[Rendition, ...] = ()
    targets: tuple[str, ...] = ()
    data: bytes = b""
    sizes: tuple[int, ...] = ()
    transcode: Transcode | None = None
    segment: Segment | None = None


class Advance(msgspec.Struct, frozen=True, tag=True):
    """`bytes`: how much of a file that grows is there."""

    fraction: float
    bytes: int = 0


class Done(msgspec.Struct, frozen=True, tag=True):
    result: msgspec.Raw


class Refused(msgspec.Struct, frozen=True, tag=True):
    reason: str
    detail: str | None


class Ended(msgspec.Struct, frozen=True, tag=True):
    """Written by the fork server; `signal` is 0 where the child left by itself."""

    signal: int


Message = Advance | Done | Refused | Ended


class Refusal(Exception):
    """Raised inside a child; becomes `MediaRejected` in the server."""

    def __init__(self, reason: str, detail: str | None = None) -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(reason, detail)


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    raise NotImplementedError(type(value).__name__)


def _rich(kind: type, value: Any) -> Any:
    if kind is Path:
        return Path(value)
    raise NotImplementedError(kind.__name__)


_encoder = msgspec.msgpack.Encoder(enc_hook=_plain)
pack: Callable[[Any], bytes] = _encoder.encode


def frame(message: Request | Message) -> bytes:
    body = pack(message)
    return HEADER.pack(len(body)) + body


def decode(body: bytes | msgspec.Raw, kind: Any) -> Any:
    return msgspec.msgpack.decode(body, type=kind, dec_hook=_rich)
