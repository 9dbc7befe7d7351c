"""What media needs from the outside world: a place for bytes, and codecs that may meet hostile files."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

import msgspec

__all__ = [
    "SOUND_MIMES",
    "AudioFacts",
    "Codecs",
    "EncodedFile",
    "Grown",
    "Loudness",
    "ObjectInfo",
    "ObjectStore",
    "Picture",
    "PictureFile",
    "Progress",
    "ReadFile",
    "Rendition",
    "Segment",
    "SourceAnalysis",
    "TagReaders",
    "Tags",
    "Transcode",
    "TranscodeFormat",
    "Transcoded",
]

# Sound that a library may hold, by the ending of a file's name.
SOUND_MIMES: Mapping[str, str] = {
    "flac": "audio/flac",
    "mp3": "audio/mpeg",
    "mp2": "audio/mpeg",
    "m4a": "audio/mp4",
    "m4b": "audio/mp4",
    "mp4": "audio/mp4",
    "alac": "audio/mp4",
    "aac": "audio/aac",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "opus": "audio/ogg",
    "spx": "audio/ogg",
    "wav": "audio/wav",
    "wave": "audio/wav",
    "aif": "audio/aiff",
    "aiff": "audio/aiff",
    "aifc": "audio/aiff",
    "wma": "audio/x-ms-wma",
    "asf": "audio/x-ms-wma",
    "ape": "audio/x-ape",
    "wv": "audio/x-wavpack",
    "mpc": "audio/x-musepack",
    "mp+": "audio/x-musepack",
    "tta": "audio/x-tta",
    "tak": "audio/x-tak",
    "dsf": "audio/x-dsf",
    "dff": "audio/x-dff",
    "ofr": "audio/x-optimfrog",
}


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """Size in bytes and a strong entity tag without quotes."""

    size: int
    etag: str


class ObjectStore(Protocol):
    """Immutable objects under slash-separated keys. Missing keys raise `ObjectMissing` (media/errors.py)."""

    async def put_file(self, key: str, path: Path) -> None:
        """Store the file's bytes under `key`, whole or not at all; moves the file where that is cheaper.

        The file at `path` is consumed. Storing a key that exists replaces it with the same bytes.
        """

    async def put_bytes(self, key: str, data: bytes) -> None: ...

    async def info(self, key: str) -> ObjectInfo: ...

    async def read(self, key: str, start: int = 0, length: int | None = None) -> bytes: ...

    def local_file(self, key: str) -> AbstractAsyncContextManager[Path]:
        """The object as a file to read, for codecs; a remote store downloads it and deletes the copy after."""

    def path(self, key: str) -> Path | None:
        """The object's own file where the store keeps files, else None. Does not look whether it exists."""

    async def redirect_url(self, key: str, expires_in_s: int) -> str | None:
        """A URL of the store itself that answers Range requests, or None where the bytes are served by us."""

    async def delete(self, key: str) -> None:
        """Missing keys are fine."""

    def list(self, prefix: str) -> AsyncIterator[str]: ...

    async def check(self) -> None:
        """Raise when the store cannot be written to; used by readiness and the doctor."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An embedded picture as found in the tags."""

    mime: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Tags:
    """What the file says of itself; every text NFC, empty values left out."""

    title: str | None = None
    artists: tuple[str, ...] = ()
    album_artists: tuple[str, ...] = ()
    album: str | None = None
    track_number: int | None = None
    disc_number: int | None = None
    year: int | None = None
    genres: tuple[str, ...] = ()
    isrc: str | None = None
    credits: tuple[tuple[str, str], ...] = ()  # (role, name): composer, lyricist, remixer, …
    comment: str | None = None
    copyright: str | None = None
    lyrics: str | None = None
    compilation: bool = False


@dataclass(frozen=True, slots=True)
class AudioFacts:
    """What probing finds without decoding everything. Duration is the container's claim, in milliseconds."""

    container: str
    codec: str
    sample_rate: int
    channels: int
    bit_depth: int | None  # as the source stores it, 8 to 64; None for lossy codecs
    bitrate_kbps: int | None
    duration_ms: int | None
    lossless: bool
    float_samples: bool
    tags: Tags
    picture: Picture | None


@dataclass(frozen=True, slots=True)
class Loudness:
    """EBU R128: LUFS, dBTP, LU. `blocks` holds the mean-square energies of the 400 ms gating blocks (75 % overlap,
    channel-weighted, float32 little-endian) so that an album can be gated over all its tracks."""

    integrated_lufs: float | None  # None: silence, nothing passes the absolute gate
    true_peak_dbtp: float | None
    range_lu: float | None
    blocks: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SourceAnalysis:
    """One full decode: exact length, loudness, waveform."""

    total_samples: int
    sample_rate: int
    duration_ms: int
    loudness: Loudness
    peaks: tuple[int, ...]  # 0..255 per bucket, at most 1,600 buckets
    rms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rendition:
    """One entry of the ladder."""

    quality: str  # aac_64 aac_128 aac_320 flac mp3_128 mp3_320 preview
    codec: str  # aac flac mp3
    bitrate_kbps: int | None  # None for FLAC; already halved for mono
    sample_rate: int
    channels: int
    bit_depth: int | None = None  # FLAC: 16 or 24
    start_ms: int = 0  # preview: where it begins; at the start, should the recording turn out to be shorter
    length_ms: int | None = None  # preview: at most this long, faded in and out


@dataclass(frozen=True, slots=True)
class EncodedFile:
    """An encoded rendition on disk; ranges are inclusive byte offsets, samples are at `sample_rate`.

    A decoder's output is `delay_samples` to drop, `total_samples` of sound, `padding_samples` to drop. An edit list
    (MP4) or LAME tag (MP3) says the same in the file; for MP3 the delay counts the decoder's own 529 samples too.
    """

    path: Path
    container: str  # mp4 mp3
    mime: str  # with codecs parameter
    bytes: int
    bitrate_kbps: int  # measured average
    sample_rate: int
    channels: int
    delay_samples: int
    padding_samples: int
    total_samples: int
    duration_ms: int
    init_range: tuple[int, int] | None
    index_range: tuple[int, int] | None
    segments: tuple[tuple[int, int], ...]  # (bytes, sounding samples) of each fragment in file order; empty for mp3


@dataclass(frozen=True, slots=True)
class PictureFile:
    size: int  # the longer edge asked for
    width: int
    height: int
    data: bytes  # WebP


Progress = Callable[[float], Awaitable[None]]  # 0..1
Grown = Callable[[int, float], None]  # bytes of the file so far, and the part of the sound that is in it, 0..1
TranscodeFormat = Literal["mp3", "opus", "aac", "flac"]


@dataclass(frozen=True, slots=True)
class Transcode:
    """A file that is heard while it is made: MP3, Opus in Ogg, AAC in ADTS, FLAC.

    Of the source it holds what lies from `start_ms` to `end_ms`. None for `bitrate_kbps` is for FLAC alone.
    `sample_rate` and `channels` are the most that it may have; None for as many as source and format allow.
    """

    format: TranscodeFormat
    bitrate_kbps: int | None
    start_ms: int = 0
    end_ms: int | None = None
    sample_rate: int | None = None
    channels: int | None = None


@dataclass(frozen=True, slots=True)
class Transcoded:
    bytes: int
    duration_ms: int


@dataclass(frozen=True, slots=True)
class Segment:
    """One of the pieces that a recording is cut into, as a fragment of MP4; counts are in samples at `sample_rate`.

    It has `frames` frames of `frame` samples, from the frame `first` on. Of the source it belongs to what lies between
    `start_ms` and `end_ms`. Where that ends early, silence follows; the `last` ends with it, and takes what is left
    where there is a little more.
    """

    codec: Literal["aac", "flac"]
    bitrate_kbps: int | None
    sample_rate: int
    channels: int
    bit_depth: int | None
    number: int
    frame: int
    delay: int
    first: int
    frames: int
    last: bool
    start_ms: int = 0
    end_ms: int | None = None


class Codecs(Protocol):
    """Everything that touches foreign bytes. Each call runs outside this process, within bounds of time and memory.

    Raises `MediaRejected` (media/errors.py) with a stable code for files that are broken, hostile, silent of audio
    or too large; any crash or time-out of the codec process becomes one too.
    """

    async def probe(self, source: Path) -> AudioFacts: ...

    async def analyse(self, source: Path, progress: Progress | None = None) -> SourceAnalysis: ...

    async def encode(
        self, source: Path, rendition: Rendition, target: Path, progress: Progress | None = None
    ) -> EncodedFile: ...

    async def encode_many(
        self, source: Path, renditions: Sequence[Rendition], folder: Path, progress: Progress | None = None
    ) -> tuple[EncodedFile, ...]:
        """Several renditions from one decode; answers in the order asked."""

    async def transcode(self, source: Path, wanted: Transcode, target: Path, grown: Grown) -> Transcoded:
        """Make `target` from front to back, telling each time that it has `grown`; what is written never changes.

        The file is left as it is when it cannot be finished. Somebody waits for its first bytes.
        """

    async def segment(self, source: Path, wanted: Segment, target: Path) -> None:
        """Make `target`. One segment behind the other they decode to what one encode of the whole would, without a
        seam; none is made of another. Somebody waits for it."""

    async def picture(self, data: bytes, size: int, form: Literal["webp", "jpeg"]) -> bytes:
        """One picture whose longer edge has at most `size` pixels; somebody waits for it."""

    async def pictures(self, data: bytes, sizes: Sequence[int]) -> tuple[str, tuple[PictureFile, ...]]:
        """Scale, keeping the shape, to each size that the picture reaches (always the smallest); answers its dominant
        colour #rrggbb and one WebP file a size."""


class ReadFile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a file of a library says of itself; every text NFC and without control characters, empty ones left out.

    `error` is a reason of MediaRejected where it could not be read; then all else is empty. Dates are `YYYY`,
    `YYYY-MM` or `YYYY-MM-DD`. Gains are dB towards -18 LUFS, peaks are linear. Lists of MusicBrainz ids and sort names
    belong to the names in their order where they have as many.
    """

    error: str | None = None
    detail: str | None = None
    title: str | None = None
    sort_title: str | None = None
    artist: str | None = None
    artists: tuple[str, ...] = ()
    artist_sorts: tuple[str, ...] = ()
    artist_mbids: tuple[str, ...] = ()
    album: str | None = None
    sort_album: str | None = None
    album_artists: tuple[str, ...] = ()
    album_artist_sorts: tuple[str, ...] = ()
    album_artist_mbids: tuple[str, ...] = ()
    edition: str | None = None
    disc_number: int | None = None
    disc_title: str | None = None
    track_number: int | None = None
    date: str | None = None
    original_date: str | None = None
    genres: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    isrc: str | None = None
    recording_mbid: str | None = None
    release_track_mbid: str | None = None
    release_mbid: str | None = None
    release_group_mbid: str | None = None
    compilation: bool = False
    kinds: tuple[str, ...] = ()
    label: str | None = None
    catalog_number: str | None = None
    barcode: str | None = None
    bpm: float | None = None
    musical_key: str | None = None
    language: str | None = None
    comment: str | None = None
    copyright: str | None = None
    work: str | None = None
    movement: str | None = None
    lyrics: str | None = None
    explicit: bool = False
    credits: tuple[tuple[str, str], ...] = ()
    cue_sheet: str | None = None
    has_picture: bool = False
    track_gain: float | None = None
    track_peak: float | None = None
    album_gain: float | None = None
    album_peak: float | None = None
    duration_ms: int | None = None
    bitrate_kbps: int | None = None
    sample_rate: int | None = None
    channels: int | None = None
    bit_depth: int | None = None
    codec: str = ""


class TagReaders(Protocol):
    """Reads headers of foreign files outside this process, in batches; a file that breaks its reader is one answer
    with an `error`, never an exception. Writes tags where people want that."""

    async def read(self, paths: Sequence[str]) -> Sequence[ReadFile]:
        """In the order of `paths`. Batches that are asked for at once are read side by side."""

    async def picture(self, path: str) -> bytes | None:
        """The front cover within the file, else its first picture."""

    async def write(self, path: str, tags: Mapping[str, Sequence[str]]) -> str | None:
        """Set these tags, by the names of Vorbis comments without blanks and underscores; those without a value go.

        The file is whole at every moment, and nothing but its tags changes. None, or the code of why it stays as it is:
        `no_permission`, `unreadable`, `damaged`, `not_audio`, `changed` (by somebody else meanwhile), `codec_crashed`.
        """

    async def close(self) -> None:
        """End all readers; a later call starts them again."""
