"""Looks at folders: what lies in them, and whether that is what lay there before. Reads no file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

import msgspec

from antiphon.domains.media.library.kinds import PICTURES, PLAYLISTS, SHEETS, cover_rank, suffix_of
from antiphon.domains.media.ports import SOUND_MIMES

__all__ = ["Entry", "Folder", "Known", "LibraryAway", "inside", "place", "walk"]

_KNOWN = frozenset(SOUND_MIMES) | PLAYLISTS | SHEETS | PICTURES
_SOUND = frozenset(SOUND_MIMES)
_IGNORE = (".ignore", ".nomedia")  # whoever puts one of these into a folder wants it left alone
_SIGN = 1 << 63
MOST_DEPTH = 64

# File systems keep bytes, databases keep text: a byte that is no UTF-8 travels as a letter for private use.
_TO_TEXT = {0xDC80 + byte: 0xF780 + byte for byte in range(128)}
_TO_PATH = {private: surrogate for surrogate, private in _TO_TEXT.items()}


Known = tuple[bytes, bytes, int]  # of a folder: its print, its `beside`, how many sounds


class LibraryAway(Exception):
    """The folder of a library is not there or cannot be read: nothing may be concluded about its files."""


class Entry(msgspec.Struct, array_like=True):
    """One file; `inode` fits a signed number of 64 bits."""

    name: str
    suffix: str
    size: int
    mtime_ns: int
    inode: int


@dataclass(slots=True)
class Folder:
    """`path` is under the library, with slashes; the library itself is empty. `print` tells whether anything changed,
    `beside` whether sheets and lyrics did. One that is `closed` cannot be looked into."""

    path: str
    print: bytes
    beside: bytes
    sounds: int
    entries: list[Entry] = field(default_factory=list)
    unchanged: bool = False
    closed: bool = False

    @property
    def cover(self) -> str | None:
        """The picture that shows the folder; the only picture in it does, whatever its name."""
        pictures = [entry.name for entry in self.entries if entry.suffix in PICTURES]
        named = [(rank, name.lower(), name) for name in pictures if (rank := cover_rank(name)) is not None]
        if named:
            return min(named)[2]
        return pictures[0] if len(pictures) == 1 else None


def place(root: Path, folder: str, name: str) -> str:
    """Where a file lies, by what the database calls it."""
    path = f"{root}/{folder}/{name}" if folder else f"{root}/{name}"
    return path if path.isascii() else f"{root}{path[len(str(root)) :].translate(_TO_PATH)}"


def inside(root: Path, folder: str, name: str) -> Path:
    return Path(place(root, folder, name))


def walk(root: Path, known: Mapping[str, Known]) -> Iterator[Folder]:
    """Every folder below `root` with anything of interest in it. Those whose print is `known` come without entries.

    Links to folders are followed, but never in a ring. Raises LibraryAway where the root cannot be read; a folder
    below it that cannot be is passed over, and so are its files (they are not gone).
    """
    if not root.is_dir():
        raise LibraryAway(str(root))
    waiting = [("", str(root), 0)]
    real_root = os.path.realpath(root)
    seen: set[str] = set()
    while waiting:
        path, place, depth = waiting.pop()
        try:
            entries, folders = _look(place)
        except OSError as error:
            if not path:
                raise LibraryAway(str(root)) from error
            yield Folder(path, b"", b"", 0, closed=True)
            continue
        for name, linked in sorted(folders, reverse=True):
            below = f"{place}/{name}"
            if depth < MOST_DEPTH and not (linked and _seen_before(below, real_root, seen)):
                text = name.translate(_TO_TEXT)
                waiting.append((f"{path}/{text}" if path else text, below, depth + 1))
        if entries:
            yield _folder(path, entries, known.get(path))


def _look(place: str) -> tuple[list[tuple[str, os.stat_result]], list[tuple[str, bool]]]:
    """(files of interest, folders with whether they are links), in no order."""
    files: list[tuple[str, os.stat_result]] = []
    folders: list[tuple[str, bool]] = []
    with os.scandir(place) as found:
        for entry in found:
            name = entry.name
            if name.startswith("."):
                if name in _IGNORE:
                    return [], []
                continue
            _, dot, suffix = name.rpartition(".")
            if dot and suffix.lower() in _KNOWN and entry.is_file():
                files.append((name, entry.stat()))
            elif entry.is_dir():
                folders.append((name, entry.is_symlink()))
    return files, folders


def _seen_before(place: str, root: str, seen: set[str]) -> bool:
    """A link into the library itself, or above it, or to where another link has led: its files are met elsewhere."""
    real = os.path.realpath(place)
    again = real in seen or f"{real}/".startswith(f"{root}/") or f"{root}/".startswith(f"{real}/")
    seen.add(real)
    return again


def _folder(path: str, files: list[tuple[str, os.stat_result]], known: Known | None) -> Folder:
    files.sort(key=_name)
    lines = [
        f"{name}\0{state.st_size}\0{state.st_mtime_ns}\0{state.st_ino}".encode("utf-8", "surrogateescape")
        for name, state in files
    ]
    print_ = blake2b(b"\n".join(lines), digest_size=16).digest()
    if known is not None and print_ == known[0]:
        return Folder(path, print_, known[1], known[2], unchanged=True)
    entries = [_entry(name, state) for name, state in files]
    sheets = b"\n".join(line for line, entry in zip(lines, entries, strict=True) if entry.suffix in SHEETS)
    sounds = sum(entry.suffix in _SOUND for entry in entries)
    return Folder(path, print_, blake2b(sheets, digest_size=16).digest(), sounds, entries)


def _name(file: tuple[str, os.stat_result]) -> str:
    return file[0]


def _entry(name: str, state: os.stat_result) -> Entry:
    inode = state.st_ino - 2 * _SIGN if state.st_ino >= _SIGN else state.st_ino
    return Entry(name.translate(_TO_TEXT), suffix_of(name), state.st_size, state.st_mtime_ns, inode)
