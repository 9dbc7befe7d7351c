"""`python -m antiphon.adapters.codecs.worker.scaler`: scales pictures until its standard input ends."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any, Literal

import msgspec

from antiphon.adapters.codecs.wire import HEADER, Limits, pack
from antiphon.adapters.codecs.worker.bounds import apply_limits, die_with_parent

__all__ = ["Scale", "Scaled", "main"]

_SECONDS = 10.0  # for one picture
_WEBP = {"Q": 80, "effort": 1, "keep": "none"}
_JPEG = {"Q": 85, "keep": "none"}


class Scale(msgspec.Struct, frozen=True):
    """`size` is the longer edge; `pixels` the most that the picture may have, `memory_bytes` what is left for it."""

    data: bytes
    size: int
    form: Literal["webp", "jpeg"]
    pixels: int
    memory_bytes: int


class Scaled(msgspec.Struct, frozen=True):
    """`data` is None where the picture was refused."""

    data: bytes | None
    detail: str | None = None


def main() -> None:
    die_with_parent(os.getppid())
    for number in (signal.SIGINT, signal.SIGTERM):  # the parent decides when to end
        signal.signal(number, signal.SIG_IGN)
    # only here: the parent imports this module for what the two say to each other
    import pyvips

    from antiphon.adapters.codecs.worker.pictures import guarded, opaque

    guarded()
    decode = msgspec.msgpack.Decoder(Scale).decode
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    bounded = False
    while head := source.read(HEADER.size):
        wanted = decode(source.read(HEADER.unpack(head)[0]))
        if not bounded:
            bounded = True
            apply_limits(Limits(), memory_bytes=wanted.memory_bytes)
        _watch(_SECONDS)
        try:
            answer = Scaled(_scale(pyvips, opaque, wanted))
        except (pyvips.Error, MemoryError):
            answer = Scaled(None)
        except _TooLarge as error:
            answer = Scaled(None, str(error))
        _watch(0)
        body = pack(answer)
        sink.write(HEADER.pack(len(body)) + body)
        sink.flush()


class _TooLarge(Exception):
    pass


def _scale(pyvips: Any, opaque: Any, wanted: Scale) -> bytes:
    header = pyvips.Image.new_from_buffer(wanted.data, "", access="sequential")
    if header.width * header.height > wanted.pixels:
        raise _TooLarge("This picture has too many pixels.")
    within = {"height": wanted.size, "size": "down"}
    part = _decoded_at(header, wanted.size)
    if part > 1 and _is_srgb(header):
        loaded = pyvips.Image.new_from_buffer(wanted.data, "", shrink=part, access="sequential", fail_on="error")
        image = loaded.thumbnail_image(wanted.size, **within)
    else:
        colours = {} if _is_srgb(header) else {"output_profile": "srgb"}  # which takes longer than all the rest
        whole = {"option_string": "[fail_on=error]", **colours}
        image = pyvips.Image.thumbnail_buffer(wanted.data, wanted.size, **within, **whole)
    image = opaque(image)
    made: bytes = image.webpsave_buffer(**_WEBP) if wanted.form == "webp" else image.jpegsave_buffer(**_JPEG)
    return made


def _decoded_at(header: Any, size: int) -> int:
    """By what a JPEG is divided as it is decoded, at half the price: libvips itself leaves twice what is wanted to be
    scaled, half as much again will do (38 dB against the whole even of noise)."""
    if header.get("vips-loader") != "jpegload_buffer":
        return 1
    longest = max(header.width, header.height)
    return next((part for part in (8, 4, 2) if longest >= part * size * 1.5), 1)


def _is_srgb(image: Any) -> bool:
    """Says so, or says nothing: then everybody takes it for that."""
    if image.interpretation != "srgb" or not image.get_typeof("icc-profile-data"):
        return bool(image.interpretation == "srgb")
    profile: bytes = image.get("icc-profile-data")
    return b"sRGB" in profile or b"s\0R\0G\0B" in profile


def _watch(seconds: float) -> None:
    """Not even a decoder stuck in C outlives it: nobody handles the signal."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)


if __name__ == "__main__":
    main()
