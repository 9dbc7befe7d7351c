"""The range responder as an ASGI application, against RFC 9110."""

from __future__ import annotations

import asyncio
import email
import errno
import os
import random
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from antiphon.entry.http import opened
from antiphon.entry.http.bytes import send_file
from antiphon.entry.http.conditions import http_date

SIZE = 3_000_000
MODIFIED = 1_700_000_000.7
TAG = "6f1ed002ab5595859014ebf0951522d9"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bytes") / "song.mp4"
    path.write_bytes(random.Random(7).randbytes(SIZE))
    return path


@dataclass
class Answer:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    sent_path: str | None = None
    messages: list[dict[str, Any]] = field(default_factory=list)


async def ask(
    path: Path,
    *headers: tuple[str, str],
    method: str = "GET",
    path_send: bool = False,
    modified: float | None = MODIFIED,
    **options: Any,
) -> Answer:
    answer = Answer()
    scope: dict[str, Any] = {
        "type": "http",
        "method": method,
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        "extensions": {"http.response.pathsend": {}} if path_send else {},
    }

    async def send(message: dict[str, Any]) -> None:
        answer.messages.append(message)
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            for name, value in message["headers"]:
                assert name == name.lower()
                assert name.decode() not in answer.headers, "a header twice"
                answer.headers[name.decode()] = value.decode("latin-1")
        elif message["type"] == "http.response.pathsend":
            answer.sent_path = message["path"]
        else:
            assert type(message["body"]) in {bytes, bytearray}
            answer.body += message["body"]

    options.setdefault("cache_control", "public, immutable")
    await send_file(scope, send, path=path, etag=TAG, content_type="audio/mp4", last_modified=modified, **options)
    assert [m["type"] for m in answer.messages].count("http.response.start") == 1
    assert not answer.messages[-1].get("more_body", False)
    if method == "GET" and answer.status not in {304} and answer.sent_path is None:
        assert int(answer.headers["content-length"]) == len(answer.body)
    return answer


def parts_of(answer: Answer) -> list[tuple[str, str, bytes]]:
    """Content-Range, Content-Type and body of each part, read by the standard library."""
    document = b"Content-Type: " + answer.headers["content-type"].encode() + b"\r\n\r\n" + answer.body
    message = email.message_from_bytes(document)
    assert message.is_multipart()
    assert not message.defects
    boundary = message.get_boundary()
    raw = answer.body.split(f"\r\n--{boundary}".encode())
    assert raw[0] == b""
    assert raw[-1] == b"--\r\n"
    bodies = [one.split(b"\r\n\r\n", 1)[1] for one in raw[1:-1]]
    heads = [(part["Content-Range"], part["Content-Type"]) for part in message.get_payload()]  # type: ignore[union-attr]
    return [(*head, body) for head, body in zip(heads, bodies, strict=True)]


async def test_the_whole_file(file: Path) -> None:
    answer = await ask(file)
    assert answer.status == 200
    assert answer.body == file.read_bytes()
    assert answer.headers == {
        "content-type": "audio/mp4",
        "content-length": str(SIZE),
        "etag": f'"{TAG}"',
        "cache-control": "public, immutable",
        "last-modified": http_date(MODIFIED),
        "accept-ranges": "bytes",
    }
    assert all(len(message.get("body", b"")) <= 1 << 20 for message in answer.messages)


async def test_the_server_sends_whole_files_itself(file: Path) -> None:
    answer = await ask(file, path_send=True)
    assert (answer.status, answer.sent_path, answer.body) == (200, str(file), b"")
    assert answer.headers["content-length"] == str(SIZE)
    answer = await ask(file, ("Range", "bytes=0-"), path_send=True)
    assert (answer.status, answer.sent_path, answer.body) == (206, str(file), b"")
    assert answer.headers["content-range"] == f"bytes 0-{SIZE - 1}/{SIZE}"
    answer = await ask(file, ("Range", "bytes=1-"), path_send=True)
    assert (answer.status, answer.sent_path) == (206, None)


async def test_head_says_the_same_without_a_body(file: Path) -> None:
    for headers in ([], [("Range", "bytes=0-9")], [("Range", f"bytes={SIZE}-")]):
        answer = await ask(file, *headers, method="HEAD", path_send=True)
        assert (answer.status, answer.body, answer.sent_path) == (200, b"", None)
        assert answer.headers == (await ask(file)).headers


@pytest.mark.parametrize(
    ("header", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=100-65635", 100, 65_636),
        ("bytes=-5", SIZE - 5, SIZE),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE),
        ("bytes=5-1048580", 5, 1_048_581),
        ("bytes=1-", 1, SIZE),
        (f"bytes=10-{SIZE * 9}", 10, SIZE),
        (f"bytes=-{SIZE * 9}", 0, SIZE),
        ("bytes=0-99,50-149", 0, 150),
        (f"bytes={SIZE}-,3-4,-0", 3, 5),
    ],
)
async def test_one_range(file: Path, header: str, start: int, stop: int) -> None:
    answer = await ask(file, ("Range", header))
    assert answer.status == 206
    assert answer.body == file.read_bytes()[start:stop]
    assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/{SIZE}"
    assert answer.headers["content-type"] == "audio/mp4"
    assert answer.headers["etag"] == f'"{TAG}"'
    if stop - start <= 1 << 20:
        assert len(answer.messages) == 2, "a small range is one message"


async def test_several_ranges(file: Path) -> None:
    data = file.read_bytes()
    answer = await ask(file, ("Range", "bytes=0-0, 1000-1999, -7, 1500-2500, 2000000-"))
    assert answer.status == 206
    assert "content-range" not in answer.headers
    assert parts_of(answer) == [
        (f"bytes 0-0/{SIZE}", "audio/mp4", data[:1]),
        (f"bytes 1000-2500/{SIZE}", "audio/mp4", data[1000:2501]),
        (f"bytes 2000000-{SIZE - 1}/{SIZE}", "audio/mp4", data[2_000_000:]),
    ]
    assert all(len(message.get("body", b"")) <= 1 << 20 for message in answer.messages)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, SIZE + 10), st.integers(0, 5000)), min_size=2, max_size=12),
)
async def test_any_ranges_carry_their_bytes(file: Path, wanted: list[tuple[int, int]]) -> None:
    header = "bytes=" + ",".join(f"{start}-{start + length}" for start, length in wanted)
    data = file.read_bytes()
    answer = await ask(file, ("Range", header))
    if answer.status == 206 and "content-range" not in answer.headers:
        found = parts_of(answer)
        assert len(found) > 1
    elif answer.status == 206:
        found = [(answer.headers["content-range"], "audio/mp4", answer.body)]
    else:
        assert answer.status == 416
        assert all(start >= SIZE for start, _ in wanted)
        return
    covered: set[int] = set()
    for content_range, _, body in found:
        start, stop = (int(part) for part in content_range.removeprefix("bytes ").split("/")[0].split("-"))
        assert body == data[start : stop + 1]
        covered |= set(range(start, stop + 1))
    assert covered == {at for start, length in wanted for at in range(start, min(start + length + 1, SIZE))}


@pytest.mark.parametrize("header", ["items=0-1", "bytes", "bytes=5-4", "bytes=a-", "bytes=0-1,5-4", "bytes=0-1;q=1"])
async def test_foreign_and_malformed_ranges_are_ignored(file: Path, header: str) -> None:
    answer = await ask(file, ("Range", header))
    assert (answer.status, len(answer.body)) == (200, SIZE)


async def test_too_many_ranges_and_two_headers_are_ignored(file: Path) -> None:
    many = "bytes=" + ",".join(f"{n * 10}-{n * 10}" for n in range(100))
    assert (await ask(file, ("Range", many))).status == 200
    assert (await ask(file, ("Range", "bytes=0-1"), ("Range", "bytes=2-3"))).status == 200


@pytest.mark.parametrize("header", [f"bytes={SIZE}-", "bytes=-0", f"bytes={SIZE}-{SIZE + 5},-0"])
async def test_unsatisfiable(file: Path, header: str) -> None:
    answer = await ask(file, ("Range", header))
    assert answer.status == 416
    assert answer.headers["content-range"] == f"bytes */{SIZE}"
    assert answer.headers["content-type"] == "application/problem+json"
    assert b'"code":"range_not_satisfiable"' in answer.body


async def test_an_empty_file(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    for headers in ([], [("Range", "bytes=-5")]):
        answer = await ask(empty, *headers, path_send=True)
        assert (answer.status, answer.body, answer.headers["content-length"]) == (200, b"", "0")
    assert (await ask(empty, ("Range", "bytes=0-"))).headers["content-range"] == "bytes */0"


OLDER, SAME, NEWER = (http_date(MODIFIED + seconds) for seconds in (-60, 0, 60))
RANGE = ("Range", "bytes=0-9")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        # If-Match: strong comparison, before everything else
        ([("If-Match", f'"{TAG}"')], 200),
        ([("If-Match", "*")], 200),
        ([("If-Match", f'"other", "{TAG}"')], 200),
        ([("If-Match", '"other"'), ("If-Match", f'"{TAG}"')], 200),
        ([("If-Match", '"other"')], 412),
        ([("If-Match", f'W/"{TAG}"')], 412),
        ([("If-Match", TAG)], 412),
        ([("If-Match", '"other"'), ("If-None-Match", f'"{TAG}"')], 412),
        ([("If-Match", f'"{TAG}"'), ("If-Unmodified-Since", OLDER)], 200),
        ([("If-Match", '"other"'), RANGE], 412),
        # If-Unmodified-Since
        ([("If-Unmodified-Since", OLDER)], 412),
        ([("If-Unmodified-Since", SAME)], 200),
        ([("If-Unmodified-Since", NEWER)], 200),
        ([("If-Unmodified-Since", "yesterday")], 200),
        # If-None-Match: weak comparison, wins over the date
        ([("If-None-Match", f'"{TAG}"')], 304),
        ([("If-None-Match", f'W/"{TAG}"')], 304),
        ([("If-None-Match", f'"a,b" , W/"{TAG}"')], 304),
        ([("If-None-Match", "*")], 304),
        ([("If-None-Match", '"other"')], 200),
        ([("If-None-Match", '"other"'), ("If-Modified-Since", NEWER)], 200),
        ([("If-None-Match", f'"{TAG}"'), RANGE], 304),
        # If-Modified-Since, in all three forms of a date
        ([("If-Modified-Since", OLDER)], 200),
        ([("If-Modified-Since", SAME)], 304),
        ([("If-Modified-Since", NEWER)], 304),
        ([("If-Modified-Since", "Tuesday, 14-Nov-23 22:13:20 GMT")], 304),
        ([("If-Modified-Since", "Tuesday, 14-Nov-23 22:13:19 GMT")], 200),
        ([("If-Modified-Since", "Tue Nov 14 22:13:20 2023")], 304),
        ([("If-Modified-Since", "Tue, 14 Nov 2023 22:13:20 +0000")], 200),
        ([("If-Modified-Since", "0")], 200),
        # If-Range: strong tag or exactly our date
        ([RANGE, ("If-Range", f'"{TAG}"')], 206),
        ([RANGE, ("If-Range", f'W/"{TAG}"')], 200),
        ([RANGE, ("If-Range", '"other"')], 200),
        ([RANGE, ("If-Range", SAME)], 206),
        ([RANGE, ("If-Range", OLDER)], 200),
        ([RANGE, ("If-Range", NEWER)], 200),
        ([RANGE, ("If-Range", "nonsense")], 200),
        ([("Range", f"bytes={SIZE}-"), ("If-Range", '"other"')], 200),
        ([("If-Range", f'"{TAG}"')], 200),
    ],
)
async def test_conditions(file: Path, headers: list[tuple[str, str]], status: int) -> None:
    answer = await ask(file, *headers)
    assert answer.status == status
    assert answer.headers["etag"] == f'"{TAG}"'
    if status == 304:
        assert answer.body == b""
        assert "content-type" not in answer.headers
        assert {"cache-control", "last-modified"} <= set(answer.headers)
    head = await ask(file, *headers, method="HEAD")
    assert head.status == (200 if status == 206 else status)
    assert head.body == b""


async def test_without_a_date_conditions_on_dates_do_not_count(file: Path) -> None:
    for name in ("If-Modified-Since", "If-Unmodified-Since"):
        answer = await ask(file, (name, OLDER), modified=None)
        assert answer.status == 200
        assert "last-modified" not in answer.headers
    assert (await ask(file, RANGE, ("If-Range", SAME), modified=None)).status == 200


async def test_downloads_carry_their_name(file: Path) -> None:
    answer = await ask(file, filename='Träume "live" / 夢.flac', extra_headers=[("X-Robots-Tag", "none")])
    assert answer.headers["content-disposition"] == (
        'attachment; filename="Tr_ume _live_ _ _.flac"; '
        "filename*=UTF-8''Tr%C3%A4ume%20%22live%22%20%2F%20%E5%A4%A2.flac"
    )
    assert answer.headers["x-robots-tag"] == "none"


async def test_other_methods_are_refused(file: Path) -> None:
    answer = await ask(file, method="POST")
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


async def test_nothing_is_sent_where_no_file_is(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        for headers in ([], [RANGE]):
            with pytest.raises(FileNotFoundError):
                await ask(path, *headers)


def open_descriptors(folder: Path) -> int:
    """Of files in this folder: what the tests before have left to be closed comes and goes by itself."""
    found = 0
    for number in os.listdir("/proc/self/fd"):
        with suppress(FileNotFoundError):  # what listed them was one of them
            found += os.readlink(f"/proc/self/fd/{number}").startswith(f"{folder}/")
    return found


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """Files that stay open belong to the test that asked for them."""
    opened.close_files()
    yield
    opened.close_files()


needs_proc = pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="descriptors are counted through /proc")


async def run_until(file: Path, stop_after: int, failure: BaseException | None, **options: Any) -> int:
    """Ask for nearly all; after some messages `send` fails or waits for ever. Answers how many were sent."""
    sent = 0
    stuck = asyncio.Event()

    async def send(message: Mapping[str, Any]) -> None:
        nonlocal sent
        sent += 1
        if sent == stop_after:
            if failure is not None:
                raise failure
            stuck.set()
            await asyncio.Event().wait()

    scope = {"type": "http", "method": "GET", "headers": [(b"range", b"bytes=1-")]}
    call = send_file(scope, send, path=file, etag=TAG, content_type="a/b", cache_control="no-store", **options)
    task = asyncio.ensure_future(call)
    if failure is None:
        await stuck.wait()
        task.cancel()
    await asyncio.wait([task])
    assert task.cancelled() or task.exception() is failure
    return sent


@needs_proc
@pytest.mark.parametrize("failure", [OSError("client gone"), None], ids=["error", "cancelled"])
async def test_no_descriptor_is_left_when_the_client_goes(file: Path, failure: BaseException | None) -> None:
    before = open_descriptors(file.parent)
    for stop_after in (1, 2, 3, 5):
        assert await run_until(file, stop_after, failure) == stop_after
    assert open_descriptors(file.parent) == before


@needs_proc
async def test_reading_ends_when_the_server_says_that_the_client_has_gone(file: Path) -> None:
    before = open_descriptors(file.parent)
    messages: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    await messages.put({"type": "http.request"})
    sent = 0

    async def send(message: Mapping[str, Any]) -> None:
        nonlocal sent
        sent += 1
        if sent == 4:
            await messages.put({"type": "http.disconnect"})
        await asyncio.sleep(0)

    scope = {"type": "http", "method": "GET", "headers": [(b"range", b"bytes=1-")]}
    await send_file(
        scope, send, path=file, etag=TAG, content_type="a/b", cache_control="no-store", receive=messages.get
    )
    assert sent < 8
    assert open_descriptors(file.parent) == before


@needs_proc
async def test_a_file_that_shrinks_breaks_the_answer(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(2_000_000))
    before = open_descriptors(tmp_path)
    sent: list[Mapping[str, Any]] = []

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)
        os.truncate(path, 300_000)

    scope = {"type": "http", "method": "GET", "headers": []}
    with pytest.raises(OSError, match="shorter") as caught:
        await send_file(scope, send, path=path, etag=TAG, content_type="a/b", cache_control="no-store")
    assert caught.value.errno == errno.EIO
    assert sent[-1]["more_body"]
    assert open_descriptors(tmp_path) == before


@needs_proc
async def test_a_file_asked_for_by_pieces_is_opened_once_and_is_the_one_at_its_path(tmp_path: Path) -> None:
    path, other = tmp_path / "file", tmp_path / "other"
    path.write_bytes(b"a" * 1000)
    before = open_descriptors(tmp_path)

    async def piece() -> bytes:
        sent: list[Mapping[str, Any]] = []

        async def send(message: Mapping[str, Any]) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "GET", "headers": [(b"range", b"bytes=10-19")]}
        await send_file(scope, send, path=path, etag=TAG, content_type="a/b", cache_control="no-store")
        return bytes(sent[1]["body"])

    assert [await piece() for _ in range(5)] == [b"a" * 10] * 5
    assert open_descriptors(tmp_path) == before + 1
    other.write_bytes(b"b" * 1000)
    os.replace(other, path)
    assert await piece() == b"b" * 10
    assert open_descriptors(tmp_path) == before + 1
    path.unlink()
    with pytest.raises(FileNotFoundError):
        await piece()
    opened.close_files()
    assert open_descriptors(tmp_path) == before


async def test_files_do_not_stay_open_in_numbers_nor_for_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [tmp_path / str(number) for number in range(opened.MOST + 5)]
    for path in paths:
        path.write_bytes(b"a")
        opened.open_file(str(path), path.stat())
    assert list(opened._kept) == [str(path) for path in paths[5:]]
    opened._close_idle(asyncio.get_running_loop(), str(paths[5]))
    assert str(paths[5]) in opened._kept  # asked for a moment ago

    opened.close_files()
    monkeypatch.setattr(opened, "IDLE_S", 0.0)
    file = opened.open_file(str(paths[0]), paths[0].stat())
    later = asyncio.Event()
    asyncio.get_running_loop().call_later(0.0, later.set)
    await later.wait()
    assert (file._closed, list(opened._kept)) == (True, [])


@needs_proc
async def test_what_is_not_in_memory_is_read_by_a_thread(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.preadv
    would_block = 0

    def preadv(fd: int, buffers: Any, offset: int, flags: int = 0, /) -> int:
        nonlocal would_block
        if flags:
            would_block += 1
            if offset % 3 == 0:
                raise BlockingIOError(errno.EAGAIN, "would block")
            return real(fd, [memoryview(buffers[0])[: len(buffers[0]) // 2]], offset)
        return real(fd, buffers, offset)

    monkeypatch.setattr(os, "preadv", preadv)
    before = open_descriptors(file.parent)
    answer = await ask(file, ("Range", "bytes=1-"))
    assert answer.body == file.read_bytes()[1:]
    assert would_block > 10
    assert open_descriptors(file.parent) == before
