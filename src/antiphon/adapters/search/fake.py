"""An index in memory that looks at every document: slow, short, and bound by the same contract."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from uuid import UUID

from antiphon.domains.discovery.ports import (
    KINDS,
    SCORES,
    STEPS,
    Ask,
    Document,
    Filters,
    Found,
    Hit,
    IndexWriter,
    Kind,
    Mark,
    Word,
)

__all__ = ["MemorySearch"]


class MemorySearch:
    """One index; its writer may be had by one at a time, as everywhere."""

    def __init__(self) -> None:
        self.documents: dict[UUID, list[Document]] = {}
        self.mark: Mark | None = None
        self.written = False

    async def find(self, ask: Ask) -> Mapping[Kind, Found]:
        return {kind: self._of_kind(ask, kind) for kind in ask.pages}

    def _of_kind(self, ask: Ask, kind: Kind) -> Found:
        page, fitting = ask.pages[kind], self._fitting(ask, kind)
        fitting.sort(key=lambda pair: -pair[0])
        hits = tuple(
            Hit(document.id, score, document.part)
            for score, document in fitting[page.offset : page.offset + page.limit]
        )
        return Found(hits, len(fitting), fitting[0][0] if fitting else 0.0)

    def _fitting(self, ask: Ask, kind: Kind) -> list[tuple[float, Document]]:
        worth = {"words": _tier, "near": _sum, "some": _one_missing}[ask.reach]
        found = []
        for document in self._all():
            if document.kind == kind and _let_through(document, ask.filters):
                score = worth(document, ask)
                if score > 0:
                    found.append((score * max(1.0, document.weight), document))
        return found

    async def facets(self, ask: Ask, kind: Kind, names: Sequence[str]) -> Mapping[str, Sequence[tuple[str, int]]]:
        fitting = [document for _, document in self._fitting(ask, kind)]
        return {
            name: Counter(value for document in fitting for value in _facet(document, name)).most_common(100)
            for name in names
        }

    async def known(self, words: Sequence[str]) -> set[str]:
        there = {token for document in self._all() for token in (*document.title, *document.beside)}
        return there & set(words)

    def begun(self) -> str | None:
        return self.mark.begun if self.mark else None

    def size(self) -> int:
        return 0

    def writer(self) -> IndexWriter | None:
        if self.written:
            return None
        self.written = True
        return MemoryWriter(self)

    async def close(self) -> None:
        return None

    def _all(self) -> Iterator[Document]:
        for documents in self.documents.values():
            yield from documents


class MemoryWriter:
    def __init__(self, index: MemorySearch, begun: str = "") -> None:
        self._index = index
        self._begun = begun
        self._put: list[Document] = []
        self._gone: set[UUID] = set()

    async def mark(self) -> Mark | None:
        return self._index.mark

    async def write(self, put: Sequence[Document], gone: Sequence[UUID] = ()) -> None:
        replaced = {*gone, *(document.id for document in put)}
        self._put = [document for document in self._put if document.id not in replaced] + list(put)
        self._gone |= replaced

    async def save(self, seq: int) -> None:
        documents = self._index.documents
        for one in self._gone:
            documents.pop(one, None)
        for document in self._put:
            documents.setdefault(document.id, []).append(document)
        self._put, self._gone = [], set()
        begun = self._begun or (self._index.mark.begun if self._index.mark else "")
        counts = Counter(document.kind for found in documents.values() for document in found)
        self._index.mark = Mark(begun, seq, {kind: counts[kind] for kind in KINDS})

    async def remains(self, kinds: Sequence[Kind]) -> bool:
        return False

    async def anew(self, begun: str) -> IndexWriter:
        return MemoryWriter(MemorySearch(), begun)

    async def replace(self, fresh: IndexWriter) -> None:
        assert isinstance(fresh, MemoryWriter)
        self._index.documents, self._index.mark = fresh._index.documents, fresh._index.mark

    async def close(self) -> None:
        self._index.written = False


def _tier(document: Document, ask: Ask) -> float:
    """0 where the document does not fit."""
    must, may = _needed(ask)
    title, both = set(document.title), {*document.title, *document.beside}
    if ask.key in document.keys:
        return SCORES.name
    if all(_whole(title, word) for word in ask.words):
        return SCORES.title
    if all(_whole(both, word) for word in must):
        return SCORES.beside if all(_whole(both, word) for word in may) else SCORES.beside_in_short
    *others, last = must
    if all(_whole(title, word) for word in others) and _begun(title, last):
        named = any(key.startswith(ask.key) for key in document.keys)
        return SCORES.name_begun if named else SCORES.title_begun
    return SCORES.beside_begun if all(_whole(both, word) for word in others) and _begun(both, last) else 0.0


def _one_missing(document: Document, ask: Ask) -> float:
    must, _ = _needed(ask)
    both = {*document.title, *document.beside}
    missing = sum(not (_whole(both, word) or _begun(both, word)) for word in must)
    return SCORES.beside if len(must) > 1 and missing <= 1 else 0.0


def _sum(document: Document, ask: Ask) -> float:
    named = SCORES.name if ask.key in document.keys else 0.0
    must, _ = _needed(ask)
    if not all(_worth(document, word) for word in must):
        return named
    return named + sum(_worth(document, word) for word in ask.words)


def _worth(document: Document, word: Word) -> float:
    title, both = set(document.title), {*document.title, *document.beside}
    found = [0.0, SCORES.title * _whole(title, word), SCORES.beside * _whole(both, word)]
    found += [SCORES.title_begun * _begun(title, word), SCORES.beside_begun * _begun(both, word)]
    if word.whole:
        for wrong, score in ((1, SCORES.one_typo), (2, SCORES.two_typos)):
            if wrong <= word.typos:
                near = _near(word.whole, wrong)
                found += [score * _any(title, near), score * SCORES.beside_by_typo * _any(both, near)]
    if word.inner:
        found.append(SCORES.inner * _any(set(document.endings), lambda token: token.startswith(word.whole)))
    return max(found)


def _needed(ask: Ask) -> tuple[Sequence[Word], Sequence[Word]]:
    must = [word for word in ask.words if not word.optional]
    return (must, [word for word in ask.words if word.optional]) if must else (ask.words, [])


def _whole(tokens: set[str], word: Word) -> bool:
    return any(tokens >= set(way) for way in word.ways)


def _begun(tokens: set[str], word: Word) -> bool:
    if not word.open:
        return False
    return _any(tokens, lambda token: token.startswith(word.whole))


def _any(tokens: set[str], fits: Callable[[str], bool]) -> bool:
    return any(fits(token) for token in tokens)


def _near(whole: str, wrong: int) -> Callable[[str], bool]:
    return lambda token: abs(len(token) - len(whole)) <= wrong and _distance(token, whole) <= wrong


def _distance(one: str, other: str) -> int:
    """Letters put in, left out, exchanged, or swapped with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        next_row = [i]
        for j, against in enumerate(other, 1):
            best = min(row[j] + 1, next_row[j - 1] + 1, row[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                best = min(best, before[j - 2] + 1)
            next_row.append(best)
        before, row = row, next_row
    return row[-1]


def _let_through(document: Document, wanted: Filters) -> bool:
    if wanted.libraries is not None and not set(document.libraries) & set(wanted.libraries):
        return False
    if wanted.genre is not None and wanted.genre not in document.genres:
        return False
    if wanted.mood is not None and wanted.mood not in document.moods:
        return False
    if wanted.key not in {None, document.key} or wanted.format not in {None, document.format}:
        return False
    ranges = ((wanted.year, document.year), (wanted.bpm, document.bpm), (wanted.duration_s, document.duration_s))
    return all(_within(ends, value) for ends, value in ranges)


def _within(ends: tuple[int | None, int | None] | None, value: int | None) -> bool:
    if ends is None:
        return True
    least, most = ends
    return value is not None and (least is None or value >= least) and (most is None or value <= most)


def _facet(document: Document, name: str) -> list[str]:
    numbers = {"year": document.year, "bpm": document.bpm, "duration": document.duration_s}
    if name in numbers:
        number, step = numbers[name], STEPS.get(name, 1)
        return [str(number // step * step)] if number is not None else []
    several = {"genre": document.genres, "mood": document.moods}
    if name in several:
        return list(several[name])
    value = document.key if name == "key" else document.format
    return [value] if value else []
