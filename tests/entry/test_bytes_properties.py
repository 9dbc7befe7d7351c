"""Any request for a file, against a plain reading of RFC 9110: conditions in the order of section 13.2.2, then ranges.

The requests are drawn as what they mean and only then written as headers, so that nothing here reads a header.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from antiphon.entry.http.conditions import http_date
from tests.entry.test_bytes import MODIFIED, TAG, Answer, ask, parts_of

SIZE = 60
DATA = bytes(range(SIZE))
Tag = tuple[str, bool]  # opaque, weak
Spec = tuple[int | None, int | None]  # first and last; (None, n) is the last n


@dataclass(frozen=True)
class Wanted:
    """None: not said. An empty list of tags is `*`."""

    method: Literal["GET", "HEAD"]
    if_match: tuple[Tag, ...] | None = None
    if_none_match: tuple[Tag, ...] | None = None
    unmodified_since: int | None = None  # seconds after the file's date
    modified_since: int | None = None
    if_range: Tag | int | None = None
    ranges: tuple[Spec, ...] | None = None
    spaces: str = field(default="")

    def headers(self) -> list[tuple[str, str]]:
        said: list[tuple[str, str]] = []
        if self.if_match is not None:
            said.append(("If-Match", _tags(self.if_match)))
        if self.if_none_match is not None:
            said.append(("If-None-Match", _tags(self.if_none_match)))
        if self.unmodified_since is not None:
            said.append(("If-Unmodified-Since", http_date(MODIFIED + self.unmodified_since)))
        if self.modified_since is not None:
            said.append(("If-Modified-Since", http_date(MODIFIED + self.modified_since)))
        if isinstance(self.if_range, int):
            said.append(("If-Range", http_date(MODIFIED + self.if_range)))
        elif self.if_range is not None:
            said.append(("If-Range", _tags((self.if_range,))))
        if self.ranges is not None:
            specs = [f"{'' if a is None else a}-{'' if b is None else b}" for a, b in self.ranges]
            said.append(("Range", "bytes=" + f"{self.spaces},{self.spaces}".join(specs)))
        return said

    def status(self) -> int:
        ours: Tag = (TAG, False)
        if self.if_match is not None:
            if self.if_match and ours not in self.if_match:
                return 412
        elif self.unmodified_since is not None and self.unmodified_since < 0:
            return 412
        if self.if_none_match is not None:
            if not self.if_none_match or TAG in {opaque for opaque, _ in self.if_none_match}:
                return 304
        elif self.modified_since is not None and self.modified_since >= 0:
            return 304
        if self.method == "HEAD" or self.ranges is None or self.if_range not in (None, ours, 0):
            return 200
        return 206 if self.bytes() else 416

    def bytes(self) -> set[int]:
        found: set[int] = set()
        for first, last in self.ranges or ():
            start = SIZE - last if first is None and last is not None else first or 0
            stop = SIZE - 1 if first is None or last is None else last
            found |= {at for at in range(SIZE) if start <= at <= stop}
        return found


def _tags(tags: tuple[Tag, ...]) -> str:
    return ", ".join(f'{"W/" if weak else ""}"{opaque}"' for opaque, weak in tags) or "*"


tags = st.tuples(st.sampled_from([TAG, "other", "", "a,b"]), st.booleans())
lists = st.none() | st.lists(tags, max_size=3).map(tuple)
dates = st.none() | st.integers(-3, 3)
numbers = st.integers(0, SIZE + 10)
specs = st.one_of(
    st.tuples(numbers, st.none()),
    st.tuples(st.none(), numbers),
    st.tuples(numbers, numbers).map(lambda pair: (min(pair), max(pair))),
)
wishes = st.builds(
    Wanted,
    method=st.sampled_from(["GET", "GET", "HEAD"]),
    if_match=lists,
    if_none_match=st.none() | lists,
    unmodified_since=dates,
    modified_since=dates,
    if_range=st.none() | tags | st.integers(-1, 1),
    ranges=st.none() | st.lists(specs, min_size=1, max_size=5).map(tuple),
    spaces=st.sampled_from(["", " ", "\t "]),
)


@pytest.fixture(scope="module")
def sixty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sixty") / "bytes"
    path.write_bytes(DATA)
    return path


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=wishes)
async def test_any_request_gets_what_the_rules_say(sixty: Path, wanted: Wanted) -> None:
    answer = await ask(sixty, *wanted.headers(), method=wanted.method)
    assert answer.status == wanted.status()
    assert answer.headers["etag"] == f'"{TAG}"'
    if wanted.method == "HEAD":
        assert answer.body == b""
        return
    if answer.status == 200:
        assert answer.body == DATA
    elif answer.status == 416:
        assert answer.headers["content-range"] == f"bytes */{SIZE}"
    elif answer.status == 206:
        assert _sent(answer) == wanted.bytes()


def _sent(answer: Answer) -> set[int]:
    """The places that the parts say they are of, each with the bytes of that place, none twice."""
    one = answer.headers.get("content-range")
    parts = [(one, answer.body)] if one else [(said, body) for said, _, body in parts_of(answer)]
    found: list[int] = []
    for said, body in parts:
        first, last = (int(number) for number in said.removeprefix("bytes ").removesuffix(f"/{SIZE}").split("-"))
        assert body == DATA[first : last + 1]
        found += range(first, last + 1)
    assert len(found) == len(set(found))
    return set(found)
