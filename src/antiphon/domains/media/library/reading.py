"""Reads a batch of files with what lies beside them: cue sheets and lyrics."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from antiphon.domains.media.library.cue import MOST_BYTES, decode_sheet, file_meant, parse_sheet
from antiphon.domains.media.library.spool import Slice
from antiphon.domains.media.library.walker import Entry, inside, place
from antiphon.domains.media.library.works import Sheet, Work, works_of
from antiphon.domains.media.ports import ReadFile, TagReaders
from antiphon.kit.logs import get_logger

__all__ = ["ReadSlice", "read_slices"]

log = get_logger(__name__)
AT_ONCE = 50  # files that one reader takes at a time: small enough to share, large enough to pay


@dataclass(slots=True)
class ReadSlice:
    """`works` is None where a fault of ours made nothing of files that could be read."""

    slice: Slice
    files: list[tuple[Entry, ReadFile]]
    works: list[Work] | None
    lyrics: dict[str, str]
    """Sound file → the .lrc beside it."""
    words: dict[str, bytes]
    """Sound file → the lyrics beside or within it."""


async def read_slices(readers: TagReaders, root: Path, batch: Sequence[Slice]) -> list[ReadSlice]:
    wanted = [(one, entry) for one in batch for entry in one.read]
    paths = [place(root, one.path, entry.name) for one, entry in wanted]
    chunks = [paths[start : start + AT_ONCE] for start in range(0, len(paths), AT_ONCE)]
    read = iter([file for chunk in await asyncio.gather(*map(readers.read, chunks)) for file in chunk])
    made = []
    for one in batch:
        files = [(entry, next(read)) for entry in one.read]
        sheets = await asyncio.to_thread(_sheets, root, one) if one.sheets else {}
        for entry, file in files:
            if file.cue_sheet and entry.name not in sheets and (found := _within(file.cue_sheet)):
                sheets[entry.name] = found
        beside = _lyrics(one)
        words = await asyncio.to_thread(_words, root, one, beside) if beside else {}
        for entry, file in files:
            if file.lyrics and entry.name not in words:
                words[entry.name] = file.lyrics.encode()
        made.append(ReadSlice(one, files, _works(one, files, sheets), beside, words))
        await asyncio.sleep(0)  # meanwhile the database works on the batch before: it shall not wait for all of this
    return made


def _works(one: Slice, files: Sequence[tuple[Entry, ReadFile]], sheets: Mapping[str, Sheet]) -> list[Work] | None:
    try:
        return works_of(one.path, [(entry, file) for entry, file in files if file.error is None], sheets)
    except Exception:  # a fault of ours in one folder must not keep all others out
        log.exception("a folder makes no sense", folder=one.path)
        return None


def _within(text: str) -> Sheet | None:
    """A sheet in the tags of a file can only speak of it."""
    sheet = parse_sheet(text)
    return Sheet(sheet, sheet.files[0]) if len(sheet.files) == 1 and len(sheet.files[0].tracks) > 1 else None


def _sheets(root: Path, one: Slice) -> dict[str, Sheet]:
    """The first sheet that divides a file counts, one of the file's own name before others."""
    found: dict[str, Sheet] = {}
    for name in sorted(name for name in one.sheets if name.lower().endswith(".cue")):
        try:
            with inside(root, one.path, name).open("rb") as file:
                data = file.read(MOST_BYTES + 1)
        except OSError:
            continue
        if len(data) > MOST_BYTES:
            continue
        sheet = parse_sheet(decode_sheet(data))
        for part in sheet.files:
            meant = file_meant(part.name, name, one.names)
            if meant is not None and part.tracks and (meant not in found or _stem(meant) == _stem(name)):
                found[meant] = Sheet(sheet, part)
    return found


def _lyrics(one: Slice) -> dict[str, str]:
    by_stem = {_stem(name): name for name in one.sheets if name.lower().endswith(".lrc")}
    return {entry.name: by_stem[stem] for entry in one.read if (stem := _stem(entry.name)) in by_stem}


def _words(root: Path, one: Slice, beside: Mapping[str, str]) -> dict[str, bytes]:
    found = {}
    for sound, name in beside.items():
        with contextlib.suppress(OSError), inside(root, one.path, name).open("rb") as file:
            data = file.read(MOST_BYTES + 1)
            if len(data) <= MOST_BYTES:
                found[sound] = data
    return found


def _stem(name: str) -> str:
    return name.rpartition(".")[0].lower()
