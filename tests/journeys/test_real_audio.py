"""Real sound through the real codecs and the front door: every format plays, what is broken says so."""

from __future__ import annotations

import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from io import BytesIO
from pathlib import Path

import httpx
import numpy as np
import pytest

from antiphon.adapters.codecs.local import LocalCodecs
from antiphon.adapters.objects.local import LocalStore
from antiphon.domains.identity.api import PasswordHasher
from antiphon.entry.bootstrap import House, build
from antiphon.kit.settings import Settings
from tests.conftest import CHEAP
from tests.support.answers import refused
from tests.support.audio import png, samples_of, tone, transcode, write_wav
from tests.support.clock import FrozenClock
from tests.support.people import Maker

SECONDS = 1.0
LOSSLESS = {"wav", "flac", "alac.m4a", "wv", "aiff", "tta", "mka", "caf", "au", "w64"}
FORMATS = [*sorted(LOSSLESS), "mp3", "m4a", "ogg", "opus", "wma", "adts"]
Settle = Callable[[], Awaitable[None]]


@pytest.fixture
async def house(settings: Settings, database_url: str, clock: FrozenClock) -> AsyncIterator[House]:
    """With the codecs that the product runs."""
    made = build(
        settings,
        database_url,
        clock=clock,
        codecs=LocalCodecs(concurrency=2),
        objects=LocalStore(settings.home / "objects"),
        passwords=PasswordHasher(CHEAP),
        pool_size=5,
    )
    await made.start()
    yield made
    await made.close()


def _files(folder: Path) -> dict[str, Path]:
    wav = write_wav(folder / "song.wav", tone(SECONDS))
    others = [ending for ending in FORMATS if ending != "wav"]
    return {"wav": wav} | {ending: transcode(wav, folder / f"song.{ending}", ending) for ending in others}


async def test_every_format_goes_from_upload_to_ear(make: Maker, http: httpx.AsyncClient, tmp_path: Path) -> None:
    ada = await make.person()
    artist = await make.artist(ada)
    tracks = {}
    for ending, path in _files(tmp_path).items():
        tracks[ending] = await make.upload(ada, artist, path.read_bytes(), filename=path.name)
    await make.settle()
    for ending, track in tracks.items():
        seen = (await ada.get(f"/content/{track['id']}")).json()
        assert (seen["status"], seen["renditions_complete"], seen["error"]) == ("ready", True, None), ending
        assert seen["duration_ms"] == pytest.approx(SECONDS * 1000, abs=60), ending
        stream = (await ada.get(f"/stream/{track['id']}")).json()
        qualities = {file["quality"]: file for file in stream["progressive"]}
        assert ("flac" in qualities) == (ending in LOSSLESS), ending
        assert stream["loudness"]["integrated_lufs"] == pytest.approx(-20.0, abs=1.5), ending
        best = qualities.get("flac") or stream["progressive"][-1]
        heard = tmp_path / f"heard.{ending}.{best['container']}"
        heard.write_bytes((await http.get(best["url"])).content)
        samples, rate = samples_of(heard)
        assert rate == best["sample_rate"]
        assert len(samples) / rate == pytest.approx(SECONDS, abs=0.1), ending
        if ending in LOSSLESS:
            original, _ = samples_of(tmp_path / "song.wav")
            width = {"int16": 1, "int32": 65536}[str(samples.dtype)]
            assert np.array_equal(samples.astype(np.int64), original.astype(np.int64) * width), ending


async def test_hostile_files_end_clearly(make: Maker, tmp_path: Path) -> None:
    ada = await make.person()
    artist = await make.artist(ada)
    wav = write_wav(tmp_path / "song.wav", tone(1.0))
    flac = transcode(wav, tmp_path / "song.flac", "flac").read_bytes()
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("song.flac", flac)

    async def send(name: str, data: bytes) -> httpx.Response:
        return await ada.post("/content/upload", data={"artist_id": artist["id"]}, files={"file": (name, data)})

    for name, data, expected in (
        ("empty.wav", b"", (422, "empty_file")),
        ("one.wav", b"R", (415, "unsupported_media_type")),
        ("cover.mp3", png(64, 64, (9, 9, 9)), (415, "unsupported_media_type")),
        ("songs.flac", archive.getvalue(), (415, "unsupported_media_type")),
        ("notes.wav", b"To whom it may concern\n" * 50, (415, "unsupported_media_type")),
    ):
        answer = await send(name, data)
        assert refused(answer) == expected, name
        assert len(answer.json()["detail"]) > 10

    noise = np.random.default_rng(5).bytes(50_000)
    tried = {
        "header only": flac[:64],
        "noise": noise,
        "wav without samples": wav.read_bytes()[:44],
        "wav that promises more": wav.read_bytes()[:1000],
        "truncated": flac[: len(flac) // 2],
        "flac and noise": flac[:2000] + noise,
        "mp3 frame and zeros": b"\xff\xfb\x90\x00" + bytes(9000),
        "mp4 of nothing": b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42" + bytes(4000),
    }
    tracks = {name: (await send("x.flac", data)).json() for name, data in tried.items()}
    await make.settle()
    for name, track in tracks.items():
        seen = (await ada.get(f"/content/{track['id']}")).json()
        assert seen["status"] in {"ready", "failed"}, name
        if seen["status"] == "failed":
            assert seen["error"]["code"] in {"not_audio", "damaged", "no_samples", "codec_crashed"}, (name, seen)
            assert len(seen["error"]["detail"]) > 10
    failed = {name for name, track in tracks.items() if (await ada.get(f"/stream/{track['id']}")).status_code == 409}
    assert {"header only", "noise", "wav without samples", "mp4 of nothing"} <= failed
    fine = await make.track(ada, artist, audio=flac)  # the codecs still work
    assert fine["status"] == "ready"
