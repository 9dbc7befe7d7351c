"""The index in the data folder: Tantivy, one process that writes, any number that read.

    search/writer.lock      held by the one that writes
    search/current          which folder is asked, written beside and moved into place
    search/<begun>/         an index; `mark` in it says what it has read

Readers look at two small files before every search, so they see a commit at once and need nobody to tell them.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import tantivy
from tantivy import Order, Query

from antiphon.adapters.search.queries import Words, filters_of, narrowed
from antiphon.adapters.search.schema import FACET_FIELDS, LAYOUT, LETTERS, low, schema, stored, uuid_of, weight_of
from antiphon.adapters.search.tiers import everything, tiers
from antiphon.domains.discovery.ports import KINDS, STEPS, Ask, Document, Found, Hit, IndexWriter, Kind, Mark, Page
from antiphon.kit.file_lock import FileLock

__all__ = ["LocalSearch", "LocalWriter"]

Answer = TypeVar("Answer")
WRITER_BYTES = 64_000_000
THREADS = 2  # of one process that reads: more would only wait for the interpreter
FACET_VALUES = 100
KEPT, KEPT_HITS = 500, 100  # answers, of so many hits: most people type the same few short beginnings


class _Mark(msgspec.Struct, frozen=True):
    layout: int
    begun: str
    seq: int


class LocalSearch:
    """`folder` is made by whoever writes first; until then nothing is found."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._reader = _Reader(folder)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="search")

    async def find(self, ask: Ask) -> Mapping[Kind, Found]:
        """Beside the loop only where letters may be wrong: the rest takes less than handing it over."""
        if ask.reach == "words":
            return self._reader.find(ask)
        return await self._run(lambda: self._reader.find(ask))

    async def facets(self, ask: Ask, kind: Kind, names: Sequence[str]) -> Mapping[str, Sequence[tuple[str, int]]]:
        return await self._run(lambda: self._reader.facets(ask, kind, names))

    async def known(self, words: Sequence[str]) -> set[str]:
        return await self._run(lambda: self._reader.known(words))

    def begun(self) -> str | None:
        return _current(self._folder)

    def size(self) -> int:
        current = _current(self._folder)
        return _size(self._folder / current) if current else 0

    def writer(self) -> IndexWriter | None:
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._folder / "writer.lock")
        return LocalWriter(self._folder, lock) if lock.acquire() else None

    async def close(self) -> None:
        self._threads.shutdown(wait=True)

    async def _run(self, work: Callable[[], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


class _State:
    """The index between two commits: what has been found in it is found again until it is committed to."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self.searcher = searcher
        self.kinds = frozenset(kind for kind in KINDS if _lying(searcher, kind))  # of which there is anything
        self.kept: dict[object, Mapping[Kind, Found]] = {}


class _Reader:
    """What is asked at this moment; opened anew when another folder is current, reloaded when it was committed to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._current = str(folder / "current")  # made once: both are looked at with every search
        self._schema = schema()
        self._guard = threading.Lock()
        self._seen: tuple[object, ...] = ()
        self._pointed: tuple[object, ...] = ()
        self._path = ""
        self._index: tantivy.Index | None = None
        self._state: _State | None = None

    def find(self, ask: Ask) -> Mapping[Kind, Found]:
        state = self._now()
        if state is None:
            return {kind: Found() for kind in ask.pages}
        asked = (ask.words, ask.key, ask.reach, ask.filters, ask.counted, *ask.pages.items())
        found = state.kept.get(asked)
        if found is None:
            found = self._find(state, ask)
            if sum(page.limit for page in ask.pages.values()) <= KEPT_HITS:
                if len(state.kept) >= KEPT:
                    state.kept.clear()
                state.kept[asked] = found
        return found

    def _find(self, state: _State, ask: Ask) -> Mapping[Kind, Found]:
        filters = filters_of(self._schema, ask.filters)
        return {
            kind: self._of_kind(state.searcher, ask, kind, filters) if kind in state.kinds else Found()
            for kind in ask.pages
        }

    def _of_kind(self, searcher: tantivy.Searcher, ask: Ask, kind: Kind, filters: list[Query]) -> Found:
        words = Words(self._schema, searcher, ask, kind, filters)
        page = ask.pages[kind]
        if ask.reach == "near":
            return _near(searcher, kind, words, page)
        found = _best(searcher, words, page.offset + page.limit)
        total = len(found)
        if ask.counted:
            fits = everything(words)
            total = 0 if fits is None else _by_weight(searcher, narrowed(fits, words.filters), 1).count
        hits = _hits(searcher, kind, found[page.offset : page.offset + page.limit])
        return Found(hits, total, found[0][0] if found else 0.0)

    def facets(self, ask: Ask, kind: Kind, names: Sequence[str]) -> Mapping[str, Sequence[tuple[str, int]]]:
        state = self._now()
        if state is None:
            return dict.fromkeys(names, ())
        searcher = state.searcher
        words = Words(self._schema, searcher, ask, kind, filters_of(self._schema, ask.filters))
        fits = words.near() if ask.reach == "near" else everything(words)
        if fits is None:
            return dict.fromkeys(names, ())
        wanted = {name: _facet(name) for name in names}
        counted = searcher.aggregate(narrowed(fits, words.filters), wanted)
        return {name: _counts(counted[name]["buckets"]) for name in names}

    def known(self, words: Sequence[str]) -> set[str]:
        state = self._now()
        if state is None:
            return set()
        letters = LETTERS.values()
        return {word for word in words if any(state.searcher.doc_freq("any", f"{letter}{word}") for letter in letters)}

    def _now(self) -> _State | None:
        pointed = _stamp(self._current)
        with self._guard:
            if pointed != self._pointed:
                self._open(pointed)
            if self._index is None:
                return None
            seen = _stamp(self._path)
            if seen != self._seen:
                self._index.reload()
                self._seen, self._state = seen, _State(self._index.searcher())
            return self._state

    def _open(self, pointed: tuple[object, ...]) -> None:
        name = _current(self._folder)
        if name is None:
            self._index, self._pointed = None, pointed
            return
        path = self._folder / name
        try:
            index = tantivy.Index(self._schema, path=str(path))
        except (ValueError, OSError):  # of another layout, or damaged: the worker makes it anew
            self._index, self._pointed = None, pointed
            return
        index.config_reader("manual")
        self._index, self._path, self._pointed = index, str(path / "meta.json"), pointed
        self._seen = ()


def _lying(searcher: tantivy.Searcher, kind: Kind) -> int:
    """Documents in its files, with those that are found no more and go when their piece is written anew."""
    return searcher.doc_freq("kind", KINDS.index(kind))


def _living(searcher: tantivy.Searcher, kind: Kind) -> int:
    found: Any = searcher.search(Query.term_query(schema(), "kind", KINDS.index(kind), "basic"), 1)
    return int(found.count)


def _facet(name: str) -> dict[str, Any]:
    field = FACET_FIELDS[name]
    if name in STEPS:
        return {"histogram": {"field": field, "interval": STEPS[name], "min_doc_count": 1}}
    return {"terms": {"field": field, "size": FACET_VALUES}}


def _counts(buckets: Sequence[Mapping[str, Any]]) -> Sequence[tuple[str, int]]:
    counted = [(_text(bucket["key"]), int(bucket["doc_count"])) for bucket in buckets]
    return sorted(counted, key=lambda pair: -pair[1])[:FACET_VALUES]


def _best(searcher: tantivy.Searcher, words: Words, wanted: int) -> list[tuple[float, Any]]:
    """Scores and places of so many, way by way until there are enough."""
    found: dict[tuple[int, int], tuple[float, Any]] = {}
    for score, fits in tiers(words):
        hits = _by_weight(searcher, narrowed(fits, words.filters), wanted + len(found)).hits
        for stored_weight, address in hits:
            place = (address.segment_ord, address.doc)
            if place not in found:
                found[place] = (score * weight_of(stored_weight), address)
        if len(found) >= wanted:
            break
    return list(found.values())[:wanted]


def _by_weight(searcher: tantivy.Searcher, fits: Query, wanted: int) -> Any:
    return searcher.search(fits, max(wanted, 1), count=True, order_by_field="weight", order=Order.Desc)


def _near(searcher: tantivy.Searcher, kind: Kind, words: Words, page: Page) -> Found:
    fits = words.near()
    if fits is None:
        return Found()
    found: Any = searcher.search(
        narrowed(fits, words.filters), page.offset + max(page.limit, 1), count=True, weight_by_field="weight"
    )
    hits = _hits(searcher, kind, found.hits[page.offset : page.offset + page.limit])
    return Found(hits, found.count, found.hits[0][0] if found.hits else 0.0)


def _hits(searcher: tantivy.Searcher, kind: Kind, found: Sequence[tuple[float, Any]]) -> tuple[Hit, ...]:
    places = [address for _, address in found]
    if not places:
        return ()
    highs, lows = (searcher.fast_field_values(name, places) for name in ("high", "low"))
    parts: Sequence[Any] = searcher.fast_field_values("part", places) if kind == "lyrics" else [0] * len(places)
    return tuple(
        Hit(uuid_of(int(high or 0), int(low_half or 0)), score, int(part or 0))
        for (score, _), high, low_half, part in zip(found, highs, lows, parts, strict=True)
    )


class LocalWriter:
    """Holds the lock until it is closed. All of it runs in one thread of its own."""

    def __init__(self, folder: Path, lock: FileLock | None, name: str | None = None) -> None:
        self._folder = folder
        self._lock = lock
        self._name = name or _current(folder)
        self._fresh = name is not None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="search-writer")
        self._index: tantivy.Index | None = None
        self._writer: tantivy.IndexWriter | None = None

    async def mark(self) -> Mark | None:
        return await self._run(self._read_mark)

    async def write(self, put: Sequence[Document], gone: Sequence[UUID] = ()) -> None:
        await self._run(lambda: self._write(put, gone))

    async def save(self, seq: int) -> None:
        await self._run(lambda: self._save(seq))

    async def remains(self, kinds: Sequence[Kind]) -> bool:
        return await self._run(lambda: self._remains(kinds))

    async def anew(self, begun: str) -> IndexWriter:
        return await self._run(lambda: self._anew(begun))

    async def replace(self, fresh: IndexWriter) -> None:
        assert isinstance(fresh, LocalWriter)
        await fresh.close()
        await self._run(lambda: self._replace(fresh._name))

    async def close(self) -> None:
        await self._run(self._let_go)
        self._thread.shutdown(wait=True)
        if self._lock is not None:
            self._lock.release()

    async def _run(self, work: Callable[[], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _read_mark(self) -> Mark | None:
        try:
            self._opened()
            if self._name is None or self._index is None:
                return None
            read = msgspec.json.decode((self._folder / self._name / "mark").read_bytes(), type=_Mark)
            if read.layout != LAYOUT:
                return None
            self._index.reload()
            searcher = self._index.searcher()
            numbers = {kind: _living(searcher, kind) for kind in KINDS}
        except (OSError, ValueError, AssertionError, msgspec.MsgspecError):
            return None
        return Mark(read.begun, read.seq, numbers)

    def _remains(self, kinds: Sequence[Kind]) -> bool:
        self._opened()
        assert self._index is not None
        self._index.reload()
        searcher = self._index.searcher()
        return any(_lying(searcher, kind) > _living(searcher, kind) for kind in kinds)

    def _opened(self) -> tantivy.IndexWriter:
        if self._writer is None:
            assert self._name is not None
            self._index = tantivy.Index(schema(), path=str(self._folder / self._name))
            self._writer = self._index.writer(WRITER_BYTES, 1)
        return self._writer

    def _write(self, put: Sequence[Document], gone: Sequence[UUID]) -> None:
        writer = self._opened()
        if not self._fresh:
            replaced = sorted({low(one) for one in (*gone, *(document.id for document in put))})
            if replaced:  # by a query: by a term, whole numbers without a sign are not found
                writer.delete_documents_by_query(Query.term_set_query(schema(), "low", replaced))
        for document in put:
            writer.add_json(stored(document))

    def _save(self, seq: int) -> None:
        assert self._name is not None
        self._opened().commit()  # allow: commit-only-in-unit-of-work — Tantivy's own
        self._fresh = False  # what comes now may replace what came before
        _put(self._folder / self._name / "mark", msgspec.json.encode(_Mark(LAYOUT, self._begun(), seq)))

    def _begun(self) -> str:
        return str(self._name)

    def _anew(self, begun: str) -> LocalWriter:
        for left in self._folder.iterdir():
            if left.is_dir() and left.name != self._name:
                shutil.rmtree(left, ignore_errors=True)
        (self._folder / begun).mkdir()
        return LocalWriter(self._folder, None, begun)

    def _replace(self, name: str | None) -> None:
        assert name is not None
        self._let_go()
        old, self._name = self._name, name
        _put(self._folder / "current", name.encode())
        if old is not None:
            shutil.rmtree(self._folder / old, ignore_errors=True)

    def _let_go(self) -> None:
        """A fresh index is left in few large pieces; one that is in use is merged by whoever goes on with it."""
        if self._writer is not None and self._lock is None:
            self._writer.wait_merging_threads()
        self._writer, self._index = None, None


def _current(folder: Path) -> str | None:
    try:
        name = (folder / "current").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return name if name and "/" not in name and (folder / name).is_dir() else None


def _stamp(path: str) -> tuple[object, ...]:
    try:
        found = os.stat(path)
    except OSError:
        return ()
    return (found.st_ino, found.st_mtime_ns, found.st_size)


def _put(path: Path, data: bytes) -> None:
    """All of it or nothing, whenever the machine stops."""
    beside = path.with_name(f"{path.name}.new")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _size(folder: Path) -> int:
    return sum(one.stat().st_size for one in folder.iterdir() if one.is_file())


def _text(value: object) -> str:
    return str(int(value)) if isinstance(value, float) else str(value)
