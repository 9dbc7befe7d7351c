"""What is particular to one store: files on disk, a bucket that fails, the URL that chooses."""

from __future__ import annotations

import errno
import inspect
import os
import tempfile
import time
from pathlib import Path

import obstore.exceptions
import pytest

from antiphon.adapters.objects import open_store
from antiphon.adapters.objects.errors import (
    FILE_ERRORS,
    StorageFull,
    StorageRefused,
    StorageUnavailable,
    translated,
)
from antiphon.adapters.objects.local import LocalStore
from antiphon.adapters.objects.memory import MemoryStore
from antiphon.adapters.objects.s3 import STORAGE_ERRORS, S3Store
from antiphon.kit.errors import AppError
from antiphon.kit.settings import SettingsError


def test_every_error_of_the_client_is_translated() -> None:
    exported = {kind for _, kind in inspect.getmembers(obstore.exceptions, inspect.isclass)}
    assert len(exported) >= 12
    assert exported - set(STORAGE_ERRORS) == set()
    for kind in exported:
        with pytest.raises(AppError) as caught, translated("a", STORAGE_ERRORS):
            raise kind("why")
        assert isinstance(caught.value, STORAGE_ERRORS[kind])
        assert isinstance(caught.value.__cause__, kind)


@pytest.mark.parametrize(
    ("number", "kind"), [("ENOSPC", StorageFull), ("EACCES", StorageRefused), ("EIO", StorageUnavailable)]
)
def test_errors_of_the_disk_are_sorted_by_what_to_do(number: str, kind: type[AppError]) -> None:
    with pytest.raises(kind), translated("a", FILE_ERRORS):
        raise OSError(getattr(errno, number), number)


async def test_local_files_are_moved_readable_by_the_group_and_leave_nothing_behind(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "store")
    (tmp_path / "source").write_bytes(b"abc")
    inode = (tmp_path / "source").stat().st_ino
    await store.put_file("x/y/z", tmp_path / "source")
    await store.put_bytes("x/y/w", b"abc")
    for name in ("z", "w"):
        assert (tmp_path / "store/x/y" / name).stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "store/x/y/z").stat().st_ino == inode
    assert list((tmp_path / "store/.incoming").iterdir()) == []


@pytest.mark.skipif(not os.path.isdir("/dev/shm"), reason="no second file system at hand")
async def test_local_copies_across_file_systems(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "store")
    with tempfile.TemporaryDirectory(dir="/dev/shm") as other:
        source = Path(other, "source")
        source.write_bytes(b"abc" * 1_000_000)
        await store.put_file("x/y", source)
        assert not source.exists()
    assert await store.read("x/y") == b"abc" * 1_000_000
    assert list((tmp_path / "store/.incoming").iterdir()) == []


async def test_local_readers_keep_what_they_opened(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    await store.put_bytes("a", b"old")
    with open(tmp_path / "a", "rb") as file:
        await store.put_bytes("a", b"new and longer")
        assert file.read() == b"old"


def test_local_sweeps_what_a_crash_left(tmp_path: Path) -> None:
    LocalStore(tmp_path)
    for name, age_s in (("old", 100_000), ("young", 10)):
        (tmp_path / ".incoming" / name).write_bytes(b"half")
        os.utime(tmp_path / ".incoming" / name, (time.time() - age_s,) * 2)
    LocalStore(tmp_path)
    assert [path.name for path in (tmp_path / ".incoming").iterdir()] == ["young"]


async def test_local_says_when_it_cannot_write(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    (tmp_path / ".incoming").rmdir()
    (tmp_path / ".incoming").write_bytes(b"in the way")
    with pytest.raises(AppError):
        await store.check()
    with pytest.raises(AppError):
        await store.put_bytes("a", b"a")


async def test_a_bucket_that_is_not_there(s3_endpoint: str, s3_url: str, tmp_path: Path) -> None:
    store = open_store(f"s3://no-such-bucket?endpoint={s3_endpoint}&region=us-east-1", tmp_path)
    with pytest.raises(AppError):
        await store.check()


async def test_a_prefix_keeps_stores_apart(s3_url: str, tmp_path: Path) -> None:
    one, two = open_store(s3_url, tmp_path), open_store(s3_url.replace("some/prefix", "some/pre"), tmp_path)
    await one.put_bytes("a", b"one")
    await two.put_bytes("a", b"two")
    assert await one.read("a") == b"one"
    assert [key async for key in two.list("")] == ["a"]


def test_the_url_chooses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for url in (None, ""):
        store = open_store(url, tmp_path)
        assert isinstance(store, LocalStore)
        assert store.path("a") == tmp_path / "objects" / "a"
    assert open_store(f"file://{tmp_path}/with%20space", tmp_path).path("a") == tmp_path / "with space" / "a"
    assert isinstance(open_store("memory://", tmp_path), MemoryStore)
    assert isinstance(open_store("s3://bucket", tmp_path), S3Store)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a/b",
        "s3://",
        "s3://bucket?colour=red",
        "s3://user:secret@bucket",
        "file://host/path",
        "/path",
        "s3://b?x",
    ],
)
def test_other_urls_are_refused_with_a_word_on_what_would_do(url: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ANTIPHON_STORAGE_URL"):
        open_store(url, tmp_path)
