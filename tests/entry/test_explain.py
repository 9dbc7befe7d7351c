"""`antiphon explain playback`: the decision and its reasons, for an operator."""

from __future__ import annotations

from pathlib import Path

import pytest

from antiphon.adapters.codecs.fake import fake_audio
from antiphon.entry.bootstrap import House
from antiphon.entry.cli import explain
from tests.support.people import Maker
from tests.support.shelf import Shelf


async def test_reasons_are_told_in_words(
    house: House, make: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shelf = await Shelf.put_up(house.db, tmp_path / "music", access="members")
    track = await shelf.add("song.flac", data=fake_audio(seconds=10.0))
    ada = await make.person()
    monkeypatch.setattr(explain, "opened", lambda _: _Open(house))

    async def told(
        person: str, client: str = "any", max_kbps: int | None = None, track_id: str = track.id
    ) -> tuple[int, str]:
        code = await explain.playback_of(house.settings, person, track_id, client, max_kbps, None)
        return code, capsys.readouterr().out

    code, said = await told(ada.handle)
    assert (code, "direct\n  original_fits:" in said) == (0, True)
    code, said = await told(ada.handle, "mp3", 128)
    assert (code, "transcode: mp3, 128 kbit/s" in said, "bitrate_above_limit:" in said) == (0, True, True)
    upload = await make.track(ada, await make.artist(ada), audio=fake_audio(seconds=10.0))
    code, said = await told(ada.handle, "mp3", track_id=upload["id"])
    assert (code, "transcode: mp3_320, mp3, 320 kbit/s" in said, "made_beforehand:" in said) == (0, True, True)
    code, said = await told("guest")
    assert (code, "refuse: guest does not see this track." in said) == (1, True)


class _Open:
    def __init__(self, house: House) -> None:
        self.house = house

    async def __aenter__(self) -> House:
        return self.house

    async def __aexit__(self, *_: object) -> None:
        return None
