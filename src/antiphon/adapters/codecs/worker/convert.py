"""Changing sample format, layout and rate, for streams whose own format may change half-way."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import av
from av.audio.frame import AudioFrame

__all__ = ["Converter", "filtered", "relabel", "shortened", "standard_layout"]

# The order in which FLAC, and everybody else, expects that many channels.
_LAYOUTS = {1: "mono", 2: "stereo", 3: "3.0", 4: "quad", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1"}


def standard_layout(channels: int) -> str:
    return _LAYOUTS.get(channels, f"{channels}c")


def relabel(frame: AudioFrame, layout: str) -> AudioFrame:
    """The same samples under another layout's name: nothing is mixed."""
    renamed = AudioFrame.from_ndarray(frame.to_ndarray(), format=frame.format.name, layout=layout)
    renamed.sample_rate = frame.sample_rate
    renamed.pts = frame.pts
    renamed.time_base = frame.time_base or Fraction(1, frame.sample_rate)
    return renamed


def shortened(frame: AudioFrame, samples: int) -> AudioFrame:
    """The first `samples` of the frame."""
    planar = frame.format.is_planar
    kept = frame.to_ndarray()[:, : samples if planar else samples * frame.layout.nb_channels]
    cut = AudioFrame.from_ndarray(kept.copy(), format=frame.format.name, layout=frame.layout.name)
    cut.sample_rate = frame.sample_rate
    return cut


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
