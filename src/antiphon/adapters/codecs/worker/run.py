"""One request, answered: limits first, then the operation, then one final message whatever happens."""

from __future__ import annotations

import os
import time
from typing import Any, BinaryIO

import av
import msgspec

from antiphon.adapters.codecs.wire import HEADER, Advance, Done, Limits, Refusal, Refused, Request, frame, pack
from antiphon.adapters.codecs.wire import decode as unpack
from antiphon.adapters.codecs.worker.analyse import analyse
from antiphon.adapters.codecs.worker.bounds import Budget, apply_limits, silence
from antiphon.adapters.codecs.worker.encode import encode
from antiphon.adapters.codecs.worker.probe import probe
from antiphon.adapters.codecs.worker.segment import segment
from antiphon.adapters.codecs.worker.transcode import transcode

__all__ = ["answer"]

_BACKGROUND = 5
_BETWEEN_REPORTS = 0.3  # seconds


class Reporter:
    """Sends the fraction done a few times a second."""

    def __init__(self, outgoing: BinaryIO) -> None:
        self._outgoing = outgoing
        self._last = time.monotonic()

    def __call__(self, fraction: float) -> None:
        now = time.monotonic()
        if now - self._last >= _BETWEEN_REPORTS:
            self._last = now
            _send(self._outgoing, Advance(min(max(fraction, 0.0), 1.0)))

    def grown(self, size: int, fraction: float) -> None:
        """Each time: somebody waits for these bytes."""
        _send(self._outgoing, Advance(min(max(fraction, 0.0), 1.0), size))


def answer(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Read one request, run it under its limits, write the answer."""
    (length,) = HEADER.unpack(incoming.read(HEADER.size))
    request: Request = unpack(incoming.read(length), Request)
    silence()
    limits = request.limits
    picture = request.operation == "pictures"
    if request.operation in ("analyse", "encode") and hasattr(os, "nice"):
        os.nice(_BACKGROUND)  # nobody waits at the screen for these; somebody does for what the server answers
    apply_limits(limits, memory_bytes=limits.picture_memory_bytes if picture else limits.memory_bytes)
    final: Done | Refused
    try:
        final = Done(msgspec.Raw(pack(_perform(request, limits, Reporter(outgoing)))))
    except Refusal as refusal:
        final = Refused(refusal.reason, refusal.detail)
    except MemoryError:
        final = Refused("too_complex", "Decoding this file takes more memory than is allowed.")
    except av.error.FFmpegError as error:
        out_of_memory = isinstance(error, av.error.MemoryError)
        final = Refused("too_complex" if out_of_memory else "damaged", None)
    except Exception as error:  # a decoder binding may raise anything; the file is to blame
        final = Refused("codec_crashed", f"The decoder gave up on this file ({type(error).__name__}).")
    _send(outgoing, final)


def _perform(request: Request, limits: Limits, report: Reporter) -> Any:
    if request.operation == "transcode" and request.transcode is not None:
        (target,) = request.targets
        return transcode(request.source, request.transcode, target, limits, Budget(limits, passes=2), report.grown)
    if request.operation == "segment" and request.segment is not None:
        return segment(request.source, request.segment, request.targets[0], Budget(limits, passes=2))
    if request.operation == "probe":
        return probe(request.source, limits, Budget(limits))
    if request.operation == "analyse":
        return analyse(request.source, limits, Budget(limits), report)
    if request.operation == "encode":
        budget = Budget(limits, passes=1 + len(request.renditions))
        return encode(request.source, request.renditions, request.targets, limits, budget, report)
    # libvips starts threads: never before the fork
    from antiphon.adapters.codecs.worker.pictures import scale

    return scale(request.data, request.sizes, limits, Budget(limits))


def _send(outgoing: BinaryIO, message: Advance | Done | Refused) -> None:
    outgoing.write(frame(message))
    outgoing.flush()
