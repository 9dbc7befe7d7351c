"""Which of our works an archive means: by numbers, else by names, and nobody guesses."""

from __future__ import annotations

from uuid import UUID

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from antiphon.domains.catalog.model_recognition import CLOSE_MS, WorkWords, work_keys, works_meant
from antiphon.kit.ids import Kind

_kinds = st.sampled_from([Kind.ARTIST, Kind.ALBUM, Kind.TRACK])
_names = st.sampled_from(["Song", "SÓNG", "song ", "Hymn", "聖歌"])
_words = st.builds(
    WorkWords,
    title=_names,
    artist=st.sampled_from(["", "Choir", "Chöir", "Band"]),
    album=st.sampled_from(["", "First", "Second"]),
    version=st.sampled_from(["", "Live"]),
    isrc=st.sampled_from([None, "DEA012600001", "DEA012600002"]),
    upc=st.sampled_from([None, "0012345678905"]),
    mbid=st.sampled_from([None, UUID(int=1), UUID(int=2)]),
    duration_ms=st.none() | st.integers(98_000, 106_000),
)
_known = st.dictionaries(st.uuids(), _words, max_size=6)


@given(_kinds, _words, _known)
def test_the_same_answer_in_any_order_and_only_of_what_shares_a_key(
    kind: Kind, said: WorkWords, known: dict[UUID, WorkWords]
) -> None:
    meant = works_meant(kind, said, known)
    assert meant == works_meant(kind, said, dict(reversed(known.items())))
    assert set(meant) <= known.keys()
    assert all(set(work_keys(said)) & set(work_keys(known[work])) for work in meant)
    shared = {work: ours for work, ours in known.items() if set(work_keys(said)) & set(work_keys(ours))}
    assert meant == works_meant(kind, said, shared)


@given(_kinds, _words, _known)
def test_numbers_go_before_names(kind: Kind, said: WorkWords, known: dict[UUID, WorkWords]) -> None:
    def numbers(words: WorkWords) -> set[tuple[str, str | UUID]]:
        return {key for key in work_keys(words) if key[0] != "title"}

    by_number = {work for work, ours in known.items() if numbers(said) & numbers(ours)}
    meant = set(works_meant(kind, said, known))
    assert meant <= by_number if by_number else True
    assert bool(meant) >= bool(by_number)


@given(_words.filter(lambda words: words.artist != ""), st.uuids(), st.integers(-3 * CLOSE_MS, 3 * CLOSE_MS))
def test_names_without_a_number_want_a_length_close_by(said: WorkWords, work: UUID, off: int) -> None:
    said = msgspec.structs.replace(said, isrc=None, upc=None, mbid=None, duration_ms=100_000)
    ours = msgspec.structs.replace(said, title=f" {said.title.upper()}", duration_ms=100_000 + off)
    assert works_meant(Kind.TRACK, said, {work: ours}) == ([work] if abs(off) <= CLOSE_MS else [])
    unknown = msgspec.structs.replace(said, duration_ms=None)
    assert works_meant(Kind.TRACK, unknown, {work: ours}) == []
    assert works_meant(Kind.ALBUM, unknown, {work: ours}) == [work]


@given(_kinds, _words.filter(lambda words: words.artist != ""), st.sets(st.uuids(), min_size=2, max_size=3))
def test_what_cannot_be_told_apart_is_several(kind: Kind, said: WorkWords, works: set[UUID]) -> None:
    said = msgspec.structs.replace(said, duration_ms=100_000)
    assert works_meant(kind, said, dict.fromkeys(works, said)) == sorted(works)
    first, *others = sorted(works)
    elsewhere = msgspec.structs.replace(said, album=f"{said.album} elsewhere")
    known = {first: said} | dict.fromkeys(others, elsewhere)
    assert works_meant(kind, said, known) == ([first] if said.album else sorted(works))


def test_two_artists_of_one_name_with_other_ids_are_two() -> None:
    said = WorkWords(title="Nirvana", mbid=UUID(int=1))
    assert works_meant(Kind.ARTIST, said, {UUID(int=9): WorkWords(title="NIRVANA", mbid=UUID(int=2))}) == []
    assert works_meant(Kind.ARTIST, said, {UUID(int=9): WorkWords(title="NIRVANA")}) == [UUID(int=9)]
