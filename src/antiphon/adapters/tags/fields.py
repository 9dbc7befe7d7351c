"""Tags of every family under one set of names: lower case, without blanks and underscores, as Vorbis comments are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from mutagen.apev2 import APEv2
from mutagen.asf import ASFTags
from mutagen.id3 import ID3
from mutagen.mp4 import MP4Tags

from antiphon.adapters.tags.quick_id3 import QuickTags
from antiphon.adapters.tags.quick_mp4 import QuickAtoms

__all__ = ["ASF_KEYS", "ID3_FRAMES", "MP4_ATOMS", "Fields", "fields_of", "has_picture", "plain"]

Fields = dict[str, list[str]]

_ID3 = {
    "TIT2": "title", "TIT3": "subtitle", "TSOT": "titlesort", "TPE1": "artist", "TSOP": "artistsort",
    "TPE2": "albumartist", "TSO2": "albumartistsort", "TALB": "album", "TSOA": "albumsort", "TRCK": "tracknumber",
    "TPOS": "discnumber", "TSST": "discsubtitle", "TDRC": "date", "TYER": "date", "TDOR": "originaldate",
    "TORY": "originaldate", "TDRL": "releasedate", "TCON": "genre", "TMOO": "mood", "TSRC": "isrc", "TPUB": "label",
    "TCMP": "compilation", "TBPM": "bpm", "TKEY": "key", "TLAN": "language", "TCOP": "copyright", "TIT1": "grouping",
    "TCOM": "composer", "TEXT": "lyricist", "TPE3": "conductor", "TPE4": "remixer", "MVNM": "movementname",
}  # fmt: skip
_MP4 = {
    "©nam": "title", "sonm": "titlesort", "©ART": "artist", "soar": "artistsort", "aART": "albumartist",
    "soaa": "albumartistsort", "©alb": "album", "soal": "albumsort", "trkn": "tracknumber", "disk": "discnumber",
    "©day": "date", "©gen": "genre", "cpil": "compilation", "tmpo": "bpm", "cprt": "copyright", "©cmt": "comment",
    "©lyr": "lyrics", "©wrt": "composer", "rtng": "itunesadvisory", "©wrk": "work", "©mvn": "movementname",
}  # fmt: skip
_ASF = {
    "author": "artist", "wm/albumtitle": "album", "wm/albumartist": "albumartist", "wm/tracknumber": "tracknumber",
    "wm/track": "tracknumber", "wm/partofset": "discnumber", "wm/year": "date", "wm/originalreleasetime":
    "originaldate", "wm/genre": "genre", "wm/mood": "mood", "wm/isrc": "isrc", "wm/publisher": "label",
    "wm/iscompilation": "compilation", "wm/beatsperminute": "bpm", "wm/initialkey": "key", "wm/language": "language",
    "wm/composer": "composer", "wm/writer": "lyricist", "wm/conductor": "conductor", "wm/modifiedby": "remixer",
    "wm/producer": "producer", "wm/lyrics": "lyrics", "description": "comment", "wm/setsubtitle": "discsubtitle",
    "wm/artistsortorder": "artistsort", "wm/albumartistsortorder": "albumartistsort", "wm/titlesortorder": "titlesort",
    "wm/originalreleaseyear": "originaldate",
    "wm/albumsortorder": "albumsort", "wm/barcode": "barcode", "wm/catalogno": "catalognumber",
}  # fmt: skip
_ALIASES = {
    "track": "tracknumber", "disc": "discnumber", "disk": "discnumber", "year": "date", "originalyear": "originaldate",
    "unsyncedlyrics": "lyrics", "description": "comment", "writer": "lyricist", "mixartist": "remixer",
    "initialkey": "key", "catalog": "catalognumber", "catalogno": "catalognumber", "labelno": "catalognumber",
    "publisher": "label", "organization": "label", "tempo": "bpm", "upc": "barcode", "ean": "barcode",
    "musicbrainzrecordingid": "musicbrainztrackid", "musicbrainzalbumstatus": "releasestatus",
    "musicbrainzalbumtype": "releasetype", "albumversion": "edition", "version": "subtitle",
    "ensemble": "performer", "sortartist": "artistsort", "movement": "movementname",
}  # fmt: skip


def _by_field(names: dict[str, str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, field in names.items():
        found[field] = (*found.get(field, ()), name)
    return found


# Of each field the names that say it; the first is the one to write.
ID3_FRAMES = _by_field(_ID3)
MP4_ATOMS = _by_field(_MP4)
ASF_KEYS = _by_field(_ASF)
_NO_LETTERS = re.compile(r"[\s_/\-]+")
_PICTURES = ("metadatablockpicture", "coverart")


@lru_cache(2048)  # the same few names in every file
def plain(key: str) -> str:
    """A free name as it is called here."""
    name = _NO_LETTERS.sub("", key.lower())
    return _ALIASES.get(name, name)


def _is(tags: Any, family: Any) -> bool:  # so that the type stays unknown: mutagen says nothing of its own
    return isinstance(tags, family)


def fields_of(tags: Any) -> Fields:
    if _is(tags, QuickTags):
        return _of_frames(tags)
    if _is(tags, ID3):
        return _of_id3(tags)
    if _is(tags, (QuickAtoms, MP4Tags)):
        return _of_mp4(tags)
    if _is(tags, ASFTags):
        return _mapped((_ASF.get(key.lower(), key), [value]) for key, value in tags)
    if _is(tags, APEv2):
        return _mapped((key, list(value)) for key, value in tags.items() if value.kind == 0)
    return _mapped((key, [value]) for key, value in tags)  # Vorbis comments are pairs


def _mapped(items: Iterable[tuple[str, list[Any]]]) -> Fields:
    fields: Fields = {}
    for key, values in items:
        name = plain(key)
        if not name.startswith(_PICTURES):
            fields.setdefault(name, []).extend(_text(value) for value in values)
    return fields


def _of_id3(tags: Any) -> Fields:
    fields: Fields = {}
    for key, frame in tags.items():
        known = _ID3.get(key)
        if known is not None:
            texts = frame.genres if key == "TCON" else [str(text) for text in frame.text]
            if known not in fields:
                fields[known] = texts
        elif key.startswith("TXXX:"):
            fields.setdefault(plain(frame.desc), []).extend(str(text) for text in frame.text)
        elif key.startswith("COMM"):
            if not frame.desc.startswith("iTun"):
                fields.setdefault("comment", ["\n".join(str(text) for text in frame.text)])
        elif key.startswith("USLT"):
            fields.setdefault("lyrics", [str(frame.text)])
        elif key == "UFID:http://musicbrainz.org":
            fields["musicbrainztrackid"] = [frame.data.decode("ascii", "replace")]
        elif key in ("TIPL", "TMCL", "IPLS"):
            for role, name in frame.people:
                fields.setdefault(plain(role), []).append(str(name))
        elif key.startswith("RVA2:") and frame.channel == 1:
            about = frame.desc.lower() if frame.desc.lower() in ("track", "album") else "track"
            fields.setdefault(f"replaygain{about}gain", [str(frame.gain)])
            fields.setdefault(f"replaygain{about}peak", [str(frame.peak)])
    return fields


def _of_frames(tags: Any) -> Fields:
    fields: Fields = {}
    dates: dict[str, str] = {}
    for name, description, values in tags.frames:
        known = _ID3.get(name)
        if known is not None:
            fields.setdefault(known, values)
            dates[name] = values[0]
        elif name == "TDAT":
            dates[name] = values[0]
        elif name == "TXXX":
            fields.setdefault(plain(description), []).extend(values)
        elif name == "COMM" and not description.startswith("iTun"):
            fields.setdefault("comment", ["\n".join(values)])
        elif name == "USLT":
            fields.setdefault("lyrics", values[:1])
        elif name == "UFID" and description == "http://musicbrainz.org":
            fields["musicbrainztrackid"] = values
        elif name in ("TIPL", "TMCL", "IPLS"):
            for role, person in zip(values[::2], values[1::2], strict=False):
                fields.setdefault(plain(role), []).append(person)
    day = dates.get("TDAT", "")  # 2.3 keeps the day apart, as DDMM
    if "TDRC" not in dates and len(dates.get("TYER", "")) == 4 and len(day) == 4 and day.isdecimal():
        fields["date"] = [f"{dates['TYER']}-{day[2:]}-{day[:2]}"]
    return fields


def _of_mp4(tags: Any) -> Fields:
    fields: Fields = {}
    for key, values in tags.items():
        if key == "covr":
            continue
        freeform = key.startswith("----:")
        name = plain(key.rpartition(":")[2]) if freeform else _MP4.get(key)
        if name is not None:
            listed = values if isinstance(values, list) else [values]
            fields.setdefault(name, []).extend(_text(value) for value in listed)
    return fields


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, tuple):  # MP4 pairs: number, total
        return "/".join(str(part) for part in value)
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value)


def has_picture(file: Any, tags: Any) -> bool:
    if getattr(file, "pictures", None):
        return True
    for family, holds in _HOLDS_PICTURE:
        if _is(tags, family):
            return holds(tags)
    return tags is not None and "metadata_block_picture" in tags


_HOLDS_PICTURE: tuple[tuple[Any, Callable[[Any], bool]], ...] = (
    ((QuickTags, QuickAtoms), lambda tags: bool(tags.picture)),
    (ID3, lambda tags: any(key.startswith("APIC") for key in tags)),
    (MP4Tags, lambda tags: bool(tags.get("covr"))),
    (ASFTags, lambda tags: "WM/Picture" in tags),
    (APEv2, lambda tags: any(key.lower().startswith("cover art") for key in tags)),
)
