"""One decode from start to end: exact length, EBU R128 loudness, waveform."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from av.audio.frame import AudioFrame

from antiphon.adapters.codecs.wire import Limits, Refusal
from antiphon.adapters.codecs.worker.bounds import Budget
from antiphon.adapters.codecs.worker.convert import Converter, filtered, samples_of
from antiphon.adapters.codecs.worker.source import open_source
from antiphon.domains.media.ports import Loudness, SourceAnalysis

__all__ = ["analyse"]

_BUCKETS = 1600
_MOST_UNITS = 65_536  # of the coarse waveform kept while decoding; past that, neighbours merge
_CHUNK = 65_536  # samples
_FIRST_WHOLE_BLOCK = 3  # the meter reports every 100 ms; the first window of 400 ms is whole at the fourth
_PEAK_RATE = 192_000
_ABSOLUTE_GATE = -70.0
_LUFS_OFFSET = -0.691  # ITU-R BS.1770-5, equation 2

Samples = npt.NDArray[np.float32]


def analyse(path: str, limits: Limits, budget: Budget, report: Callable[[float], None]) -> SourceAnalysis:
    source = open_source(path)
    claimed = source.claimed_seconds or limits.audio_seconds
    meter: _Meter | None = None
    waveform: _Waveform | None = None
    to_float: Converter | None = None
    for frame in source.frames(budget):
        if meter is None or waveform is None or to_float is None:
            to_float = Converter(sample_format="fltp", rate=frame.sample_rate, layout=frame.layout.name)
            meter = _Meter(frame.sample_rate, frame.layout.name)
            waveform = _Waveform(frame.sample_rate)
        for piece in to_float(frame):
            meter.add(piece)
            waveform.add(samples_of(piece))
        report(source.samples / source.sample_rate / claimed)
    if meter is None or waveform is None or to_float is None:
        raise Refusal("no_samples")
    for piece in to_float(None):
        meter.add(piece)
        waveform.add(samples_of(piece))
    source.close()
    peaks, rms = waveform.buckets()
    return SourceAnalysis(
        total_samples=source.samples,
        sample_rate=source.sample_rate,
        duration_ms=round(source.samples * 1000 / source.sample_rate),
        loudness=meter.loudness(),
        peaks=peaks,
        rms=rms,
    )


class _Meter:
    """FFmpeg's ebur128 filter, read every 100 ms."""

    def __init__(self, rate: int, layout: str) -> None:
        graph = av.filter.Graph()
        graph.threads = 1
        graph.link_nodes(
            graph.add_abuffer(sample_rate=rate, format="fltp", layout=layout, time_base=Fraction(1, rate)),
            graph.add("ebur128", "metadata=1"),
            graph.add("abuffersink"),
        ).configure()
        self._graph = graph
        self._momentary: list[float] = []
        self._last: dict[str, str] = {}
        self._peak = _TruePeak(rate, layout)

    def add(self, frame: AudioFrame | None) -> None:
        if frame is not None:
            self._peak.add(frame)
        self._graph.push(frame)
        for measured in filtered(self._graph):
            values = measured.metadata
            if "lavfi.r128.M" in values:
                self._last = values
                self._momentary.append(float(values["lavfi.r128.M"]))

    def loudness(self) -> Loudness:
        self.add(None)
        blocks = np.array(self._momentary[_FIRST_WHOLE_BLOCK:], dtype=np.float64)
        energies = np.power(10.0, (blocks - _LUFS_OFFSET) / 10.0).astype("<f4")
        integrated = float(self._last.get("lavfi.r128.I", "-inf"))
        audible = len(blocks) > 0 and math.isfinite(integrated) and integrated > _ABSOLUTE_GATE
        peak = self._peak.highest()
        return Loudness(
            integrated_lufs=integrated if audible else None,
            true_peak_dbtp=round(20 * math.log10(peak), 3) if peak > 0 else None,
            range_lu=float(self._last["lavfi.r128.LRA"]) if audible else None,
            blocks=energies.tobytes(),
        )


class _TruePeak:
    """The highest level between samples too (BS.1770-5, annex 2); the meter tells three decimals only."""

    def __init__(self, rate: int, layout: str) -> None:
        self._finer = Converter(sample_format="fltp", rate=max(rate, _PEAK_RATE), layout=layout)
        self._highest = 0.0

    def add(self, frame: AudioFrame | None) -> None:
        for finer in self._finer(frame):
            self._highest = max(self._highest, float(np.abs(samples_of(finer)).max(initial=0.0)))

    def highest(self) -> float:
        """Full scale is 1."""
        self.add(None)
        return self._highest


class _Waveform:
    """Peak and energy of ever coarser units, in bounded memory whatever the length."""

    def __init__(self, rate: int) -> None:
        self._unit = max(1, rate // 200)
        self._pending: list[Samples] = []
        self._pending_samples = 0
        self._peaks: Samples = np.zeros(0, dtype=np.float32)
        self._squares: npt.NDArray[np.float64] = np.zeros(0, dtype=np.float64)
        self._counts: npt.NDArray[np.int64] = np.zeros(0, dtype=np.int64)

    def add(self, samples: npt.NDArray[Any]) -> None:
        """One row a channel."""
        self._pending.append(samples)
        self._pending_samples += samples.shape[1]
        if self._pending_samples >= _CHUNK:
            self._fold(last=False)

    def buckets(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        self._fold(last=True)
        starts = np.unique(
            np.linspace(0, len(self._peaks), min(_BUCKETS, len(self._peaks)), endpoint=False).astype(int)
        )
        peaks = np.maximum.reduceat(self._peaks, starts)
        counts = np.add.reduceat(self._counts, starts)
        rms = np.sqrt(np.add.reduceat(self._squares, starts) / counts)
        return _bytes(peaks), _bytes(rms)

    def _fold(self, *, last: bool) -> None:
        samples = np.concatenate(self._pending, axis=1)
        length = samples.shape[1]
        whole = length if last else length - length % self._unit
        ready, rest = samples[:, :whole], samples[:, whole:]
        self._pending, self._pending_samples = [rest.copy()], length - whole
        if not whole:
            return
        starts = np.arange(0, whole, self._unit)
        magnitude = np.abs(ready).max(axis=0)
        squares = np.square(ready).mean(axis=0)
        counts = np.diff(np.append(starts, whole))
        self._peaks = np.concatenate((self._peaks, np.maximum.reduceat(magnitude, starts)))
        self._squares = np.concatenate((self._squares, np.add.reduceat(squares, starts)))
        self._counts = np.concatenate((self._counts, counts))
        while len(self._peaks) > _MOST_UNITS:
            self._halve()

    def _halve(self) -> None:
        pairs = np.arange(0, len(self._peaks), 2)
        self._peaks = np.maximum.reduceat(self._peaks, pairs)
        self._squares = np.add.reduceat(self._squares, pairs)
        self._counts = np.add.reduceat(self._counts, pairs)
        self._unit *= 2


def _bytes(levels: npt.NDArray[Any]) -> tuple[int, ...]:
    return tuple(int(level) for level in np.clip(np.rint(levels * 255), 0, 255))
