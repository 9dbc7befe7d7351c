"""A foreign file, opened with suspicion: known containers only, damaged stretches skipped, exact length kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet

from antiphon.adapters.codecs.wire import Refusal
from antiphon.adapters.codecs.worker.bounds import Budget
from antiphon.adapters.codecs.worker.convert import Converter, finite, relabel, shortened, standard_layout

__all__ = ["CONTAINERS", "Source", "open_container", "open_source"]

# Demuxers of real sound and film files. Left out on purpose: everything that names other files or addresses
# (concat, hls, dash, sdp, rtsp, image sequences), devices, raw data without a signature, text and picture formats.
CONTAINERS = (
    "aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,dsf,dts,dtshd,eac3,flac,flv,gsm,iff,ircam,loas,matroska,webm,"
    "mlp,mov,mp4,mp3,mpc,mpc8,mpeg,mpegts,nut,oga,ogg,oma,osq,qoa,rm,rso,shn,sox,tak,truehd,tta,voc,w64,wav,wavarc,wv,xwma"
)

_SIGNATURES = (
    b"fLaC",
    b"OggS",
    b"ID3",
    b"wvpk",
    b"TTA1",
    b"MAC ",
    b"MPCK",
    b"caff",
    b"\x30\x26\xb2\x75",
    b"\x1aE\xdf\xa3",
)
_MOST_CHANNELS = 8
_NAMELESS = " channels"  # what FFmpeg calls a layout of which it knows the number only
_PACKETS_WITHOUT_SOUND = 2_000  # before the first frame: more than any honest file needs
_NO_EXACT_PLACES = frozenset({"mp3", "mp3float", "mp2", "mp2float", "mp1", "mp1float"})  # their index is a guess
# Where a seek leads to the very sample; and where every packet has a length, so that counting them does.
_EXACT_CONTAINERS = frozenset({"flac", "wav", "w64", "aiff", "mov", "mp4", "caf", "tta", "wv"})
_COUNTED_CONTAINERS = frozenset({"mp3", "aac", "ogg"})
_SETTLES_S = 0.5  # of a lossy codec that begins in the middle
_PADDING_FRAMES = 2  # an encoder pads its last frame and may flush one more


def open_source(path: str) -> Source:
    """Open for decoding. Raises `Refusal` where there is no sound that we can read."""
    if not Path(path).stat().st_size:
        raise Refusal("no_samples", "The file is empty.")
    container = open_container(path)
    stream = _choose(container)
    stream.codec_context.thread_count = 1
    if stream.layout.name.endswith(_NAMELESS) and 0 < stream.channels <= _MOST_CHANNELS:
        stream.codec_context.layout = standard_layout(stream.channels)  # decoders of plain samples go by it
    for other in container.streams:
        if other.index != stream.index:
            other.discard = av.stream.Discard.all
    return Source(container, stream)


def open_container(path: str) -> InputContainer:
    """Known containers, from this one file and nowhere else."""
    try:
        return av.open(
            f"file:{path}",
            mode="r",
            container_options={
                "format_whitelist": CONTAINERS,
                "protocol_whitelist": "file",
                "enable_drefs": "0",
                "max_streams": "64",
            },
            metadata_errors="replace",
        )
    except (av.error.FFmpegError, ValueError) as error:
        if isinstance(error, av.error.MemoryError):
            raise
        raise Refusal("damaged" if _says_it_is_sound(path) else "not_audio") from error


def _says_it_is_sound(path: str) -> bool:
    """By its signature: such a file that does not open is broken rather than something else."""
    with Path(path).open("rb") as file:
        head = file.read(12)
    riff = head[:4] in (b"RIFF", b"RF64") and head[8:] == b"WAVE"
    iff = head[:4] == b"FORM" and head[8:] in (b"AIFF", b"AIFC")
    return riff or iff or head[4:8] == b"ftyp" or head.startswith(_SIGNATURES)


def _choose(container: InputContainer) -> AudioStream:
    known = [stream for stream in container.streams.audio if stream.codec_context is not None]
    if not known:
        raise Refusal("not_audio")
    return known[0]


@dataclass
class Source:
    """One sound stream. `frames` may be walked once; the counts are complete when it ends."""

    container: InputContainer
    stream: AudioStream
    sample_rate: int = 0  # of the first frame: it holds for the whole file
    channels: int = 0
    samples: int = 0
    packets: int = 0
    errors: int = 0
    begins_at: float = 0.0  # seconds into the recording, of the first frame; more than nothing after `skip_to`
    _skipped: bool = False
    _from_pts: int | None = None  # packets before are not decoded

    @property
    def claimed_seconds(self) -> float | None:
        """What the container says, else None."""
        if self.stream.duration and self.stream.time_base:
            return float(self.stream.duration * self.stream.time_base)
        if self.container.duration:
            return self.container.duration / av.time_base
        return None

    def skip_to(self, seconds: float) -> None:
        """Begin at or before this place, where the container can tell where that is; `begins_at` says where it was."""
        if seconds > 0 and self.stream.codec_context.name not in _NO_EXACT_PLACES:
            self._seek(seconds)

    def go_to(self, seconds: float) -> None:
        """As `skip_to`, in every container and to a place whose samples can be counted: what is decoded from there is
        what would be decoded from the start."""
        names = set(self.container.format.name.split(","))
        seconds -= 0.0 if self.stream.codec_context.codec.lossless else _SETTLES_S
        if seconds <= 0:
            return
        if names & _EXACT_CONTAINERS:
            self._seek(seconds)
        elif names & _COUNTED_CONTAINERS:
            assert self.stream.time_base is not None
            self._from_pts = int(seconds / self.stream.time_base) + (self.stream.start_time or 0)
            self._skipped = True

    @property
    def skipped(self) -> bool:
        return self._skipped

    def _seek(self, seconds: float) -> None:
        assert self.stream.time_base is not None
        place = int(seconds / self.stream.time_base) + (self.stream.start_time or 0)
        try:
            self.container.seek(max(0, place), stream=self.stream)
        except av.error.FFmpegError:
            self.container.seek(0)
        self._skipped = True

    def frames(self, budget: Budget) -> Iterator[AudioFrame]:
        """Decoded frames in order, stamped with their sample position, all at one rate.

        Delay and padding that the file declares are left out. A damaged packet costs its own samples only. Raises
        `Refusal` when nothing, or more damage than sound, comes out.
        """
        for frame in self._without_padding(self._at_first_rate(self._decode())):
            frame.pts = self.samples
            frame.time_base = Fraction(1, self.sample_rate)
            self.samples += frame.samples
            budget.heard(self.samples / self.sample_rate)
            yield frame
        self._judge()

    def close(self) -> None:
        self.container.close()

    def _decode(self) -> Iterator[AudioFrame]:
        for packet in self._packets():
            try:
                decoded = self.stream.decode(packet)
            except av.error.MemoryError:
                raise
            except (av.error.FFmpegError, ValueError):
                self.errors += 1
                continue
            for frame in decoded:
                if frame.samples:
                    yield self._mended(frame)
            if not self.sample_rate and self.packets > _PACKETS_WITHOUT_SOUND:
                return

    def _packets(self) -> Iterator[Packet[AudioStream] | None]:
        """Packets of our stream, then None to flush the decoder; a broken container ends early."""
        demuxed = self.container.demux(self.stream)
        while True:
            try:
                packet = next(demuxed, None)
            except av.error.MemoryError:
                raise
            except (av.error.FFmpegError, ValueError):
                self.errors += 1
                break
            if packet is None:
                break
            if self._from_pts is not None and packet.pts is not None and packet.pts < self._from_pts:
                continue
            if packet.size:  # empty ones would end the decoder's work; PyAV adds one at the end
                self.packets += 1
                yield packet
        yield None

    def _mended(self, frame: AudioFrame) -> AudioFrame:
        """Real numbers only, and channels without a declared order get the usual one: filters refuse the nameless."""
        if not self.sample_rate:
            self.sample_rate = frame.sample_rate
            self.channels = frame.layout.nb_channels
            if self._skipped and frame.pts is not None and frame.time_base is not None:
                first = self.stream.start_time or 0
                assert self.stream.time_base is not None
                self.begins_at = max(0.0, float(frame.pts * frame.time_base - first * self.stream.time_base))
        if frame.layout.nb_channels > _MOST_CHANNELS:
            raise Refusal("too_complex", f"Recordings with more than {_MOST_CHANNELS} channels are not taken.")
        if self.stream.codec_context.codec.lossless and frame.format.name.startswith(("flt", "dbl")):
            frame = finite(frame)
        usual = standard_layout(frame.layout.nb_channels)
        if frame.layout.name.endswith(_NAMELESS):
            return relabel(frame, usual)
        return frame

    def _at_first_rate(self, frames: Iterator[AudioFrame]) -> Iterator[AudioFrame]:
        converter: Converter | None = None
        for frame in frames:
            if frame.sample_rate == self.sample_rate:
                yield frame
                continue
            if converter is None:
                converter = Converter(sample_format=frame.format.name, rate=self.sample_rate, layout=frame.layout.name)
            frame.pts = None
            yield from converter(frame)
        if converter is not None:
            yield from converter(None)

    def _declared_end(self) -> int | None:
        """Samples that an MP4 edit list leaves; the decoder drops the delay but not the padding."""
        stream = self.stream
        if stream.codec_context.name != "aac" or "mp4" not in self.container.format.name or not stream.duration:
            return None
        assert stream.time_base is not None
        return round((float(stream.duration * stream.time_base) - self.begins_at) * self.sample_rate)

    def _without_padding(self, frames: Iterator[AudioFrame]) -> Iterator[AudioFrame]:
        """Hold back what lies past the declared end; let it go if there is more of it than padding can be."""
        seen, end, asked = 0, None, False
        held: list[AudioFrame] = []
        for frame in frames:
            if not asked:
                end, asked = self._declared_end(), True
            seen += frame.samples
            if end is None or seen <= end:
                yield frame
                continue
            held.append(frame)
            if seen - end > _PADDING_FRAMES * max(frame.samples, 1024):
                yield from held
                held, end = [], None
        if held and end is not None:
            keep = held[0].samples - (seen - sum(frame.samples for frame in held[1:]) - end)
            if keep > 0:
                yield shortened(held[0], keep)

    def _judge(self) -> None:
        if not self.samples:
            raise Refusal("damaged" if self.errors else "no_samples")
        if self.errors * 2 > self.packets:
            raise Refusal("damaged", f"The file is damaged: {self.errors} of {self.packets} parts cannot be decoded.")
