"""Looks at folders: what lies in them, and whether that is what lay there before. Reads no file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Literal

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
    """One file; `inode` fits a signed number of 64 bits. A link led out of the library to it where it lies `beyond`;
    one that is `refused` is such a link to where none may lead."""

    name: str
    suffix: str
    size: int
    mtime_ns: int
    inode: int
    beyond: bool = False
    refused: bool = False


@dataclass(slots=True)
class Folder:
    """`path` is under the library, with slashes; the library itself is empty. `print` tells whether anything changed,
    `beside` whether sheets and lyrics did. One with a `trouble` is not looked into, and that is the code of why."""

    path: str
    print: bytes
    beside: bytes
    sounds: int
    entries: list[Entry] = field(default_factory=list)
    unchanged: bool = False
    trouble: str | None = None

    @property
    def cover(self) -> str | None:
        """The picture that shows the folder; the only picture in it does, whatever its name."""
        pictures = [entry.name for entry in self.entries if entry.suffix in PICTURES and not entry.refused]
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


def walk(root: Path, known: Mapping[str, Known], targets: Iterable[Path] = ()) -> Iterator[Folder]:
    """Every folder below `root` with anything of interest in it. Those whose print is `known` come without entries.

    Links are followed within the library and to `targets`, never in a ring, and never anywhere else. Raises LibraryAway
    where the root cannot be read; a folder below it that cannot be is passed over, and so are its files (they are not
    gone).
    """
    if not root.is_dir():
        raise LibraryAway(str(root))
    links = _Links(os.path.realpath(root), [os.path.realpath(target) for target in targets])
    waiting = [("", str(root), 0, False)]
    while waiting:
        path, place, depth, beyond = waiting.pop()
        try:
            files, folders = _look(place, links, beyond)
        except OSError as error:
            if not path:
                raise LibraryAway(str(root)) from error
            yield Folder(path, b"", b"", 0, trouble="no_permission")
            continue
        for name, linked in sorted(folders, reverse=True):
            below = f"{place}/{name}"
            text = name.translate(_TO_TEXT)
            called = f"{path}/{text}" if path else text
            leads = links.follow(below) if linked else "on"
            if leads == "nowhere":
                yield Folder(called, b"", b"", 0, trouble="outside_library")
            elif leads != "back" and depth < MOST_DEPTH:
                waiting.append((called, below, depth + 1, beyond or leads == "beyond"))
        if files:
            yield _folder(path, files, known.get(path))


class _Links:
    """Where links may lead, and where some have led already."""

    def __init__(self, root: str, targets: Sequence[str]) -> None:
        self._root = root
        self._targets = targets
        self._seen: list[str] = []

    def follow(self, place: str) -> Literal["back", "beyond", "nowhere"]:
        """`back`: into the library itself, or above it, or to where another link has led: its files are met there."""
        real = os.path.realpath(place)
        if _within(real, (self._root, *self._seen)) or _within(self._root, (real,)):
            return "back"
        if not _within(real, self._targets):
            return "nowhere"
        self._seen.append(real)
        return "beyond"

    def file(self, place: str) -> Literal["on", "beyond", "nowhere"]:
        real = os.path.realpath(place)
        if _within(real, (self._root,)):
            return "on"
        return "beyond" if _within(real, self._targets) else "nowhere"


def _within(path: str, folders: Iterable[str]) -> bool:
    return any(path == folder or path.startswith(f"{folder.rstrip('/')}/") for folder in folders)


_Found = tuple[str, os.stat_result, bool, bool]  # name, state, beyond, refused


def _look(place: str, links: _Links, beyond: bool) -> tuple[list[_Found], list[tuple[str, bool]]]:
    """(files of interest, folders with whether they are links), in no order."""
    files: list[_Found] = []
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
                leads = links.file(f"{place}/{name}") if entry.is_symlink() else "on"
                files.append((name, entry.stat(), beyond or leads == "beyond", leads == "nowhere"))
            elif entry.is_dir():
                folders.append((name, entry.is_symlink()))
    return files, folders


def _folder(path: str, files: list[_Found], known: Known | None) -> Folder:
    files.sort(key=_name)
    lines = [
        f"{name}\0{state.st_size}\0{state.st_mtime_ns}\0{state.st_ino}{_WORDS[beyond, refused]}".encode(
            "utf-8", "surrogateescape"
        )
        for name, state, beyond, refused in files
    ]
    print_ = blake2b(b"\n".join(lines), digest_size=16).digest()
    if known is not None and print_ == known[0]:
        return Folder(path, print_, known[1], known[2], unchanged=True)
    entries = [_entry(*file) for file in files]
    sheets = b"\n".join(line for line, entry in zip(lines, entries, strict=True) if entry.suffix in SHEETS)
    sounds = sum(entry.suffix in _SOUND and not entry.refused for entry in entries)
    return Folder(path, print_, blake2b(sheets, digest_size=16).digest(), sounds, entries)


_WORDS = {(False, False): "", (True, False): "\0beyond", (False, True): "\0refused", (True, True): "\0refused"}


def _name(file: _Found) -> str:
    return file[0]


def _entry(name: str, state: os.stat_result, beyond: bool, refused: bool) -> Entry:
    inode = state.st_ino - 2 * _SIGN if state.st_ino >= _SIGN else state.st_ino
    called = name.translate(_TO_TEXT)
    return Entry(called, suffix_of(name), state.st_size, state.st_mtime_ns, inode, beyond and not refused, refused)
