"""Both adapters behind the port, each with a way to make a recording that it reads."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from antiphon.adapters.codecs import FakeCodecs, LocalCodecs
from antiphon.adapters.codecs.fake import fake_audio, fake_picture
from antiphon.domains.media.ports import Codecs
from tests.support.audio import png, silence, tone, write_wav


@dataclass(frozen=True)
class Studio:
    """An adapter, a recorder for it, and a picture it takes."""

    codecs: Codecs
    record: Callable[..., Path]
    picture: bytes


@pytest.fixture(scope="session")
async def local() -> AsyncIterator[LocalCodecs]:
    codecs = LocalCodecs(concurrency=2)
    yield codecs
    await codecs.close()


@pytest.fixture(params=["local", "fake"])
def studio(request: pytest.FixtureRequest, tmp_path: Path, local: LocalCodecs) -> Studio:
    def record_wav(*, seconds: float = 6.0, rate: int = 44_100, channels: int = 2, lufs: float | None = -20.0) -> Path:
        if lufs is None:
            return write_wav(tmp_path / "source.wav", silence(seconds, rate=rate, channels=channels), rate=rate)
        # a full-scale 997 Hz sine in one channel is -3.01 LUFS; equal sines add up
        level = lufs + (3.01 if channels == 1 else 0.0)
        return write_wav(
            tmp_path / "source.wav", tone(seconds, rate=rate, channels=channels, dbfs=level), rate=rate, bits=16
        )

    def record_fake(*, seconds: float = 6.0, rate: int = 44_100, channels: int = 2, lufs: float | None = -20.0) -> Path:
        path = tmp_path / "source.wav"
        path.write_bytes(fake_audio(seconds=seconds, sample_rate=rate, channels=channels, bit_depth=16, lufs=lufs))
        return path

    if request.param == "local":
        return Studio(local, record_wav, png(1000, 700, (200, 30, 40)))
    return Studio(FakeCodecs(), record_fake, fake_picture(1000, 700))
