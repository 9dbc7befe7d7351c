"""What was measured of a library's files is not forgotten when their tags change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from antiphon.adapters.codecs.fake import FakeCodecs
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import new_uuid
from tests.support.answers import rows
from tests.support.collection import sound_file
from tests.support.librarian import Librarian
from tests.support.people import good


class Meter(FakeCodecs):
    """Measures real files as it is told here, by their names without the number."""

    def __init__(self) -> None:
        super().__init__()
        self.lufs = {"Dawn": -8.0, "Noon": -12.0, "Dusk": -20.0}
        self.seconds = 2.0

    def _open(self, source: Path, operation: str) -> dict[str, Any]:
        self.calls.append(operation)
        lufs = self.lufs[source.stem[3:]]
        return {"seconds": self.seconds, "sample_rate": 44_100, "channels": 2, "bit_depth": 16, "lufs": lufs}


@pytest.fixture
def codecs() -> Meter:
    return Meter()


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    for number, title in enumerate(("Dawn", "Noon", "Dusk"), 1):
        write(folder / "Lark" / "Days" / f"{number:02d} {title}.flac")
    return folder


def write(path: Path, seconds: float = 2.0, **more: str) -> None:
    said = {"title": path.stem[3:], "artist": "Lark", "albumartist": "Lark", "album": "Days", **more}
    sound_file(path, seconds=seconds, **said)


async def gains(house: House) -> dict[str, tuple[float | None, float | None]]:
    """As apps are told, by the title in the name of the file: of the track, and of its album."""
    found = await rows(house.db, "SELECT path, track_gain, album_gain FROM catalog.track_files ORDER BY path")
    return {Path(row.path).stem[3:]: (row.track_gain, row.album_gain) for row in found}


async def hear(shelf: Librarian, title: str = "Noon") -> None:
    """The rest of its album is measured with it."""
    track = (await shelf.tracks())[title]
    good(await shelf.admin.post("/stream/play", json={"content_id": track["id"], "event_id": str(new_uuid())}))
    await shelf.make.settle()


def retag(music: Path, **more: str) -> None:
    """With so many words that the files grow."""
    for path in music.rglob("*.flac"):
        write(path, comment="Folk " * 5_000, **more)


async def test_a_scan_of_new_tags_keeps_what_was_measured(
    shelf: Librarian, music: Path, house: House, codecs: Meter
) -> None:
    await shelf.scan()
    assert set((await gains(house)).values()) == {(None, None)}
    await hear(shelf)
    measured = await gains(house)
    assert {title: track for title, (track, _) in measured.items()} == {"Dawn": -10.0, "Noon": -6.0, "Dusk": 2.0}
    assert len({album for _, album in measured.values()} - {None}) == 1
    retag(music)
    assert (await shelf.scan())["changed"] == 3
    assert await gains(house) == measured
    assert (await shelf.scan(full=True))["state"] == "done"
    assert await gains(house) == measured
    assert codecs.calls.count("analyse") == 3


async def test_tags_that_say_it_go_before_what_was_measured(shelf: Librarian, music: Path, house: House) -> None:
    await shelf.scan()
    await hear(shelf)
    retag(music, replaygain_track_gain="-3.50 dB", replaygain_track_peak="0.5", replaygain_album_gain="-4.00 dB")
    await shelf.scan()
    assert set((await gains(house)).values()) == {(-3.5, -4.0)}


async def test_other_sound_under_the_same_name_is_measured_anew(
    shelf: Librarian, music: Path, house: House, codecs: Meter
) -> None:
    await shelf.scan()
    await hear(shelf)
    before = await gains(house)
    write(music / "Lark" / "Days" / "01 Dawn.flac", seconds=4.0)
    await shelf.scan()
    assert (await gains(house))["Dawn"][0] is None
    codecs.lufs["Dawn"], codecs.seconds = -16.0, 4.0
    await hear(shelf, "Dawn")
    after = await gains(house)
    assert (after["Dawn"][0], after["Noon"][0]) == (-2.0, before["Noon"][0])
    assert len({album for _, album in after.values()}) == 1
    assert after["Noon"][1] != before["Noon"][1]


async def test_other_sound_of_the_same_length_counts_when_it_is_measured(
    shelf: Librarian, music: Path, house: House, codecs: Meter
) -> None:
    await shelf.scan()
    await hear(shelf)
    codecs.lufs["Dawn"] = -16.0
    retag(music)
    await shelf.scan()
    assert (await gains(house))["Dawn"][0] == -10.0
    await hear(shelf, "Dawn")
    assert (await gains(house))["Dawn"][0] == -2.0
