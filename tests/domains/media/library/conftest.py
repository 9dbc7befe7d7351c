"""An administrator, and a small album on the disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from antiphon.entry.bootstrap import House
from tests.support.collection import sound_file
from tests.support.librarian import Librarian, administrator, librarian_of
from tests.support.people import Maker, Person


@pytest.fixture
async def admin(make: Maker, house: House) -> Person:
    return await administrator(make, house)


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    for number, title in enumerate(("Dawn", "Noon", "Dusk"), 1):
        path = folder / "Lark" / "Days" / f"{number:02d} {title}.flac"
        genres = ["Folk", "Ambient"]
        said = {"title": title, "artist": "Lark", "album": "Days", "tracknumber": str(number), "date": "2001-02-03"}
        sound_file(path, **said, albumartist="Lark", genre=genres)
    return folder


@pytest.fixture
async def shelf(admin: Person, make: Maker, music: Path) -> Librarian:
    return await librarian_of(admin, make, music, access="everyone")
