"""What every object store does alike."""

from __future__ import annotations

import hashlib
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from antiphon.adapters.objects.errors import StorageMisused
from antiphon.domains.media.errors import ObjectMissing
from antiphon.domains.media.ports import ObjectStore


def blob(data: bytes) -> str:
    digest = hashlib.sha256(data).hexdigest()
    return f"blobs/{digest[:2]}/{digest[2:4]}/{digest}"


@pytest.mark.parametrize("data", [b"", b"x", bytes(range(256)) * 40_000], ids=["empty", "tiny", "10 MB"])
async def test_a_file_is_stored_whole_and_consumed(store: ObjectStore, tmp_path: Path, data: bytes) -> None:
    source = tmp_path / "source"
    source.write_bytes(data)
    await store.put_file(blob(data), source)
    assert not source.exists()
    assert await store.read(blob(data)) == data
    assert (await store.info(blob(data))).size == len(data)
    async with store.local_file(blob(data)) as path:
        assert path.read_bytes() == data


async def test_storing_again_replaces(store: ObjectStore, tmp_path: Path) -> None:
    for data in (b"one", b"one", b"two two"):
        (tmp_path / "source").write_bytes(data)
        await store.put_file("a/b.txt", tmp_path / "source")
        assert await store.read("a/b.txt") == data
        await store.put_bytes("a/c.txt", data)
        assert await store.read("a/c.txt") == data


async def test_a_missing_source_stores_nothing(store: ObjectStore, tmp_path: Path) -> None:
    with pytest.raises(ObjectMissing):
        await store.put_file("a", tmp_path / "nowhere")
    assert [key async for key in store.list("")] == []


async def test_the_tag_of_a_blob_is_its_hash_others_change_with_the_content(store: ObjectStore) -> None:
    await store.put_bytes(blob(b"abc"), b"abc")
    assert (await store.info(blob(b"abc"))).etag == hashlib.sha256(b"abc").hexdigest()
    await store.put_bytes("a", b"abc")
    first = await store.info("a")
    assert first == await store.info("a")
    assert first.etag
    assert '"' not in first.etag
    await store.put_bytes("a", b"abd")
    assert (await store.info("a")).etag != first.etag


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.integers(0, 40), length=st.none() | st.integers(0, 40))
async def test_reads_ranges(store: ObjectStore, start: int, length: int | None) -> None:
    data = b"abcdefghijklmnopqrstuvwxyz"
    await store.put_bytes("letters", data)
    assert await store.read("letters", start, length) == data[start : None if length is None else start + length]


async def test_negative_ranges_are_a_fault(store: ObjectStore) -> None:
    await store.put_bytes("a", b"a")
    with pytest.raises(ValueError, match="negative"):
        await store.read("a", -1)
    with pytest.raises(ValueError, match="negative"):
        await store.read("a", 0, -1)


async def test_missing_objects_are_said_to_be_missing(store: ObjectStore) -> None:
    await store.put_bytes("folder/a", b"a")
    for key in ("nothing", "folder", "folder/b", "folder/a/b", blob(b"nothing")):
        with pytest.raises(ObjectMissing):
            await store.info(key)
        for length in (None, 0, 5):
            with pytest.raises(ObjectMissing):
                await store.read(key, 0, length)
        with pytest.raises(ObjectMissing):
            async with store.local_file(key):
                pass


async def test_deletes_once_and_again(store: ObjectStore) -> None:
    await store.put_bytes("folder/a", b"a")
    await store.delete("folder/a")
    await store.delete("folder/a")
    await store.delete("never/was")
    with pytest.raises(ObjectMissing):
        await store.info("folder/a")


async def test_lists_by_any_prefix(store: ObjectStore) -> None:
    keys = {"a/b/one", "a/b/two", "a/bc/three", "a/four", "b"}
    for key in keys:
        await store.put_bytes(key, b"")
    for prefix in ("", "a", "a/", "a/b", "a/b/", "a/b/o", "b", "c", "c/d"):
        assert {key async for key in store.list(prefix)} == {key for key in keys if key.startswith(prefix)}


async def test_a_local_copy_survives_the_deletion_while_it_is_open(store: ObjectStore) -> None:
    await store.put_bytes("a", b"abc")
    async with store.local_file("a") as path:
        with open(path, "rb") as file:
            await store.delete("a")
            assert file.read() == b"abc"


HOSTILE = [
    "",
    "/",
    "/a",
    "a/",
    "a//b",
    ".",
    "..",
    "../a",
    "a/../b",
    "a/./b",
    ".incoming/a",
    "a/.b",
    "a\\b",
    "a\nb",
    "a\0b",
    "ä",
    "a b",
    "a%2e",
    "a" * 201,
    "/".join(["a" * 100] * 6),
    "-a",
]


@pytest.mark.parametrize("key", HOSTILE)
async def test_hostile_keys_are_refused_by_every_door(store: ObjectStore, tmp_path: Path, key: str) -> None:
    (tmp_path / "source").write_bytes(b"a")
    with pytest.raises(StorageMisused):
        await store.put_file(key, tmp_path / "source")
    assert (tmp_path / "source").exists()
    with pytest.raises(StorageMisused):
        await store.put_bytes(key, b"a")
    with pytest.raises(StorageMisused):
        await store.info(key)
    with pytest.raises(StorageMisused):
        await store.read(key)
    with pytest.raises(StorageMisused):
        await store.delete(key)
    with pytest.raises(StorageMisused):
        store.path(key)
    with pytest.raises(StorageMisused):
        async with store.local_file(key):
            pass


async def test_a_file_of_its_own_or_a_link_or_neither(store: ObjectStore) -> None:
    data = bytes(range(100))
    await store.put_bytes("a/b", data)
    path, url = store.path("a/b"), await store.redirect_url("a/b", 60)
    assert path is None or url is None
    if path is not None:
        assert path.read_bytes() == data
    if url is not None:
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            answer = await client.get(url, headers={"Range": "bytes=10-19"})
        assert (answer.status_code, answer.content) == (206, data[10:20])


async def test_the_check_leaves_nothing(store: ObjectStore) -> None:
    await store.check()
    assert [key async for key in store.list("")] == []
