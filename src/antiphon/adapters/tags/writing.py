"""Tags into one file: into a copy beside it that takes its place when it reads as it should. Runs in children only."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from typing import Any

import mutagen
from mutagen.apev2 import APEv2
from mutagen.asf import ASFTags
from mutagen.id3 import ID3, Frames
from mutagen.mp4 import MP4FreeForm, MP4Tags

from antiphon.adapters.tags.fields import ASF_KEYS, ID3_FRAMES, MP4_ATOMS, plain
from antiphon.adapters.tags.reading import read_file

__all__ = ["write_file"]

_MUSICBRAINZ = "http://musicbrainz.org"
_ITUNES = "----:com.apple.iTunes:"
_PICARD = {  # free names as other programs know them; what is not here is written in capitals
    "musicbrainztrackid": ("MusicBrainz Track Id", "MUSICBRAINZ_TRACKID"),
    "musicbrainzalbumid": ("MusicBrainz Album Id", "MUSICBRAINZ_ALBUMID"),
    "musicbrainzartistid": ("MusicBrainz Artist Id", "MUSICBRAINZ_ARTISTID"),
    "musicbrainzalbumartistid": ("MusicBrainz Album Artist Id", "MUSICBRAINZ_ALBUMARTISTID"),
    "musicbrainzreleasegroupid": ("MusicBrainz Release Group Id", "MUSICBRAINZ_RELEASEGROUPID"),
    "releasetype": ("MusicBrainz Album Type", "RELEASETYPE"),
    "key": ("initialkey", "INITIALKEY"),
}
_APE = {"albumartist": "Album Artist", "tracknumber": "Track", "discnumber": "Disc", "date": "Year"}
_ASF = {  # as other programs spell them; the rest is free
    "title": "Title", "artist": "Author", "album": "WM/AlbumTitle", "albumartist": "WM/AlbumArtist",
    "tracknumber": "WM/TrackNumber", "discnumber": "WM/PartOfSet", "date": "WM/Year", "genre": "WM/Genre",
    "originaldate": "WM/OriginalReleaseTime", "mood": "WM/Mood", "isrc": "WM/ISRC", "label": "WM/Publisher",
    "compilation": "WM/IsCompilation", "bpm": "WM/BeatsPerMinute", "key": "WM/InitialKey", "comment": "Description",
    "language": "WM/Language", "composer": "WM/Composer", "lyricist": "WM/Writer", "conductor": "WM/Conductor",
    "remixer": "WM/ModifiedBy", "producer": "WM/Producer", "discsubtitle": "WM/SetSubTitle", "copyright": "Copyright",
    "artistsort": "WM/ArtistSortOrder", "albumartistsort": "WM/AlbumArtistSortOrder", "barcode": "WM/Barcode",
    "titlesort": "WM/TitleSortOrder", "albumsort": "WM/AlbumSortOrder", "catalognumber": "WM/CatalogNo",
}  # fmt: skip
_free_form: Any = MP4FreeForm
_NUMBERED = ("tracknumber", "discnumber")
_PEOPLE = ("TIPL", "TMCL", "IPLS")

Wanted = Mapping[str, Sequence[str]]


def write_file(path: str, wanted: Wanted) -> str | None:
    """Set these tags, by the names of `fields`; empty ones go. None, or why nothing was written: a code.

    `no_permission`, `unreadable` (the disk), `damaged`, `not_audio` (no tags are kept in such a file), `changed`
    (somebody else wrote it meanwhile). Whatever happens, the file is whole: as it was, or as asked for.
    """
    beside = _beside(path)
    try:
        before = os.stat(path)
        shutil.copy2(path, beside)
        if trouble := _write(beside, wanted) or _broken(path, beside):
            return trouble
        with open(beside, "rb") as file:
            os.fsync(file.fileno())
        now = os.stat(path)
        if (before.st_mtime_ns, before.st_size, before.st_ino) != (now.st_mtime_ns, now.st_size, now.st_ino):
            return "changed"
        with suppress(OSError):  # another owner is kept where the server may give files away
            os.chown(beside, before.st_uid, before.st_gid)
        os.replace(beside, path)
    except PermissionError:
        return "no_permission"
    except OSError:
        return "unreadable"
    finally:
        with suppress(OSError):
            os.unlink(beside)
    return None


def _beside(path: str) -> str:
    """One name for each file, so that what a crash left is taken away by the next try. Scans pass it over."""
    folder, name = os.path.split(path)
    digest = blake2b(os.fsencode(name), digest_size=8).hexdigest()
    return os.path.join(folder, f".antiphon-{digest}{os.path.splitext(name)[1]}")


def _broken(path: str, beside: str) -> str | None:
    """What the copy has lost: it must be the same sound still."""
    old, new = read_file(path), read_file(beside)
    same = (old.codec, old.sample_rate, old.channels, old.has_picture) == (
        new.codec, new.sample_rate, new.channels, new.has_picture,
    )  # fmt: skip
    lasts = abs((old.duration_ms or 0) - (new.duration_ms or 0)) <= 50
    return None if new.error is None and same and lasts else "damaged"


def _write(path: str, wanted: Wanted) -> str | None:
    try:
        file: Any = mutagen.File(path)
        if file is None:
            return "not_audio"
        if file.tags is None:
            file.add_tags()
        return _set(file, wanted)
    except mutagen.MutagenError as error:
        if error.args and isinstance(error.args[0], OSError):
            raise error.args[0] from error
        return "damaged"
    except NotImplementedError:  # a kind that has none
        return "not_audio"
    except (OSError, MemoryError):
        raise
    except Exception:  # mutagen raises whatever its parser stumbles over
        return "damaged"


def _set(file: Any, wanted: Wanted) -> str | None:
    tags = file.tags
    if isinstance(tags, ID3):
        _into_id3(tags, wanted)
        if tags.version >= (2, 4):
            file.save()
        else:
            _as_v23(tags)
            file.save(v2_version=3, v23_sep="; ")
        return None
    if isinstance(tags, MP4Tags):
        _into_mp4(tags, wanted)
    elif isinstance(tags, ASFTags):
        _into_asf(tags, wanted)
    elif isinstance(tags, APEv2):
        _into_ape(tags, wanted)
    else:
        _into_vorbis(tags, wanted)
    file.save()
    return None


def _numbered(name: str, values: Sequence[str], before: str) -> Sequence[str]:
    """A number keeps the total that stood behind it."""
    total = before.partition("/")[2].strip()
    return [f"{values[0]}/{total}"] if name in _NUMBERED and values and total.isdecimal() else values


def _into_id3(tags: Any, wanted: Wanted) -> None:
    for name, given in wanted.items():
        frame = next(iter(ID3_FRAMES.get(name, ())), None)
        values = _numbered(name, given, str(tags[frame]) if frame in tags else "") if frame else given
        for key in [key for key in tags if _means(tags, key, name)]:
            del tags[key]
        for people in (tags[key] for key in _PEOPLE if key in tags):
            people.people = [pair for pair in people.people if plain(pair[0]) != name]
        if not values:
            continue
        if frame:
            tags.add(Frames[frame](encoding=3, text=list(values)))
        elif name == "comment":
            tags.add(Frames["COMM"](encoding=3, lang="eng", desc="", text=list(values)))
        elif name == "musicbrainztrackid":
            tags.add(Frames["UFID"](owner=_MUSICBRAINZ, data=values[0].encode()))
        else:
            tags.add(Frames["TXXX"](encoding=3, desc=_free(name, 0), text=list(values)))


def _as_v23(tags: Any) -> None:
    """Dates and people are said otherwise; what 2.3 does not know is written by others all the same, and kept."""
    before = dict(tags)
    tags.update_to_v23()
    for key, frame in before.items():
        if key not in tags and key not in ("TDRC", "TDOR", "TIPL", "TMCL"):
            tags.add(frame)


def _means(tags: Any, key: str, name: str) -> bool:
    if key.startswith("TXXX:"):
        return plain(tags[key].desc) == name
    if key.startswith("COMM"):
        return name == "comment" and not tags[key].desc.startswith("iTun")
    if key == f"UFID:{_MUSICBRAINZ}":
        return name == "musicbrainztrackid"
    return key in ID3_FRAMES.get(name, ())


def _into_mp4(tags: Any, wanted: Wanted) -> None:
    for name, given in wanted.items():
        atom = next(iter(MP4_ATOMS.get(name, ())), "")
        pair = next(iter(tags.get(atom, ())), None) if name in _NUMBERED else None
        free = [key for key in tags if key.startswith("----:") and plain(key.rpartition(":")[2]) == name]
        for key in (*free, atom):
            tags.pop(key, None)
        if not given:
            continue
        if name in _NUMBERED:
            tags[atom] = [(int(given[0]), pair[1] if pair else 0)]
        elif name == "compilation":
            tags[atom] = given[0] == "1"
        elif name in ("bpm", "itunesadvisory"):
            tags[atom] = [round(float(given[0]))]
        elif atom:
            tags[atom] = list(given)
        else:
            tags[_ITUNES + _free(name, 0)] = [_free_form(value.encode()) for value in given]


def _into_asf(tags: Any, wanted: Wanted) -> None:
    for name, values in wanted.items():
        known = ASF_KEYS.get(name, ())
        _drop({key for key, _ in tags if key.lower() in known or plain(key) == name}, tags)
        if values:
            tags[_ASF.get(name, _free(name, 0))] = list(values)


def _into_ape(tags: Any, wanted: Wanted) -> None:
    for name, given in wanted.items():
        key = _APE.get(name, name.capitalize() if name not in _PICARD else _free(name, 1))
        values = _numbered(name, given, str(tags[key]) if key in tags else "")
        _drop([old for old in tags if plain(old) == name and tags[old].kind == 0], tags)
        if values:
            tags[key] = list(values)


def _into_vorbis(tags: Any, wanted: Wanted) -> None:
    for name, given in wanted.items():
        key = _free(name, 1)
        values = _numbered(name, given, tags[key][0] if key in tags else "")
        _drop({old for old, _ in tags if plain(old) == name}, tags)
        if values:
            tags[key] = list(values)


def _drop(keys: Iterable[str], tags: Any) -> None:
    for key in keys:
        del tags[key]


def _free(name: str, dialect: int) -> str:
    return _PICARD[name][dialect] if name in _PICARD else name.upper()
