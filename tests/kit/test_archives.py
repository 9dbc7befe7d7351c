"""Archives: what is written can be read by anybody, what strangers bring is checked before it is unpacked."""

from __future__ import annotations

import io
import os
import stat
import struct
import tracemalloc
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.kit.archives import ArchiveLimits, ArchiveReader, ArchiveRefused, ArchiveWriter

AT = datetime(2026, 11, 25, 12, 30, 10, tzinfo=UTC)
LIMITS = ArchiveLimits(files=10, unpacked=1 << 20, directory=1 << 16, small=1000, line=100)


async def lines_of(*lines: bytes) -> AsyncIterator[bytes]:
    for line in lines:
        yield line


def packed(path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def refusal(path: Path, limits: ArchiveLimits = LIMITS) -> str:
    with pytest.raises(ArchiveRefused) as caught:
        ArchiveReader(path, limits)
    return caught.value.reason


async def test_what_is_written_can_be_read_by_any_program(tmp_path: Path) -> None:
    sound = tmp_path / "sound.wav"
    sound.write_bytes(bytes(range(256)) * 8192)
    heard: list[int] = []

    async def copied(count: int) -> None:
        heard.append(count)

    async with ArchiveWriter(tmp_path / "new" / "made.zip", AT) as archive:
        await archive.text("README.txt", "Grüße")
        assert await archive.lines("data/rows.jsonl", lines_of(b'{"a":1}', b'{"a":2}')) == 2
        await archive.file("media/sound.wav", sound, copied)
    assert sum(heard) == 256 * 8192
    with zipfile.ZipFile(tmp_path / "new" / "made.zip") as read:
        assert read.testzip() is None
        assert read.namelist() == ["README.txt", "data/rows.jsonl", "media/sound.wav"]
        assert read.read("README.txt").decode() == "Grüße"
        assert read.read("data/rows.jsonl") == b'{"a":1}\n{"a":2}\n'
        assert read.read("media/sound.wav") == sound.read_bytes()
        packing = {info.filename: info.compress_type for info in read.infolist()}
        assert packing["media/sound.wav"] == zipfile.ZIP_STORED
        assert packing["data/rows.jsonl"] == zipfile.ZIP_DEFLATED
        assert read.infolist()[0].date_time == (2026, 11, 25, 12, 30, 10)


async def test_a_file_that_has_gone_leaves_no_entry(tmp_path: Path) -> None:
    async def copied(_count: int) -> None:
        raise AssertionError

    async with ArchiveWriter(tmp_path / "made.zip", AT) as archive:
        with pytest.raises(FileNotFoundError):
            await archive.file("media/gone.wav", tmp_path / "gone.wav", copied)
    assert zipfile.ZipFile(tmp_path / "made.zip").namelist() == []


async def begun(path: Path) -> None:
    """One part is kept, one is not, and the process is gone in the middle of a third."""
    async with ArchiveWriter(path, AT) as archive:
        assert list(archive.notes) == []
        await archive.text("kept.txt", "Grüße")
        await archive.keep("how far")
        await archive.text("lost.txt", "so much that it is longer than what comes in its place")
    with path.open("ab") as file:
        file.write(b"PK\x03\x04 and half of a file")


async def test_what_was_kept_outlives_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "made.zip"
    await begun(path)
    with path.with_suffix(".kept").open("ab") as ledger:
        ledger.write(b'{"size":12,"entr')
    for word in ("one", "two"):
        async with ArchiveWriter(path, AT) as archive:
            assert archive.notes[0] == "how far"
            assert (archive.has("kept.txt"), archive.has("lost.txt")) == (True, False)
            await archive.text(f"{word}.txt", word)
            await archive.keep()
    with zipfile.ZipFile(path) as read:
        assert read.testzip() is None
        assert read.namelist() == ["kept.txt", "one.txt", "two.txt"]
        assert [read.read(name).decode() for name in read.namelist()] == ["Grüße", "one", "two"]
    ArchiveWriter.discard(path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", [None, 0, 20])
async def test_a_ledger_without_its_archive_is_worth_nothing(tmp_path: Path, size: int | None) -> None:
    path = tmp_path / "made.zip"
    await begun(path)
    if size is None:
        path.unlink()
    else:
        os.truncate(path, size)
    async with ArchiveWriter(path, AT) as archive:
        assert list(archive.notes) == []
        await archive.text("new.txt", "new")
        await archive.keep()
    async with ArchiveWriter(path, AT) as archive:
        assert archive.has("new.txt")
    assert zipfile.ZipFile(path).namelist() == ["new.txt"]


def test_an_honest_archive_is_read(tmp_path: Path) -> None:
    reader = ArchiveReader(packed(tmp_path / "a.zip", {"data/x.jsonl": b"1\n\n2\n3", "m.bin": b"sound"}), LIMITS)
    assert list(reader.lines("data/x.jsonl")) == [b"1\n", b"2\n", b"3"]
    assert list(reader.lines("data/none.jsonl")) == []
    assert reader.has("m.bin")
    assert not reader.has("none")
    reader.unpack("m.bin", tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == b"sound"
    assert reader.read("m.bin", 5) == b"sound"
    with pytest.raises(ArchiveRefused):
        reader.read("m.bin", 4)
    reader.close()


@pytest.mark.parametrize(
    "name", ["../evil", "a/../../evil", "/etc/passwd", "..", "a/./b", "C:evil", "a\\..\\evil", "a\nb", "//host/x"]
)
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    info = zipfile.ZipInfo("placeholder")
    info.filename = name
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(info, b"x")
    assert refusal(tmp_path / "a.zip") == "unsafe_name"


def test_links_are_refused(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("link")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(info, b"/etc/passwd")
    assert refusal(tmp_path / "a.zip") == "unsafe_name"


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    assert refusal(packed(tmp_path / "a.zip", {"bomb": bytes(900_000)})) == "bomb"


def test_too_much_is_refused(tmp_path: Path) -> None:
    many = packed(tmp_path / "many.zip", {f"f{n}": b"x" for n in range(11)})
    assert refusal(many) == "too_many_files"
    large = packed(tmp_path / "large.zip", {f"f{n}": bytes(200_000) for n in range(6)}, zipfile.ZIP_STORED)
    assert refusal(large) == "too_large"


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("same", b"1")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("same", b"2")
    assert refusal(tmp_path / "a.zip") == "same_name_twice"


def test_encrypted_and_foreign_packing_are_refused(tmp_path: Path) -> None:
    data = bytearray(packed(tmp_path / "a.zip", {"x": b"secret"}, zipfile.ZIP_STORED).read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    (tmp_path / "locked.zip").write_bytes(data)
    assert refusal(tmp_path / "locked.zip") == "encrypted"
    assert refusal(packed(tmp_path / "lzma.zip", {"x": b"y"}, zipfile.ZIP_LZMA)) == "unknown_compression"


def test_a_table_of_contents_that_says_it_is_huge_is_not_loaded(tmp_path: Path) -> None:
    data = bytearray(packed(tmp_path / "a.zip", {"x": b"y"}).read_bytes())
    at = data.rindex(b"PK\x05\x06")
    struct.pack_into("<L", data, at + 12, 1 << 30)
    (tmp_path / "a.zip").write_bytes(data)
    assert refusal(tmp_path / "a.zip") == "too_many_files"


def test_lies_about_size_and_content_are_found_while_reading(tmp_path: Path) -> None:
    data = packed(tmp_path / "a.zip", {"x": b"0123456789" * 20}, zipfile.ZIP_STORED).read_bytes()
    (tmp_path / "a.zip").write_bytes(data.replace(b"0123456789", b"0123456780", 1))
    reader = ArchiveReader(tmp_path / "a.zip", LIMITS)
    with pytest.raises(ArchiveRefused) as caught:
        reader.unpack("x", tmp_path / "out")
    assert caught.value.reason == "not_a_zip"
    reader.close()


def test_a_line_without_end_is_not_read_to_its_end(tmp_path: Path) -> None:
    reader = ArchiveReader(packed(tmp_path / "a.zip", {"x": b"ok\n" + b"0" * 150}), LIMITS)
    lines = reader.lines("x")
    assert next(lines) == b"ok\n"
    with pytest.raises(ArchiveRefused) as caught:
        next(lines)
    assert caught.value.reason == "line_too_long"
    reader.close()


@given(st.binary(max_size=600))
def test_noise_is_no_archive(tmp_path_factory: pytest.TempPathFactory, noise: bytes) -> None:
    path = tmp_path_factory.mktemp("noise") / "a.zip"
    path.write_bytes(noise)
    assert refusal(path) == "not_a_zip"


@given(st.integers(0, 400), st.integers(0, 255))
def test_one_wrong_byte_is_read_right_or_refused(tmp_path_factory: pytest.TempPathFactory, at: int, value: int) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data/x.jsonl", b"one\ntwo\n")
        archive.writestr("m", b"sound")
    data = bytearray(buffer.getvalue())
    data[at % len(data)] = value
    path = tmp_path_factory.mktemp("broken") / "a.zip"
    path.write_bytes(data)
    try:
        reader = ArchiveReader(path, LIMITS)
    except ArchiveRefused:
        return
    try:
        for name in ("data/x.jsonl", "m"):
            if reader.has(name):
                assert reader.read(name, 1000) in {b"one\ntwo\n", b"sound"}
    except ArchiveRefused:
        pass
    finally:
        reader.close()


async def test_memory_stays_small_however_large_the_file(tmp_path: Path) -> None:
    large = tmp_path / "large.wav"
    with large.open("wb") as file:
        for number in range(64):
            file.write(bytes([number]) * (1 << 20))

    async def copied(_count: int) -> None: ...

    async def many() -> AsyncIterator[bytes]:
        for number in range(50_000):
            yield b'{"number":%d,"text":"%s"}' % (number, b"x" * 100)

    tracemalloc.start()
    try:
        async with ArchiveWriter(tmp_path / "made.zip", AT) as archive:
            await archive.lines("data/rows.jsonl", many())
            await archive.file("media/large.wav", large, copied)
        reader = ArchiveReader(tmp_path / "made.zip", ArchiveLimits())
        assert sum(1 for _ in reader.lines("data/rows.jsonl")) == 50_000
        reader.unpack("media/large.wav", tmp_path / "out.wav")
        reader.close()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 << 20
    assert (tmp_path / "out.wav").stat().st_size == 64 << 20
