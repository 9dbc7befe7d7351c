"""Range selection against a slow, plain reading of RFC 9110: one set of byte positions a range."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.kit.ranges import MOST_RANGES, ByteRange, select_ranges

sizes = st.integers(0, 60)
positions = st.integers(0, 80)
well_formed = (
    st.tuples(positions, positions).map(lambda pair: f"{min(pair)}-{max(pair)}")
    | positions.map(lambda first: f"{first}-")
    | positions.map(lambda length: f"-{length}")
)
spaces = st.sampled_from(["", " ", "\t", "  "])


@st.composite
def headers(draw: st.DrawFn) -> str:
    elements = draw(st.lists(well_formed | st.just(""), min_size=1, max_size=8))
    unit = draw(st.sampled_from(["bytes", "Bytes", "BYTES"]))
    return f"{unit}=" + ",".join(draw(spaces) + element + draw(spaces) for element in elements)


def wanted_bytes(spec: str, size: int) -> set[int]:
    everything = range(size)
    if spec.startswith("-"):
        length = int(spec[1:])
        return set(everything[-length:] if length else ())
    first, last = spec.split("-")
    return {position for position in everything if int(first) <= position and (not last or position <= int(last))}


def expected(header: str, size: int) -> list[set[int]] | None:
    """Sets of positions in the order asked, overlapping ones united in the place of the first."""
    specs = [spec for spec in re.split(r"[ \t]*,[ \t]*", header.split("=")[1].strip(" \t")) if spec]
    if not specs:
        return None
    if size == 0 and any(spec.startswith("-") and int(spec[1:]) for spec in specs):
        return None
    groups = [wanted for spec in specs if (wanted := wanted_bytes(spec, size))]
    while True:
        for later in range(1, len(groups)):
            for earlier in range(later):
                if groups[earlier] & groups[later]:
                    groups[earlier] |= groups.pop(later)
                    break
            else:
                continue
            break
        else:
            return groups


@given(headers(), sizes)
def test_agrees_with_the_plain_reading(header: str, size: int) -> None:
    want = expected(header, size)
    got = select_ranges(header, size)
    if want is None:
        assert got is None
    else:
        assert got is not None
        assert [set(range(one.start, one.stop)) for one in got] == want


@given(headers(), sizes)
def test_picked_ranges_are_proper_and_apart(header: str, size: int) -> None:
    seen: set[int] = set()
    for one in select_ranges(header, size) or ():
        assert 0 <= one.start < one.stop <= size
        assert not seen & set(range(one.start, one.stop))
        seen |= set(range(one.start, one.stop))


@given(st.text(max_size=30) | st.text("bytes=0123456789-, \t", max_size=30), sizes)
def test_any_text_is_answered(header: str, size: int) -> None:
    for one in select_ranges(header, size) or ():
        assert 0 <= one.start < one.stop <= size


MALFORMED = [
    "",
    "bytes",
    "bytes=",
    "bytes=,",
    "bytes=-",
    "bytes=a-b",
    "bytes=1",
    "bytes=5-4",
    "bytes=0-1,5-4",
    "bytes=0-1,x",
    "bytes=0 - 1",
    "bytes=--1",
    "bytes=0-1;2-3",
    "bytes=0x1-2",
    "bytes=+1-2",
    "bytes=\u0661-\u0662",
    "bytes 0-1",
    "bytes=bytes=0-1",
    "items=0-1",
    "none",
]


@pytest.mark.parametrize("header", MALFORMED)
def test_malformed_and_foreign_headers_do_not_count(header: str) -> None:
    assert select_ranges(header, 100) is None


@pytest.mark.parametrize(
    "header", ["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=100-,-0", "bytes=" + "9" * 5000 + "-"]
)
def test_nothing_satisfiable(header: str) -> None:
    assert select_ranges(header, 100) == ()


def test_one_bad_among_good_is_left_out() -> None:
    assert select_ranges("bytes=0-1,100-,5-6,-0", 100) == (ByteRange(0, 2), ByteRange(5, 7))


def test_huge_and_padded_numbers() -> None:
    assert select_ranges("bytes=0-" + "9" * 5000, 100) == (ByteRange(0, 100),)
    assert select_ranges("bytes=-" + "9" * 5000, 100) == (ByteRange(0, 100),)
    assert select_ranges("bytes=" + "0" * 5000 + "1-" + "0" * 5000 + "2", 100) == (ByteRange(1, 3),)


def test_too_many_ranges_are_ignored() -> None:
    enough = ",".join(f"{2 * n}-{2 * n}" for n in range(MOST_RANGES))
    assert len(select_ranges("bytes=" + enough, 1000) or ()) == MOST_RANGES
    assert select_ranges("bytes=" + enough + ",999-", 1000) is None


def test_content_range() -> None:
    assert ByteRange(3, 7).content_range(10) == "bytes 3-6/10"
    assert len(ByteRange(3, 7)) == 4
