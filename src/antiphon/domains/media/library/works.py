"""From what files say of themselves to what the catalogue takes. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from uuid import UUID

from antiphon.domains.catalog.api import ImportedAlbum, ImportedArtist, ImportedTrack
from antiphon.domains.media.library.cue import CueFile, CueSheet, CueTrack
from antiphon.domains.media.library.kinds import mime_of
from antiphon.domains.media.library.walker import Entry
from antiphon.domains.media.ports import ReadFile
from antiphon.kit.text import clean, search_key

__all__ = ["Sheet", "Work", "works_of"]

VARIOUS = ImportedArtist("Various Artists", None, UUID("89ad4ac3-39f7-470e-963a-56509c546377"))
UNKNOWN = ImportedArtist("Unknown artist")
_DISC = re.compile(r"(?:cd|dis[ck]|disque|vol(?:ume)?)[\s._-]*(\d{1,3})(?:\b.*)?", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:(\d{1,2})-)?(\d{1,3})(?:\s*[-._]\s*|\s+)(?=\S)")
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}\d{7}")
_NO_ISRC = re.compile(r"[^A-Z0-9]")
_NO_DIGIT = re.compile(r"\D")
_NUMBER = re.compile(r"(?:\d{1,2}-)?\d{1,3}(?!\d)")
_FEATURING = re.compile(r"\s+[(\[]?(?:feat\.?|ft\.|featuring)\s+(.+?)[)\]]?$", re.IGNORECASE)
_KINDS = {
    "compilation": "compilation", "live": "live", "remix": "remix", "dj-mix": "mixtape", "mixtape/street": "mixtape",
    "soundtrack": "soundtrack", "demo": "demo", "spokenword": "spoken", "interview": "spoken",
    "audiobook": "audiobook", "audio drama": "audiobook", "ep": "ep", "single": "single", "broadcast": "broadcast",
    "other": "other", "album": "album",
}  # fmt: skip
_NAME, _SHORT, _TEXT = 300, 60, 5_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """The part of a cue sheet that speaks of one sound file."""

    sheet: CueSheet
    file: CueFile


@dataclass(slots=True)
class Work:
    """One track to be: a file, or a part of one."""

    entry: Entry
    read: ReadFile
    part: int
    start_ms: int | None
    end_ms: int | None
    pid: UUID
    track: ImportedTrack


@dataclass(slots=True)
class _Draft:
    entry: Entry
    read: ReadFile
    sheet: CueSheet | None
    cut: CueTrack | None
    part: int
    end_ms: int | None
    artists: tuple[ImportedArtist, ...]
    title: str
    album: str
    track_number: int | None
    disc_number: int | None


def works_of(folder: str, files: Sequence[tuple[Entry, ReadFile]], sheets: Mapping[str, Sheet]) -> list[Work]:
    """Of one folder; `sheets` is by file name. Nobody has asked yet which of them the catalogue knows."""
    place = _artist_by_place(folder, [entry.name for entry, _ in files])
    drafts = [draft for entry, read in files for draft in _drafts(folder, entry, read, sheets.get(entry.name), place)]
    groups: dict[tuple[str, str, str], list[_Draft]] = {}
    for draft in drafts:
        if draft.album:
            key = (search_key(draft.album), search_key(draft.read.edition or ""), draft.read.release_mbid or "")
            groups.setdefault(key, []).append(draft)
    albums = {key: _album(folder, group) for key, group in groups.items()}
    works = []
    for draft in drafts:
        key = (search_key(draft.album), search_key(draft.read.edition or ""), draft.read.release_mbid or "")
        works.append(_work(folder, draft, albums.get(key)))
    return works


def _drafts(
    folder: str, entry: Entry, read: ReadFile, sheet: Sheet | None, place: tuple[ImportedArtist, ...]
) -> list[_Draft]:
    """`place` is who plays where nothing else says it."""
    if sheet is None or len(sheet.file.tracks) < 2:
        return [_whole(folder, entry, read, sheet, place)]
    cuts = sorted(sheet.file.tracks, key=lambda cut: cut.start_ms)
    whole = read.duration_ms
    drafts = []
    for part, cut in enumerate(cuts, 1):
        if whole is not None and cut.start_ms >= whole:
            continue
        end = cuts[part].start_ms if part < len(cuts) and (whole is None or cuts[part].start_ms < whole) else None
        performer = clean(cut.performer or sheet.sheet.performer)[:_NAME]
        artists = (ImportedArtist(performer),) if performer else _artists(read) or place
        title = clean(cut.title)[:_NAME] or f"Track {cut.number:02d}"
        album = clean(read.album or sheet.sheet.title)[:_NAME] or _album_by_place(folder)
        disc = sheet.sheet.disc or read.disc_number or _disc_of(folder)
        drafts.append(_Draft(entry, read, sheet.sheet, cut, part, end, artists, title, album, cut.number, disc))
    return drafts


def _whole(folder: str, entry: Entry, read: ReadFile, sheet: Sheet | None, place: tuple[ImportedArtist, ...]) -> _Draft:
    """A file that is one track; what it does not say, the sheet, its name and its folders say."""
    stem = clean(entry.name.rpartition(".")[0])
    cut = sheet.file.tracks[0] if sheet is not None and sheet.file.tracks else None
    number = read.track_number or (cut.number if cut else None)
    disc = read.disc_number or _disc_of(folder)
    title = read.title or (clean(cut.title) if cut else "")
    if not title:
        found = _NUMBERED.match(stem)
        if found:
            disc = disc or (int(found[1]) if found[1] and int(found[1]) else None)
            number = number or int(found[2]) or None
        title = (stem[found.end() :] if found else stem).replace("_", " ").strip() or stem or "Untitled"
    artists = _artists(read)
    if not artists and cut and (performer := clean(cut.performer or (sheet.sheet.performer if sheet else ""))):
        artists = (ImportedArtist(performer[:_NAME]),)
    album = read.album or (clean(sheet.sheet.title) if sheet else "") or _album_by_place(folder)
    of_sheet = sheet.sheet if sheet else None
    names = (artists or place, title[:_NAME], album[:_NAME])
    return _Draft(entry, read, of_sheet, None, 0, None, *names, number, disc)


def _folders(folder: str) -> list[str]:
    """From the inside out, without those that only number discs."""
    names = [clean(name) for name in reversed(folder.split("/")) if name]
    return names[1:] if names and _DISC.fullmatch(names[0]) and len(names) > 1 else names


def _album_by_place(folder: str) -> str:
    names = _folders(folder)
    return names[0][:_NAME] if names else ""


def _artist_by_place(folder: str, files: Sequence[str]) -> tuple[ImportedArtist, ...]:
    """`Artist/Album/03 Title`: a folder whose files are numbered as an album's tracks are lies in its artist's. Of any
    other it is unknown who plays: `Games/Menus` names nobody."""
    names = _folders(folder)
    numbered = sum(_NUMBER.match(name.strip()) is not None for name in files)
    return (ImportedArtist(names[1][:_NAME]),) if len(names) > 1 and 2 * numbered > len(files) else (UNKNOWN,)


def _disc_of(folder: str) -> int | None:
    found = _DISC.fullmatch(folder.rpartition("/")[2].strip())
    return int(found[1]) or None if found else None


def _home(folder: str) -> str:
    """The folder of the album: discs lie below it."""
    above, _, name = folder.rpartition("/")
    return above if above and _DISC.fullmatch(name.strip()) else folder


def _artists(read: ReadFile) -> tuple[ImportedArtist, ...]:
    names = read.artists
    if len(names) == 1 and len(read.artist_mbids) <= 1 and (found := _FEATURING.search(names[0])):
        names = (names[0][: found.start()], found[1])
    return _named(names, read.artist_sorts, read.artist_mbids, read.artist or "")


def _named(
    names: Sequence[str], sorts: Sequence[str], mbids: Sequence[str], display: str
) -> tuple[ImportedArtist, ...]:
    """Sort names and ids count only where there is one for each name: else nobody knows whose they are."""
    same_ids, same_sorts = len(mbids) == len(names), len(sorts) == len(names)
    made, at = [], 0
    for index, name in enumerate(names):
        joined = ""
        if index + 1 < len(names):
            begin = display.find(name, at)
            after = display.find(names[index + 1], begin + len(name)) if begin >= 0 else -1
            between = display[begin + len(name) : after] if after >= 0 else ""
            at = max(at, after)
            joined = between if 0 < len(between) <= 20 else ", "
        short = name[:_NAME].strip()
        if short:
            mbid = UUID(mbids[index]) if same_ids else None
            made.append(ImportedArtist(short, sorts[index][:_NAME] if same_sorts else None, mbid, joined))
    return tuple(made)


def _album(folder: str, group: Sequence[_Draft]) -> ImportedAlbum:
    first = group[0].read
    artists, various = _album_artists(group)
    compilation = various or any(draft.read.compilation for draft in group)
    date, precision = _date(next((d for draft in group if (d := draft.read.date or _sheet_date(draft))), None))
    original, original_precision = _date(next((d for draft in group if (d := draft.read.original_date)), None))
    kind = next((_KINDS[kind] for kind in _KINDS if kind in first.kinds), "compilation" if compilation else "album")
    upc = _NO_DIGIT.sub("", first.barcode or "")
    return ImportedAlbum(
        artists=artists,
        title=group[0].album,
        home=_home(folder),
        sort_title=first.sort_album if first.sort_album != group[0].album else None,
        kind=kind,
        edition=(first.edition or "")[:_NAME],
        release_date=date,
        release_precision=precision,
        original_date=original,
        original_precision=original_precision,
        label=(first.label or "")[:_NAME],
        catalog_number=(first.catalog_number or "")[:_SHORT],
        upc=upc if 8 <= len(upc) <= 14 else None,
        compilation=compilation,
        explicit=any(draft.read.explicit for draft in group),
        mbid=UUID(first.release_mbid) if first.release_mbid else None,
        release_group_mbid=UUID(first.release_group_mbid) if first.release_group_mbid else None,
    )


def _sheet_date(draft: _Draft) -> str | None:
    found = re.fullmatch(r"(1\d{3}|2\d{3})(?:-\d\d){0,2}", draft.sheet.date) if draft.sheet else None
    return found[0] if found else None


def _album_artists(group: Sequence[_Draft]) -> tuple[tuple[ImportedArtist, ...], bool]:
    """As most of its files say; else the one who plays it all; else various."""
    said = Counter(
        named
        for draft in group
        if (named := _named(draft.read.album_artists, draft.read.album_artist_sorts, draft.read.album_artist_mbids, ""))
    )
    if said:
        return said.most_common(1)[0][0], False
    of_sheet = {clean(draft.sheet.performer)[:_NAME] for draft in group if draft.sheet and draft.sheet.performer}
    if len(of_sheet) == 1 and (name := of_sheet.pop()):
        return (ImportedArtist(name),), False
    if any(draft.read.compilation for draft in group):
        return (VARIOUS,), True
    leading = {(search_key(draft.artists[0].name), draft.artists[0].mbid): draft.artists[0] for draft in group}
    if len(leading) == 1:
        (one,) = leading.values()
        return (ImportedArtist(one.name, one.sort_name, one.mbid),), False
    return (VARIOUS,), True


def _date(text: str | None) -> tuple[str | None, str]:
    if text is None:
        return None, "day"
    parts = text.split("-")
    whole = "-".join([*parts, *["01"] * (3 - len(parts))])
    if parts[1:2] and int(parts[-1]) > 28 and len(parts) == 3 and parts[1] in ("02", "04", "06", "09", "11"):
        whole = f"{parts[0]}-{parts[1]}-{min(int(parts[2]), 28 if parts[1] == '02' else 30):02d}"
    return whole, ("year", "month", "day")[len(parts) - 1]


def _pid(draft: _Draft, album: ImportedAlbum | None) -> UUID:
    """What makes it the same track wherever it lies and whatever it is called."""
    read = draft.read
    of_album = f"{search_key(album.artists[0].name)}\t{search_key(album.title)}\t{album.mbid or ''}" if album else ""
    if read.release_track_mbid and not draft.cut:
        parts = ["t", read.release_track_mbid]
    elif read.recording_mbid and not draft.cut:
        parts = ["r", read.recording_mbid, of_album, str(draft.disc_number), str(draft.track_number)]
    else:
        names = (search_key(draft.artists[0].name), search_key(draft.title))
        parts = ["n", of_album, str(draft.disc_number), str(draft.track_number), *names]
    return UUID(bytes=blake2b("\n".join(parts).encode(), digest_size=16).digest())


def _work(folder: str, draft: _Draft, album: ImportedAlbum | None) -> Work:
    read, cut = draft.read, draft.cut
    start = cut.start_ms if cut else None
    duration = read.duration_ms
    if cut:
        end = draft.end_ms if draft.end_ms is not None else duration
        duration = end - cut.start_ms if end is not None else None
    date = read.original_date or read.date or _sheet_date(draft)
    isrc = _NO_ISRC.sub("", (cut.isrc if cut else read.isrc or "").upper())
    genres = read.genres or ((clean(draft.sheet.genre),) if draft.sheet and draft.sheet.genre else ())
    credits = read.credits if not cut else (("composer", clean(cut.songwriter)),) if cut.songwriter else ()
    track = ImportedTrack(
        id=None,
        folder=folder,
        artists=draft.artists,
        album=album,
        title=draft.title,
        sort_title=read.sort_title[:_NAME] if read.sort_title and not cut else None,
        disc_title=read.disc_title[:_NAME] if read.disc_title else None,
        disc_number=draft.disc_number,
        track_number=draft.track_number,
        year=int(date[:4]) if date else None,
        explicit=read.explicit,
        isrc=isrc if _ISRC.fullmatch(isrc) else None,
        duration_ms=duration,
        bpm=read.bpm,
        musical_key=read.musical_key[:_SHORT] if read.musical_key else None,
        language=read.language[:_SHORT] if read.language else None,
        moods=tuple(mood[:_SHORT] for mood in read.moods),
        genres=tuple(genre[:_SHORT] for genre in genres),
        credits=tuple((role, name[:_NAME]) for role, name in credits if name)[:100],
        work=(read.work or "")[:_NAME],
        movement=(read.movement or "")[:_NAME],
        comment=(read.comment or "")[:_TEXT],
        copyright=(read.copyright or "")[:_NAME],
        mbid=UUID(read.recording_mbid) if read.recording_mbid and not cut else None,
        path=f"{folder}/{draft.entry.name}" if folder else draft.entry.name,
        suffix=draft.entry.suffix,
        mime=mime_of(draft.entry.suffix),
        codec=read.codec,
        bytes=draft.entry.size,
        bitrate_kbps=read.bitrate_kbps,
        sample_rate=read.sample_rate,
        channels=read.channels,
        bit_depth=read.bit_depth,
        track_gain=cut.gain if cut else read.track_gain,
        track_peak=cut.peak if cut else read.track_peak,
        album_gain=read.album_gain,
        album_peak=read.album_peak,
    )
    return Work(draft.entry, read, draft.part, start, draft.end_ms, _pid(draft, album), track)
