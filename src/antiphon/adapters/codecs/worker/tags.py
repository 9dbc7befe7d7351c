"""Tags of every container in one shape, read with mutagen; what FFmpeg saw fills the gaps."""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import mutagen
from mutagen.apev2 import APEv2
from mutagen.asf import ASFTags
from mutagen.flac import Picture as FlacPicture
from mutagen.id3 import ID3
from mutagen.mp4 import MP4Tags

from antiphon.domains.media.ports import Picture, Tags

__all__ = ["read_tags"]

_FRONT_COVER = 3
_PICTURES = (
    (b"\xff\xd8", "image/jpeg"), (b"\x89PNG", "image/png"), (b"GIF8", "image/gif"), (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
)  # fmt: skip
_MOST_TEXT = 64 * 1024
_MOST_VALUES = 64
_ROLES = ("composer", "lyricist", "conductor", "remixer", "producer", "arranger", "engineer", "mixer", "performer")

# Our field → its name in each family. Vorbis comments are the family all others are brought into.
_ID3 = {
    "title": ("TIT2",), "artist": ("TPE1",), "albumartist": ("TPE2",), "album": ("TALB",), "tracknumber": ("TRCK",),
    "discnumber": ("TPOS",), "date": ("TDRC", "TDOR", "TYER"), "genre": ("TCON",), "isrc": ("TSRC",),
    "composer": ("TCOM",), "lyricist": ("TEXT",), "conductor": ("TPE3",), "remixer": ("TPE4",),
    "copyright": ("TCOP",), "compilation": ("TCMP",),
}  # fmt: skip
_MP4 = {
    "title": ("©nam",), "artist": ("©ART",), "albumartist": ("aART",), "album": ("©alb",), "tracknumber": ("trkn",),
    "discnumber": ("disk",), "date": ("©day",), "genre": ("©gen",), "composer": ("©wrt",), "comment": ("©cmt",),
    "copyright": ("cprt",), "lyrics": ("©lyr",), "compilation": ("cpil",), "isrc": ("----:com.apple.iTunes:ISRC",),
    "lyricist": ("----:com.apple.iTunes:LYRICIST",), "conductor": ("----:com.apple.iTunes:CONDUCTOR",),
    "remixer": ("----:com.apple.iTunes:REMIXER",), "producer": ("----:com.apple.iTunes:PRODUCER",),
    "artists": ("----:com.apple.iTunes:ARTISTS",),
}  # fmt: skip
_ASF = {
    "title": ("Title",), "artist": ("Author", "WM/Author"), "albumartist": ("WM/AlbumArtist",),
    "album": ("WM/AlbumTitle",), "tracknumber": ("WM/TrackNumber", "WM/Track"), "discnumber": ("WM/PartOfSet",),
    "date": ("WM/Year",), "genre": ("WM/Genre",), "isrc": ("WM/ISRC",), "composer": ("WM/Composer",),
    "lyricist": ("WM/Writer",), "conductor": ("WM/Conductor",), "remixer": ("WM/ModifiedBy",),
    "producer": ("WM/Producer",), "comment": ("Description",), "copyright": ("Copyright",), "lyrics": ("WM/Lyrics",),
    "compilation": ("WM/IsCompilation",),
}  # fmt: skip
_ALIASES = {  # names that APEv2, FFmpeg and loose Vorbis writers use
    "track": "tracknumber", "disc": "discnumber", "disk": "discnumber", "year": "date", "album artist": "albumartist",
    "album_artist": "albumartist", "author": "artist", "unsyncedlyrics": "lyrics", "description": "comment",
    "writer": "lyricist", "mixartist": "remixer", "originaldate": "date", "tsrc": "isrc", "wm/year": "date",
    "creation_time": "",
}  # fmt: skip

Fields = dict[str, list[str]]


def read_tags(path: str, seen_by_ffmpeg: Mapping[str, str], most_picture_bytes: int) -> tuple[Tags, Picture | None]:
    """Tags and the front cover (else the first picture). Unreadable tags are no tags: the sound decides."""
    picture: Picture | None = None
    fields: Fields = {}
    try:
        file = mutagen.File(path)
        if file is not None and file.tags is not None:
            fields = _fields(file.tags)
            picture = _picture(file)
    except Exception:  # noqa: S110 - mutagen raises whatever its parser stumbles over
        pass
    for name, value in _from_mapping(seen_by_ffmpeg.items()).items():
        fields.setdefault(name, value)
    if picture is not None and len(picture.data) > most_picture_bytes:
        picture = None
    return _tags(fields), picture


def _is(tags: Any, family: type) -> bool:
    return isinstance(tags, family)


def _fields(tags: Any) -> Fields:
    if _is(tags, ID3):
        return _from_id3(tags)
    if _is(tags, MP4Tags):
        return _named(tags, _MP4)
    if _is(tags, ASFTags):
        return _named(tags, _ASF)
    if _is(tags, APEv2):
        return _from_mapping((key, list(value)) for key, value in tags.items() if value.kind == 0)
    return _from_mapping((key, tags[key]) for key in {str(key) for key in tags.keys()})  # noqa: SIM118


def _named(tags: Any, names: Mapping[str, Sequence[str]]) -> Fields:
    fields: Fields = {}
    for field, keys in names.items():
        for key in keys:
            if key in tags:
                fields[field] = [_text(value) for value in _listed(tags[key])]
                break
    return fields


def _from_id3(tags: Any) -> Fields:
    fields: Fields = {}
    for field, keys in _ID3.items():
        for key in keys:
            if key in tags:
                frame = tags[key]
                fields[field] = [str(text) for text in (frame.genres if key == "TCON" else frame.text)]
                break
    for frame in tags.getall("TXXX"):
        fields.setdefault(_ALIASES.get(frame.desc.lower(), frame.desc.lower()), [str(text) for text in frame.text])
    for frame in (*tags.getall("TIPL"), *tags.getall("TMCL"), *tags.getall("IPLS")):
        for role, name in frame.people:
            fields.setdefault(role.lower(), []).append(name)
    comments = [frame for frame in tags.getall("COMM") if not frame.desc.startswith("iTun")]
    if comments:
        fields["comment"] = ["\n".join(str(text) for text in comments[0].text)]
    for frame in tags.getall("USLT")[:1]:
        fields["lyrics"] = [str(frame.text)]
    return fields


def _from_mapping(items: Iterable[tuple[str, Any]]) -> Fields:
    fields: Fields = {}
    for key, value in items:
        name = key.lower()
        name = _ALIASES.get(name, name)
        if name and not name.startswith(("metadata_block", "coverart", "cover art")):
            fields.setdefault(name, []).extend(_text(one) for one in _listed(value))
    return fields


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, tuple):  # MP4 pairs: number, total
        return "/".join(str(part) for part in value)
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value)


def _clean(values: Iterable[str]) -> tuple[str, ...]:
    """NFC, no control characters but line ends, no empty or repeated values."""
    cleaned: dict[str, None] = {}
    for value in values:
        text = unicodedata.normalize("NFC", value[:_MOST_TEXT]).replace("\r\n", "\n").replace("\r", "\n")
        text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()
        if text:
            cleaned[text] = None
        if len(cleaned) == _MOST_VALUES:
            break
    return tuple(cleaned)


def _tags(fields: Fields) -> Tags:
    def many(*names: str) -> tuple[str, ...]:
        for name in names:
            if found := _clean(fields.get(name, ())):
                return found
        return ()

    def one(*names: str) -> str | None:
        found = many(*names)
        return found[0] if found else None

    artists = many("artists") or many("artist")
    isrc = re.sub(r"[^A-Z0-9]", "", (one("isrc") or "").upper())
    return Tags(
        title=one("title"),
        artists=artists,
        album_artists=many("albumartists", "albumartist"),
        album=one("album"),
        track_number=_number(one("tracknumber")),
        disc_number=_number(one("discnumber")),
        year=_year(one("date")),
        genres=_genres(many("genre")),
        isrc=isrc if re.fullmatch(r"[A-Z]{2}[A-Z0-9]{3}\d{7}", isrc) else None,
        credits=tuple((role, name) for role in _ROLES for name in many(role)),
        comment=one("comment"),
        copyright=one("copyright"),
        lyrics=one("lyrics"),
        compilation=one("compilation") in ("1", "true", "True"),
    )


def _number(text: str | None) -> int | None:
    """The first number of `3`, `3/12`, `A3`; zero means none."""
    found = re.search(r"\d{1,5}", text or "")
    return int(found[0]) or None if found else None


def _year(text: str | None) -> int | None:
    found = re.search(r"(?<!\d)(1[4-9]\d\d|2\d\d\d)(?!\d)", text or "")
    return int(found[0]) if found else None


def _genres(values: Sequence[str]) -> tuple[str, ...]:
    return _clean(part for value in values for part in re.split(r"[;\x00]|\s/\s", value))


def _picture(file: Any) -> Picture | None:
    candidates: list[tuple[int, bytes]] = []
    tags = file.tags
    if _is(tags, ID3):
        candidates += [(frame.type, frame.data) for frame in tags.getall("APIC")]
    elif _is(tags, MP4Tags):
        for cover in tags.get("covr", ()):
            candidates.append((_FRONT_COVER, bytes(cover)))
    elif _is(tags, APEv2):
        for key, value in tags.items():
            if key.lower().startswith("cover art") and value.kind == 1:
                _, _, data = value.value.partition(b"\0")
                candidates.append((_FRONT_COVER if "front" in key.lower() else 0, data))
    elif not _is(tags, ASFTags):
        candidates += [(picture.type, picture.data) for picture in getattr(file, "pictures", ())]
        for block in tags.get("metadata_block_picture", ()):
            picture: Any = FlacPicture(base64.b64decode(block))  # type: ignore[no-untyped-call]
            candidates.append((picture.type, picture.data))
    known = [(kind, mime, data) for kind, data in candidates if (mime := picture_mime(data))]
    if not known:
        return None
    _, mime, data = min(known, key=lambda candidate: candidate[0] != _FRONT_COVER)
    return Picture(mime=mime, data=data)


def picture_mime(data: bytes) -> str | None:
    """By the first bytes: what the tag claims is often wrong. None for what is no picture."""
    for start, mime in _PICTURES:
        if data.startswith(start):
            return mime
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return "image/avif" if data[4:12] in (b"ftypavif", b"ftypavis") else None
