"""Material for measurements: music that an encoder has to work for, the same bytes each time."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

from antiphon.demo.pieces_ambient import FIRST_FERRY
from antiphon.demo.pieces_chamber import SEVEN_BRIDGES
from antiphon.demo.pieces_groove import NIGHT_BUS
from antiphon.demo.render import suite
from antiphon.demo.studio import wav
from antiphon.demo.synth import SAMPLE_RATE

FOUR_MINUTES = 240 * SAMPLE_RATE
_FADE = 3 * SAMPLE_RATE


def four_minute_wav(path: Path) -> Path:
    """Writes exactly 4:00 of 44.1 kHz 16-bit stereo music and returns the path.

    A quiet piano piece, a dense electronic one and plucked strings with drums follow each other, so that an encoder
    meets tones, noise and sharp onsets. Takes some five seconds.
    """
    sound = np.concatenate([suite((piece,))[0] for piece in (FIRST_FERRY, NIGHT_BUS, SEVEN_BRIDGES)], axis=1)
    sound = sound[:, :FOUR_MINUTES]
    sound[:, -_FADE:] *= np.linspace(1.0, 0.0, _FADE, dtype=np.float32)
    path.write_bytes(wav(sound))
    return path


def one_minute_wav(folder: Path) -> Path:
    """The liveliest minute of those four, so that its first sample can be heard."""
    whole, cut = four_minute_wav(folder / "four-minutes.wav"), folder / "one-minute.wav"
    with wave.open(str(whole), "rb") as source, wave.open(str(cut), "wb") as target:
        target.setparams(source.getparams())
        source.setpos(100 * SAMPLE_RATE)
        target.writeframes(source.readframes(60 * SAMPLE_RATE))
    whole.unlink()
    return cut
