"""Files that can be made again: one at a time, never half of one, and no more than there is room for."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from antiphon.adapters.codecs.fake import FakeCodecs, fake_audio
from antiphon.adapters.objects.local import LocalStore
from antiphon.domains.media.errors import OriginalMissing, TooManyTranscodes
from antiphon.domains.media.ports import Transcode
from antiphon.domains.media.transcodes.cache import DiskCache
from antiphon.domains.media.transcodes.originals import Original
from antiphon.domains.media.transcodes.places import Places
from antiphon.domains.media.transcodes.sounds import GrowingFile, WholeFile
from antiphon.domains.media.transcodes.transcoder import Transcoder
from tests.support.clock import FrozenClock

MP3 = Transcode("mp3", 128)
NAME = "ab" * 32 + ".mp3"


@pytest.fixture
def original(tmp_path: Path) -> Original:
    path = tmp_path / "music" / "song.flac"
    path.parent.mkdir()
    path.write_bytes(fake_audio(seconds=100.0))
    return Original(
        UUID(int=1), "song.flac", path.parent, path, None, "flac", "audio/flac", "flac", 1, 900, 44_100, 2, 100_000
    )


def process(tmp_path: Path, codecs: FakeCodecs, clock: FrozenClock, limit: int = 10**9) -> Transcoder:
    """Of the same machine: they share nothing but the folder."""
    cache = DiskCache(tmp_path / "cache", limit, clock)
    return Transcoder(codecs, LocalStore(tmp_path / "objects"), cache, Places(2))


async def heard(pieces: AsyncGenerator[bytes, None]) -> bytes:
    return b"".join([piece async for piece in pieces])


async def test_another_process_listens_in(tmp_path: Path, original: Original, clock: FrozenClock) -> None:
    ours, theirs = FakeCodecs(), FakeCodecs()
    ours.pace.clear()
    first = await process(tmp_path, ours, clock).open(original, MP3, "ada")
    second = await process(tmp_path, theirs, clock).open(original, MP3, "eve")
    assert isinstance(first, GrowingFile)
    assert isinstance(second, GrowingFile)
    assert first.pieces is not None
    assert second.pieces is not None
    both = asyncio.gather(heard(first.pieces()), heard(second.pieces()))
    ours.pace.set()
    mine, hers = await both
    assert mine == hers
    assert len(mine) == 100 * 128 * 125
    assert theirs.calls == []


async def test_a_process_that_dies_leaves_nothing_and_the_other_goes_on(
    tmp_path: Path, original: Original, clock: FrozenClock
) -> None:
    ours, theirs = FakeCodecs(), FakeCodecs()
    ours.pace.clear()
    dying = process(tmp_path, ours, clock)
    assert isinstance(await dying.open(original, MP3, "ada"), GrowingFile)
    second = await process(tmp_path, theirs, clock).open(original, MP3, "eve")
    assert isinstance(second, GrowingFile)
    assert second.pieces is not None
    pieces = second.pieces()
    begin = await anext(pieces)
    await dying.close()
    whole = begin + await heard(pieces)
    assert len(whole) == 100 * 128 * 125
    assert theirs.calls == ["transcode"]
    again = await process(tmp_path, FakeCodecs(), clock).open(original, MP3, "ada")
    assert isinstance(again, WholeFile)
    assert again.path.read_bytes() == whole


async def test_who_has_gone_is_not_encoded_for(
    tmp_path: Path, original: Original, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("antiphon.domains.media.transcodes.encode._GRACE_S", 0.0)
    codecs = FakeCodecs()
    codecs.pace.clear()
    transcoder = process(tmp_path, codecs, clock)
    sound = await transcoder.open(original, MP3, "ada")
    assert isinstance(sound, GrowingFile)
    assert sound.pieces is not None
    pieces = sound.pieces()
    await anext(pieces)
    (encode,) = transcoder._making.values()
    await pieces.aclose()
    await asyncio.wait([encode.task])
    assert encode.task.cancelled()


async def test_what_nobody_hears_any_more_is_in_nobodys_way(
    tmp_path: Path, original: Original, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("antiphon.domains.media.transcodes.encode._GRACE_S", 600.0)
    codecs = FakeCodecs()
    codecs.pace.clear()
    transcoder = process(tmp_path, codecs, clock)
    transcoder.places = Places(1)
    (tmp_path / "music" / "other.flac").write_bytes(fake_audio(seconds=100.0))
    other = replace(original, track_id=UUID(int=2), path=tmp_path / "music" / "other.flac")
    sound = await transcoder.open(original, MP3, "ada")
    assert isinstance(sound, GrowingFile)
    assert sound.pieces is not None
    pieces = sound.pieces()
    await anext(pieces)
    waiting = asyncio.create_task(transcoder.open(other, MP3, "eve"))
    await asyncio.sleep(0)
    assert not waiting.done()
    await pieces.aclose()
    async with asyncio.timeout(60):
        assert isinstance(await waiting, GrowingFile)
    assert codecs.calls == ["transcode", "transcode"]
    await transcoder.close()


async def test_a_name_is_found_when_it_is_whole(tmp_path: Path, clock: FrozenClock) -> None:
    cache = DiskCache(tmp_path, 10**9, clock)
    part = cache.begin(NAME)
    assert part is not None
    part.path.write_bytes(b"half")
    assert cache.find(NAME) is None
    assert cache.begin(NAME) is None
    assert cache.making(NAME)
    part.keep()
    assert cache.find(NAME) is not None
    assert not cache.making(NAME)
    lost = cache.begin("cd" * 32)
    assert lost is not None
    lost.drop()
    assert [path.name for path in tmp_path.rglob("*.*")] == [NAME]


async def test_a_small_file_is_there_whoever_else_is_making_it(tmp_path: Path, clock: FrozenClock) -> None:
    ours, theirs = DiskCache(tmp_path, 10**9, clock), DiskCache(tmp_path, 10**9, clock)
    part = ours.begin(NAME)
    assert part is not None
    assert theirs.put(NAME, b"whole").read_bytes() == b"whole"
    part.path.write_bytes(b"whole")
    part.keep()
    assert theirs.put(NAME, b"whole").read_bytes() == b"whole"
    assert [path.name for path in tmp_path.rglob("*.*")] == [NAME]


async def test_what_nobody_asked_for_longest_goes_first(tmp_path: Path, clock: FrozenClock) -> None:
    cache = DiskCache(tmp_path, 2500, clock)
    now = clock.now().timestamp()
    for number in range(5):
        path = cache.put(f"{number}{number}" * 32, bytes(1000))
        os.utime(path, (now - 10_000 + number * 1000, now - 50_000))
    assert cache.find("00" * 32) is not None  # used now
    assert cache.trim() == 3
    assert {path.name[0] for path in tmp_path.glob("??/*")} == {"0", "4"}


async def test_places_are_given_in_turn_and_a_full_queue_says_so() -> None:
    places, order = Places(1, most_waiting=3), list[str]()
    leave = asyncio.Event()

    async def work(who: str) -> None:
        async with places.place(who):
            order.append(who)
            await leave.wait()

    tasks = [asyncio.ensure_future(work("ada"))]
    for who in ("ada", "ada", "eve"):
        await asyncio.sleep(0)
        tasks.append(asyncio.ensure_future(work(who)))
    await asyncio.sleep(0)
    with pytest.raises(TooManyTranscodes) as refused:
        await work("bob")
    assert refused.value.headers == {"Retry-After": "5"}
    leave.set()
    await asyncio.gather(*tasks)
    assert sorted(order) == ["ada", "ada", "ada", "eve"]
    with pytest.raises(TooManyTranscodes):
        await _too_late()


async def _too_late() -> None:
    places = Places(1, patience_s=0.0)
    async with places.place("ada"), places.place("eve"):
        pass


async def test_a_file_that_is_swapped_for_a_link_is_looked_at_anew(
    tmp_path: Path, original: Original, clock: FrozenClock
) -> None:
    transcoder = process(tmp_path, FakeCodecs(), clock)
    assert original.path is not None
    first = await transcoder.open(original, None, "ada")
    assert await transcoder.open(original, None, "ada") == first
    original.path.write_bytes(fake_audio(seconds=90.0))
    changed = await transcoder.open(original, None, "ada")
    assert isinstance(first, WholeFile)
    assert isinstance(changed, WholeFile)
    assert changed.etag != first.etag
    outside = tmp_path / "outside.flac"
    original.path.rename(outside)
    original.path.symlink_to(outside)
    with pytest.raises(OriginalMissing):
        await transcoder.open(original, None, "ada")
    original.path.unlink()
    with pytest.raises(OriginalMissing):
        await transcoder.open(original, None, "ada")
