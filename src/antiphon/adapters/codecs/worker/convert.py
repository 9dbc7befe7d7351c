"""Changing sample format, layout and rate, for streams whose own format may change half-way."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from av.audio.frame import AudioFrame

__all__ = [
    "Converter", "Samples", "filtered", "finite", "frame_of", "relabel", "samples_of", "shortened", "standard_layout",
    "trimmed",
]  # fmt: skip

Samples = npt.NDArray[Any]

# The order in which FLAC, and everybody else, expects that many channels.
_LAYOUTS = {1: "mono", 2: "stereo", 3: "3.0", 4: "quad", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1"}

_TYPES = {"u8": "u1", "s16": "i2", "s32": "i4", "flt": "f4", "dbl": "f8"}
_LOUDEST = 32.0  # full scale is 1: 30 dB of headroom


def standard_layout(channels: int) -> str:
    return _LAYOUTS.get(channels, f"{channels}c")


def samples_of(frame: AudioFrame) -> Samples:
    """One row a channel, in the frame's own sample type.

    PyAV's own conversion runs past the end of planar frames with eight channels: it looks for a null pointer that is
    not there.
    """
    channels, kind = frame.layout.nb_channels, np.dtype(_TYPES[frame.format.name.removesuffix("p")])
    planes: tuple[Any, ...] = frame.planes[:channels]
    if frame.format.is_planar:
        return np.vstack([np.frombuffer(plane, kind, frame.samples) for plane in planes])
    return np.frombuffer(planes[0], kind, frame.samples * channels).reshape(-1, channels).T


def frame_of(samples: Samples, *, sample_format: str, layout: str, rate: int) -> AudioFrame:
    """A packed frame out of one row a channel."""
    packed = np.ascontiguousarray(samples.T).reshape(1, -1)
    frame = AudioFrame.from_ndarray(packed, format=sample_format.removesuffix("p"), layout=layout)
    frame.sample_rate = rate
    return frame


def relabel(frame: AudioFrame, layout: str) -> AudioFrame:
    """The same samples under another layout's name: nothing is mixed."""
    renamed = _like(frame, samples_of(frame), layout)
    renamed.pts = frame.pts
    renamed.time_base = frame.time_base or Fraction(1, frame.sample_rate)
    return renamed


def shortened(frame: AudioFrame, samples: int) -> AudioFrame:
    """The first `samples` of the frame."""
    return _like(frame, samples_of(frame)[:, :samples], frame.layout.name)


def trimmed(frame: AudioFrame, first: int, stop: int) -> AudioFrame:
    """The samples from `first` to before `stop`."""
    if first == 0 and stop == frame.samples:
        return frame
    return _like(frame, samples_of(frame)[:, first:stop], frame.layout.name)


def finite(frame: AudioFrame) -> AudioFrame:
    """Float samples as they should be: one NaN would silence meters and encoders from there on."""
    samples = samples_of(frame)
    if np.isfinite(samples).all() and np.abs(samples).max(initial=0.0) <= _LOUDEST:
        return frame
    return _like(frame, np.clip(np.nan_to_num(samples), -_LOUDEST, _LOUDEST), frame.layout.name)


def _like(frame: AudioFrame, samples: Samples, layout: str) -> AudioFrame:
    return frame_of(samples, sample_format=frame.format.name, layout=layout, rate=frame.sample_rate)


def filtered(graph: av.filter.Graph) -> Iterator[AudioFrame]:
    """Everything that the graph has ready."""
    while True:
        try:
            yield graph.pull()  # type: ignore[misc]
        except (av.error.BlockingIOError, av.error.EOFError):
            return


class Converter:
    """Frames in, frames of one format out; a chain of filters may follow. `None` flushes."""

    def __init__(self, *, sample_format: str, rate: int, layout: str, chain: tuple[tuple[str, str], ...] = ()) -> None:
        self._format = sample_format
        self._rate = rate
        self._layout = layout
        self._chain = chain
        self._graph: av.filter.Graph | None = None
        self._shape: tuple[str, int, str] | None = None

    def __call__(self, frame: AudioFrame | None) -> Iterator[AudioFrame]:
        if frame is None:
            yield from self._flush()
            return
        shape = (frame.format.name, frame.sample_rate, frame.layout.name)
        if shape != self._shape:
            yield from self._flush()
            self._shape = shape
            same = shape == (self._format, self._rate, self._layout) and not self._chain
            self._graph = None if same else self._build(frame)
        if self._graph is None:
            yield frame
            return
        self._graph.push(frame)
        yield from filtered(self._graph)

    def _flush(self) -> Iterator[AudioFrame]:
        graph, self._graph = self._graph, None
        self._shape = None
        if graph is not None:
            graph.push(None)
            yield from filtered(graph)

    def _build(self, frame: AudioFrame) -> av.filter.Graph:
        graph = av.filter.Graph()
        graph.threads = 1
        nodes = [
            graph.add_abuffer(
                sample_rate=frame.sample_rate,
                format=frame.format.name,
                layout=frame.layout.name,
                time_base=frame.time_base or Fraction(1, frame.sample_rate),
            )
        ]
        if frame.sample_rate != self._rate:
            nodes.append(graph.add("aresample", f"{self._rate}:filter_size=64:phase_shift=10:cutoff=0.97"))
        nodes.append(
            graph.add("aformat", f"sample_fmts={self._format}:sample_rates={self._rate}:channel_layouts={self._layout}")
        )
        nodes += [graph.add(name, arguments) for name, arguments in self._chain]
        nodes.append(graph.add("abuffersink"))
        graph.link_nodes(*nodes).configure()
        return graph
