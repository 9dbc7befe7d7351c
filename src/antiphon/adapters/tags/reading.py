"""One file to one `ReadFile`, by mutagen. Runs in children only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import mutagen
from mutagen.aac import AAC
from mutagen.aiff import AIFF
from mutagen.asf import ASF
from mutagen.dsf import DSF
from mutagen.flac import FLAC
from mutagen.monkeysaudio import MonkeysAudio
from mutagen.mp3 import MP3
from mutagen.mp4 import MP4
from mutagen.musepack import Musepack
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis
from mutagen.trueaudio import TrueAudio
from mutagen.wave import WAVE
from mutagen.wavpack import WavPack

from antiphon.adapters.tags.fields import Fields, fields_of, has_picture
from antiphon.adapters.tags.quick_id3 import quick_mp3
from antiphon.adapters.tags.quick_mp4 import quick_mp4
from antiphon.adapters.tags.riff_info import info_of
from antiphon.domains.media.ports import ReadFile

__all__ = ["read_file"]

_BY_SUFFIX: dict[str, Callable[..., Any]] = {
    "flac": FLAC, "mp3": MP3, "m4a": MP4, "m4b": MP4, "mp4": MP4, "alac": MP4, "aac": AAC, "ogg": OggVorbis,
    "opus": OggOpus, "wav": WAVE, "wave": WAVE, "aif": AIFF, "aiff": AIFF, "wma": ASF, "asf": ASF,
    "ape": MonkeysAudio, "wv": WavPack, "mpc": Musepack, "tta": TrueAudio, "dsf": DSF,
}  # fmt: skip
_QUICK: dict[Any, Callable[[str], Any]] = {MP3: quick_mp3, MP4: quick_mp4}
_CODECS = {
    "FLAC": "flac", "MP3": "mp3", "MP4": "aac", "AAC": "aac", "OggVorbis": "vorbis", "OggOpus": "opus",
    "OggFLAC": "flac", "OggSpeex": "speex", "WAVE": "pcm", "AIFF": "pcm", "ASF": "wma", "MonkeysAudio": "ape",
    "WavPack": "wavpack", "Musepack": "musepack", "TrueAudio": "tta", "DSF": "dsd", "DSDIFF": "dsd", "TAK": "tak",
    "OptimFROG": "optimfrog",
}  # fmt: skip
_ROLES = (
    "composer", "lyricist", "conductor", "remixer", "producer", "arranger", "engineer", "mixer", "djmixer", "director",
    "performer",
)  # fmt: skip
_MOST_TEXT, _MOST_LINES, _MOST_VALUES = 1_000, 64 * 1024, 64
_LISTED = re.compile(r"\s*(?:;|\x00|\s/\s)\s*")
_GENRES = re.compile(r"\s*(?:[;/,\x00|])\s*")
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}\d{7}")
_MBID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_DATE = re.compile(r"(?<!\d)(1[0-9]\d\d|2\d\d\d)(?:[-./](0[1-9]|1[0-2])(?:[-./](0[1-9]|[12]\d|3[01]))?)?(?!\d)")
_NUMBER = re.compile(r"\d{1,5}")
_DECIMAL = re.compile(r"[-+]?\d+(?:[.,]\d+)?")


_TROUBLES: tuple[tuple[type[Exception], str, str], ...] = (
    (FileNotFoundError, "vanished", "The file was gone when it was to be read."),
    (PermissionError, "no_permission", "The server may not read this file."),
    (OSError, "unreadable", "The disk could not give the file."),
    (MemoryError, "too_complex", "Its header claims more than can be."),
)


def read_file(path: str) -> ReadFile:
    """Whatever the file is; never raises."""
    try:
        file = _open(path, _BY_SUFFIX.get(path.rpartition(".")[2].lower()))
        if file is not None:
            return _read(file)
    except Exception as error:  # mutagen raises whatever its parser stumbles over
        for kind, code, detail in _TROUBLES:
            if isinstance(error, kind):
                return ReadFile(error=code, detail=detail)
        return ReadFile(error="damaged", detail=_why(error))
    return ReadFile(error="not_audio", detail="This file holds no sound that we can read.")


def _open(path: str, kind: Callable[..., Any] | None) -> Any:
    """Raises OSError where the disk is at fault, which mutagen wraps. What is not as its name says is looked into."""
    try:
        look = _QUICK.get(kind)
        if look is not None and (quick := look(path)) is not None:
            return quick
        return kind(path) if kind is not None else mutagen.File(path)
    except mutagen.MutagenError as error:
        if error.args and isinstance(error.args[0], OSError):
            raise error.args[0] from error
        found = mutagen.File(path) if kind is not None else None
        if found is None:
            raise
        return found


def _why(error: Exception) -> str:
    return f"Its header cannot be read: {_line(str(error))[:200] or type(error).__name__}."


def _read(file: Any) -> ReadFile:
    tags = file.tags
    codec = _CODECS.get(type(file).__name__, "")
    fields = fields_of(tags) if tags is not None else info_of(file.filename) if codec == "pcm" else {}
    info = file.info
    if codec == "aac" and str(getattr(info, "codec", "")).startswith("alac"):
        codec = "alac"
    length = getattr(info, "length", 0) or 0
    bitrate = getattr(info, "bitrate", 0) or 0
    depth = getattr(info, "bits_per_sample", None) or getattr(info, "sample_size", None)
    lossy = codec in ("aac", "mp3", "vorbis", "opus", "musepack", "wma", "speex")
    return ReadFile(
        **_names(fields),
        **_facts(fields),
        **_gains(fields),
        has_picture=has_picture(file, tags),
        duration_ms=round(length * 1000) if 0 < length < 1_000_000 else None,
        bitrate_kbps=min(round(bitrate / 1000), 2**31 - 1) or None,
        sample_rate=_bounded(getattr(info, "sample_rate", None)),
        channels=_bounded(getattr(info, "channels", None)),
        bit_depth=None if lossy else _bounded(depth),
        codec=codec,
    )


def _bounded(value: Any) -> int | None:
    return int(value) if value and 0 < value < 2**31 else None


def _line(text: str) -> str:
    """NFC, on one line, without control characters."""
    text = text[:_MOST_TEXT]
    if text.isprintable() and (text.isascii() or unicodedata.is_normalized("NFC", text)):
        return text.strip()
    text = unicodedata.normalize("NFC", text)
    return " ".join("".join(c if c.isprintable() or c.isspace() else "" for c in text).split())


def _lines(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text[:_MOST_LINES].strip()
    text = unicodedata.normalize("NFC", text[:_MOST_LINES]).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()


def _many(values: Iterable[str]) -> tuple[str, ...]:
    """Clean, each once, in their order."""
    found = dict.fromkeys(line for value in values if (line := _line(value)))
    return tuple(found)[:_MOST_VALUES]


def _one(fields: Fields, *names: str) -> str | None:
    for name in names:
        for value in fields.get(name, ()):
            if line := _line(value):
                return line
    return None


def _listed(fields: Fields, *names: str) -> tuple[str, ...]:
    """Several values, or one that lists several: `A; B` and `A / B` are lists, `AC/DC` is a name."""
    for name in names:
        values = fields.get(name)
        if values and (found := _many(part for value in values for part in _LISTED.split(value))):
            return found
    return ()


def _parted(names: tuple[str, ...], count: int) -> tuple[str, ...]:
    """ID3v2.3 has one value only, and programs write `A/B`: two names where there are two ids, else one (`AC/DC`)."""
    parts = [part.strip() for part in names[0].split("/")] if len(names) == 1 and count > 1 else []
    return tuple(parts) if len(parts) == count and all(parts) else names


def _mbids(fields: Fields, name: str) -> tuple[str, ...]:
    values = fields.get(name)
    return tuple(_MBID.findall(" ".join(values).lower())) if values else ()


_LINES = {
    "title": "title", "titlesort": "sort_title", "artist": "artist", "album": "album", "albumsort": "sort_album",
    "discsubtitle": "disc_title", "label": "label", "catalognumber": "catalog_number", "barcode": "barcode",
    "key": "musical_key", "language": "language", "copyright": "copyright", "work": "work", "movementname": "movement",
}  # fmt: skip
_LISTS = (
    ("artists", ("artists", "artist")),
    ("artist_sorts", ("artistssort", "artistsort")),
    ("album_artists", ("albumartists", "albumartist")),
    ("album_artist_sorts", ("albumartistssort", "albumartistsort")),
)
_IDS = {
    "musicbrainztrackid": "recording_mbid", "musicbrainzreleasetrackid": "release_track_mbid",
    "musicbrainzalbumid": "release_mbid", "musicbrainzreleasegroupid": "release_group_mbid",
}  # fmt: skip
_LONG = {"comment": "comment", "lyrics": "lyrics", "cuesheet": "cue_sheet"}


def _names(fields: Fields) -> dict[str, Any]:
    """Only what is there: most files say a third of what files can say."""
    found: dict[str, Any] = {field: _one(fields, name) for name, field in _LINES.items() if name in fields}
    for field, names in _LISTS:
        if names[0] in fields or names[1] in fields:
            found[field] = _listed(fields, *names)
    for field, name in (("artist", "musicbrainzartistid"), ("album_artist", "musicbrainzalbumartistid")):
        if mbids := _mbids(fields, name):
            found[f"{field}_mbids"] = mbids
            found[f"{field}s"] = _parted(found.get(f"{field}s", ()), len(mbids))
    found["edition"] = _one(fields, "edition", "discogsedition")
    if not fields.keys().isdisjoint(_ROLES):
        found["credits"] = tuple((role, name) for role in _ROLES for name in _listed(fields, role))
    return found


def _facts(fields: Fields) -> dict[str, Any]:
    found: dict[str, Any] = {field: _first(_mbids(fields, name)) for name, field in _IDS.items() if name in fields}
    found |= {field: _text(fields, name) for name, field in _LONG.items() if name in fields}
    if "isrc" in fields:
        isrc = _ISRC.search((_one(fields, "isrc") or "").upper().replace("-", "").replace(" ", ""))
        found["isrc"] = isrc[0] if isrc else None
    if "genre" in fields:
        found["genres"] = _many(part for value in fields["genre"] for part in _GENRES.split(value))[:20]
    if "mood" in fields:
        found["moods"] = _many(fields["mood"])[:20]
    if "compilation" in fields:
        found["compilation"] = _one(fields, "compilation") in ("1", "true", "True", "yes")
    if "releasetype" in fields:
        found["kinds"] = tuple(kind.lower() for kind in _listed(fields, "releasetype"))
    if "itunesadvisory" in fields:
        found["explicit"] = _one(fields, "itunesadvisory") in ("1", "4")
    return found | {
        "disc_number": _number(fields, "discnumber", 999),
        "track_number": _number(fields, "tracknumber", 9999),
        "date": _date(fields, "date", "releasedate"),
        "original_date": _date(fields, "originaldate"),
        "bpm": _decimal(fields, "bpm"),
    }


def _text(fields: Fields, name: str) -> str | None:
    values = fields.get(name)
    return (_lines(values[0]) or None) if values else None


def _first(values: Sequence[str]) -> str | None:
    return values[0] if values else None


def _number(fields: Fields, name: str, most: int) -> int | None:
    """The first number of `3`, `3/12`, `A3`; zero means none."""
    found = _NUMBER.search(_one(fields, name) or "") if name in fields else None
    number = int(found[0]) if found else 0
    return number if 1 <= number <= most else None


def _date(fields: Fields, *names: str) -> str | None:
    line = _one(fields, *names)
    found = _DATE.search(line) if line else None
    return "-".join(part for part in found.groups() if part) if found else None


def _decimal(fields: Fields, name: str) -> float | None:
    found = _DECIMAL.search(_one(fields, name) or "") if name in fields else None
    value = float(found[0].replace(",", ".")) if found else 0.0
    return value if 0 < value < 1000 else None


def _gains(fields: Fields) -> dict[str, Any]:
    """ReplayGain as it is written; R128 of Opus counts in 1/256 dB towards -23 LUFS."""
    gains: dict[str, Any] = {}
    for about in ("track", "album"):
        gains[f"{about}_gain"] = _signed(fields, f"replaygain{about}gain", 100)
        gains[f"{about}_peak"] = _signed(fields, f"replaygain{about}peak", 100)
        r128 = _signed(fields, f"r128{about}gain", 2**15)
        if r128 is not None:
            gains[f"{about}_gain"] = round(r128 / 256 + 5, 2)
    return gains


def _signed(fields: Fields, name: str, most: float) -> float | None:
    if name not in fields:
        return None
    found = _DECIMAL.search(_one(fields, name) or "")
    value = float(found[0].replace(",", ".")) if found else None
    return value if value is not None and abs(value) <= most else None
