"""The catalogue knows what the file of an upload is."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from antiphon.adapters.codecs.fake import fake_audio
from antiphon.entry.bootstrap import House
from tests.support.people import Maker


async def told(house: House) -> list[dict[str, Any]]:
    async with house.db.system() as uow:
        rows = await uow.conn.execute(text("SELECT * FROM catalog.track_files"))
        return [dict(row._mapping) for row in rows]


async def test_an_upload_is_told_and_told_again_where_it_was_not(make: Maker, house: House) -> None:
    ada = await make.person()
    album = await make.album(ada, artist := await make.artist(ada))
    audio = fake_audio(seconds=100.0, lufs=-11.0)
    await make.track(ada, artist, audio=audio, album_id=album["id"])
    (file,) = await told(house)
    assert (file["path"], file["suffix"], file["mime"]) == ("song.wav", "wav", "audio/wav")
    assert (file["codec"], file["bytes"], file["bit_depth"]) == ("pcm_s16le", len(audio), 16)
    assert (file["bitrate_kbps"], file["sample_rate"], file["channels"]) == (1411, 44_100, 2)
    assert file["track_gain"] == pytest.approx(-7.0)
    assert file["track_peak"] == pytest.approx(10 ** (-1 / 20), abs=1e-5)
    assert file["album_gain"] == pytest.approx(-7.0, abs=0.1)
    async with house.db.system() as uow:
        await uow.conn.execute(text("DELETE FROM catalog.track_files"))
        uow.defer("media.tell_files")
    await make.settle()
    (again,) = await told(house)
    assert again == file | {"album_gain": None, "album_peak": None}
