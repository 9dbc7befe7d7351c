"""Byte ranges of HTTP (RFC 9110, section 14): from the header to what is to be sent. Pure."""

from __future__ import annotations

import re
from typing import Final

import msgspec

__all__ = ["MOST_RANGES", "ByteRange", "select_ranges"]

MOST_RANGES: Final = 32
"""More in one request are nobody's need: such a header is ignored, as section 14.2 allows."""

_SPEC: Final = re.compile(r"(?:([0-9]+)-([0-9]*)|-([0-9]+))", re.ASCII)
_ONE: Final = re.compile(r"bytes=([0-9]{1,15})-([0-9]{1,15})", re.ASCII)
_SPACE: Final = " \t"
_HUGE: Final = 10**20  # beyond any file; keeps hostile numbers small


class ByteRange(msgspec.Struct, frozen=True):
    """The bytes from `start` up to, not including, `stop`."""

    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start

    def content_range(self, size: int) -> str:
        """The value of `Content-Range` for a representation of `size` bytes."""
        return f"bytes {self.start}-{self.stop - 1}/{size}"


def select_ranges(header: str, size: int) -> tuple[ByteRange, ...] | None:
    """What a `Range` header picks from a representation of `size` bytes.

    None: the header does not count (other unit, malformed, too many ranges), send everything. Empty: nothing in it can
    be satisfied, answer 416. Else the ranges to send in the order asked; those that overlap have become one, in the
    place of the first of them.
    """
    one = _ONE.fullmatch(header)
    if one is not None:  # as nearly all players ask
        start, stop = int(one[1]), min(int(one[2]) + 1, size)
        if start < stop:
            return (ByteRange(start, stop),)
    return _select_listed(header, size)


def _select_listed(header: str, size: int) -> tuple[ByteRange, ...] | None:
    unit, equals, specs = header.strip(_SPACE).partition("=")
    if not equals or unit.lower() != "bytes":
        return None
    listed = [spec.strip(_SPACE) for spec in specs.split(",")]
    matches = [_SPEC.fullmatch(spec) for spec in listed if spec]  # the list rule lets recipients skip empty elements
    if not matches or len(matches) > MOST_RANGES:
        return None
    picked = []
    for match in matches:
        if match is None:
            return None
        first, last, suffix = match.groups()
        if suffix is not None:
            start, stop = max(0, size - _number(suffix)), size
            if size == 0 and _number(suffix) > 0:
                return None  # satisfiable, but no Content-Range can say so
        else:
            start, stop = _number(first), _number(last) + 1 if last else size
            if last and stop <= start:
                return None
        if start < min(stop, size):
            picked.append(ByteRange(start, min(stop, size)))
    return _merge(picked)


def _number(digits: str) -> int:
    digits = digits.lstrip("0")
    return int(digits or "0") if len(digits) <= 20 else _HUGE


def _merge(picked: list[ByteRange]) -> tuple[ByteRange, ...]:
    merged: list[tuple[int, ByteRange]] = []
    for place, new in sorted(enumerate(picked), key=lambda entry: entry[1].start):
        if merged and new.start < merged[-1][1].stop:
            first_place, old = merged[-1]
            merged[-1] = min(place, first_place), ByteRange(old.start, max(old.stop, new.stop))
        else:
            merged.append((place, new))
    return tuple(one for _, one in sorted(merged, key=lambda entry: entry[0]))
