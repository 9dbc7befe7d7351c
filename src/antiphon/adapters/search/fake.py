"""An index in memory that looks at every document: slow, short, and bound by the same contract."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from uuid import UUID

from antiphon.domains.discovery.ports import (
    KINDS,
    SCORES,
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
        return Found(hits, len(fitting))

    def _fitting(self, ask: Ask, kind: Kind) -> list[tuple[float, Document]]:
        found = []
        for document in self._all():
            if document.kind == kind and _let_through(document, ask.filters):
                score = _score(document, ask)
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

    async def anew(self, begun: str) -> IndexWriter:
        return MemoryWriter(MemorySearch(), begun)

    async def replace(self, fresh: IndexWriter) -> None:
        assert isinstance(fresh, MemoryWriter)
        self._index.documents, self._index.mark = fresh._index.documents, fresh._index.mark

    async def close(self) -> None:
        self._index.written = False


def _score(document: Document, ask: Ask) -> float:
    """0 where the document does not fit."""
    named = 0.0
    if ask.key and ask.reach != "some":
        if ask.key in document.keys:
            named += SCORES.name
        if len(ask.key) > 3 and ask.words[-1].open and any(key.startswith(ask.key) for key in document.keys):
            named += SCORES.name_begun
    worth = [(word, _worth(document, ask, word)) for word in ask.words]
    must = [score for word, score in worth if not word.optional] or [score for _, score in worth]
    missing = sum(score == 0 for score in must)
    allowed = 1 if ask.reach == "some" and len(must) > 1 else 0
    if missing > allowed:
        return named
    return named + sum(score for _, score in worth)


def _worth(document: Document, ask: Ask, word: Word) -> float:
    title, beside = set(document.title), set(document.beside)
    found = [0.0]
    for way in word.ways:
        found += [SCORES.title] * (title >= set(way)) + [SCORES.beside] * (beside >= set(way))
    whole = word.whole
    if not whole:
        return max(found)
    if word.open and len(whole) > 1:
        found += [SCORES.title_begun] * _any(title, lambda token: token.startswith(whole))
        found += [SCORES.beside_begun] * _any(beside, lambda token: token.startswith(whole))
    if ask.reach == "near":
        for wrong, score in ((1, SCORES.one_typo), (2, SCORES.two_typos)):
            if wrong <= word.typos:
                near = _near(whole, wrong)
                found += [score] * _any(title, near) + [score * SCORES.beside_by_typo] * _any(beside, near)
        found += [SCORES.inner] * _any(set(document.endings), lambda token: token.startswith(whole))
    return max(found)


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
        return [str(numbers[name])] if numbers[name] is not None else []
    several = {"genre": document.genres, "mood": document.moods}
    if name in several:
        return list(several[name])
    value = document.key if name == "key" else document.format
    return [value] if value else []
