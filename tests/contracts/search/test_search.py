"""What every search index does alike."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from uuid import UUID

import msgspec
import pytest

from antiphon.domains.discovery.asking import ask_of
from antiphon.domains.discovery.folding import endings, keys, tokens
from antiphon.domains.discovery.ports import Document, Filters, Found, IndexWriter, Kind, Page, Reach, SearchIndex
from antiphon.kit.ids import new_uuid


def document(
    title: str, beside: str = "", *, kind: Kind = "track", same: UUID | None = None, **more: object
) -> Document:
    """As the house makes them."""
    own = tokens(title)
    made = {"title": own, "beside": tokens(beside), "keys": keys(title), "endings": endings(own), **more}
    return Document(kind=kind, id=same or new_uuid(), **made)  # type: ignore[arg-type]


async def ask(
    index: SearchIndex, text: str, reach: Reach = "words", *, kind: Kind = "track", **filters: object
) -> Found:
    asked = ask_of(text, {kind: Page(10)}, Filters(**filters), counted=True)  # type: ignore[arg-type]
    assert asked is not None
    return (await index.find(replace(asked, reach=reach)))[kind]


@pytest.fixture
async def writer(index: SearchIndex) -> AsyncIterator[IndexWriter]:
    """Of an index that is begun and empty."""
    made = index.writer()
    assert made is not None
    fresh = await made.anew("first")
    await fresh.save(0)
    await made.replace(fresh)
    yield made
    await made.close()


async def put(writer: IndexWriter, *documents: Document, seq: int = 1) -> None:
    await writer.write(documents)
    await writer.save(seq)


async def titles(index: SearchIndex, named: Sequence[Document], text: str, reach: Reach = "words") -> list[str]:
    """Keys of what was found, in order."""
    known = {one.id: one.keys[0] for one in named}
    return [known[hit.id] for hit in (await ask(index, text, reach)).hits]


async def test_nothing_is_found_where_there_is_no_index(index: SearchIndex) -> None:
    assert await ask(index, "anything") == Found()
    assert index.begun() is None


async def test_a_document_is_seen_after_the_commit_and_not_before(index: SearchIndex, writer: IndexWriter) -> None:
    one = document("Paranoid Android", "Radiohead OK Computer")
    await writer.write([one])
    assert (await ask(index, "paranoid")).total == 0
    await writer.save(7)
    found = await ask(index, "paranoid")
    assert [hit.id for hit in found.hits] == [one.id]
    assert found.total == 1
    assert await ask(index, "paranoid") == found
    assert (await ask(index, "paranoid", year=(1990, 2000))).total == 0
    mark = await writer.mark()
    assert mark is not None
    assert (mark.begun, mark.seq, mark.counts["track"]) == ("first", 7, 1)


async def test_people_are_found_by_either_name_and_apart_from_works(index: SearchIndex, writer: IndexWriter) -> None:
    grace = msgspec.structs.replace(
        document("Grace Hopper", kind="person"),
        title=tokens("Grace Hopper", "amazing.grace"),
        keys=(*keys("Grace Hopper"), *keys("amazing.grace")),
    )
    song = document("Amazing Grace")
    await put(writer, grace, song)

    async def people(words: str, reach: Reach = "words") -> list[UUID]:
        asked = ask_of(words, {"person": Page(10)}, Filters())
        assert asked is not None
        return [hit.id for hit in (await index.find(replace(asked, reach=reach)))["person"].hits]

    for words in ("hopper", "Grace Hopper", "@amazing.grace", "amazinggrace", "grace hop"):
        assert await people(words) == [grace.id], words
    assert await people("Graec Hoper", "near") == [grace.id]
    assert [hit.id for hit in (await ask(index, "amazing grace")).hits] == [song.id]
    mark = await writer.mark()
    assert mark is not None
    assert mark.counts["person"] == 1
    await writer.write((), [grace.id])
    await writer.save(2)
    assert await people("hopper") == []


async def test_a_document_replaces_the_one_with_its_id_and_goes_when_told(
    index: SearchIndex, writer: IndexWriter
) -> None:
    one, other = document("Before"), document("Other")
    await put(writer, one, other)
    await put(writer, document("After", same=one.id), seq=2)
    assert (await ask(index, "before")).total == 0
    assert (await ask(index, "after")).hits[0].id == one.id
    await writer.write([], [one.id])
    await writer.save(3)
    assert (await ask(index, "after")).total == 0
    assert (await ask(index, "other")).total == 1


async def test_whole_words_stand_before_begun_ones_and_names_before_all(
    index: SearchIndex, writer: IndexWriter
) -> None:
    named = [
        document("Radio"),
        document("Radio Ga Ga"),
        document("On the Radio"),
        document("Radiohead Medley"),
        document("Creep", "Radio"),
        document("Lucky", "Radiohead"),
    ]
    await put(writer, *named)
    found = await titles(index, named, "radio")
    assert found[0] == "radio"
    assert found[1] == "radiogaga"
    assert found[2] == "ontheradio"
    assert set(found[3:]) == {"radioheadmedley", "creep", "lucky"}
    assert found.index("creep") < found.index("lucky")


async def test_words_of_title_artist_and_album_are_found_together_in_any_order(
    index: SearchIndex, writer: IndexWriter
) -> None:
    named = [document("Airbag", "Radiohead OK Computer"), document("Paranoid Android", "Radiohead OK Computer")]
    await put(writer, *named)
    for text in ("airbag radiohead", "computer airbag ok", "radiohead airb"):
        assert await titles(index, named, text) == ["airbag"], text
    assert await titles(index, named, "airbag metallica") == []


@pytest.mark.parametrize("text", ["Radiohaed", "Radohead", "radioheat", "raidohead", "radioohead"])
async def test_wrong_letters_are_forgiven_only_when_asked(index: SearchIndex, writer: IndexWriter, text: str) -> None:
    named = [document("Lucky", "Radiohead"), document("Roadhouse", "Else")]
    await put(writer, *named)
    assert await titles(index, named, text) == []
    assert await titles(index, named, text, "near") == ["lucky"]


async def test_two_wrong_letters_come_after_one_and_inner_parts_last(index: SearchIndex, writer: IndexWriter) -> None:
    named = [document("Xylophantasm"), document("Xylophantasy"), document("Phantasms")]
    await put(writer, *named)
    assert (await titles(index, named, "Xylophantasn", "near"))[0] == "xylophantasm"
    assert (await titles(index, named, "phantas", "near"))[0] == "phantasms"
    assert "xylophantasm" in await titles(index, named, "phantasm", "near")
    assert await titles(index, named, "ph", "near") == ["phantasms"]  # two letters are inside of everything


async def test_one_of_several_words_may_be_missing_only_when_asked(index: SearchIndex, writer: IndexWriter) -> None:
    named = [document("Lucky", "Radiohead"), document("Happy", "Else")]
    await put(writer, *named)
    assert await titles(index, named, "lucky radiohead qwertz") == []
    assert await titles(index, named, "lucky radiohead qwertz", "some") == ["lucky"]


@pytest.mark.parametrize(
    ("title", "texts"),
    [
        ("AC/DC", ["acdc", "AC/DC", "ac dc", "AC-DC"]),
        ("R.E.M.", ["rem", "R.E.M.", "r.e.m"]),
        ("a-ha", ["aha", "a-ha"]),
        ("P!nk", ["pink", "p!nk", "P!NK"]),
        ("Hell's Bells", ["hells bells", "hell's bells", "HELL\u2019S"]),
        ("Björk Motörhead", ["bjork", "björk", "motorhead"]),
        ("группа Кино", ["группа", "gruppa", "kino"]),
        ("東京事変", ["東京", "京事", "事変", "変"]),
        ("さくらんぼ", ["くら", "sakuranbo", "sakura"]),
        ("방탄소년단", ["방탄", "방탄소년단", "bangtan"]),
        ("محمد عبده", ["محمد", "mhmd"]),
        ("שלום", ["שלום"]),
        ("Ελλάδα", ["ελλαδα", "ellada"]),
        ("!!!", ["!!!"]),
        ("Simon & Garfunkel", ["simon and garfunkel", "simon & garfunkel", "garfunkel simon"]),
    ],
)
async def test_names_are_found_however_they_are_typed(
    index: SearchIndex, writer: IndexWriter, title: str, texts: list[str]
) -> None:
    named = [document(title), document("Something Else Entirely")]
    await put(writer, *named)
    for text in texts:
        assert (await titles(index, named, text))[:1] == [named[0].keys[0]], text


async def test_the_weight_moves_equals_and_nothing_else(index: SearchIndex, writer: IndexWriter) -> None:
    named = [document("Love One", weight=1.0), document("Love Two", weight=1.2), document("Lover", weight=1.2)]
    await put(writer, *named)
    assert await titles(index, named, "love") == ["lovetwo", "loveone", "lover"]


async def test_pages_follow_each_other_and_count_all(index: SearchIndex, writer: IndexWriter) -> None:
    named = [document(f"Song {number}", weight=1 + number / 1000) for number in range(25)]
    await put(writer, *named)
    seen: list[UUID] = []
    for offset in (0, 10, 20, 30):
        asked = ask_of("song", {"track": Page(10, offset), "album": Page(10)}, Filters(), counted=True)
        assert asked is not None
        found = await index.find(asked)
        assert found["track"].total == 25
        assert found["album"] == Found()
        seen += [hit.id for hit in found["track"].hits]
    assert len(seen) == len(set(seen)) == 25


async def test_filters_and_facets(index: SearchIndex, writer: IndexWriter) -> None:
    named = [
        document("Song A", genres=("Rock", "Pop"), year=1997, bpm=127, duration_s=200, format="flac", libraries=(0,)),
        document("Song B", genres=("Rock",), year=2001, moods=("calm",), key="Am", libraries=(3,)),
        document("Song C", genres=("Jazz",), libraries=(3, 4)),
    ]
    await put(writer, *named)
    a, b, c = (one.id for one in named)

    async def found(**filters: object) -> set[UUID]:
        return {hit.id for hit in (await ask(index, "song", **filters)).hits}

    assert await found() == {a, b, c}
    assert await found(genre="Rock") == {a, b}
    assert await found(year=(1990, 2000)) == {a}
    assert await found(year=(1997, None)) == {a, b}
    assert await found(bpm=(100, 130)) == {a}
    assert await found(duration_s=(None, 200)) == {a}
    assert await found(mood="calm") == {b}
    assert await found(key="Am") == {b}
    assert await found(format="flac") == {a}
    assert await found(libraries=(0,)) == {a}
    assert await found(libraries=(4, 3)) == {b, c}
    assert await found(libraries=()) == set()
    asked = ask_of("song", {"track": Page(1)}, Filters())
    assert asked is not None
    counted = await index.facets(asked, "track", ["genre", "year", "key", "format", "bpm", "duration", "mood"])
    assert sorted(counted["genre"]) == [("Jazz", 1), ("Pop", 1), ("Rock", 2)]
    assert counted["genre"][0] == ("Rock", 2)
    assert sorted(counted["year"]) == [("1997", 1), ("2001", 1)]
    assert list(counted["key"]) == [("Am", 1)]
    assert (list(counted["bpm"]), list(counted["duration"])) == ([("120", 1)], [("180", 1)])
    assert list(counted["mood"]) == [("calm", 1)]


async def test_lines_of_lyrics_share_an_id_and_tell_their_parts(index: SearchIndex, writer: IndexWriter) -> None:
    text = new_uuid()
    await put(writer, *(document(f"line {part}", kind="lyrics", same=text, part=part) for part in (1000, 2000)))
    assert {hit.part for hit in (await ask(index, "line", kind="lyrics")).hits} == {1000, 2000}
    await put(writer, document("line new", kind="lyrics", same=text, part=3000), seq=2)
    assert [hit.part for hit in (await ask(index, "line", kind="lyrics")).hits] == [3000]


async def test_one_letter_begins_a_word_only_beside_others(index: SearchIndex, writer: IndexWriter) -> None:
    named = [document("Airbag", "Radiohead"), document("Bones", "Radiohead"), document("B", "Else")]
    await put(writer, *named)
    assert await titles(index, named, "radiohead b") == ["bones"]
    assert await titles(index, named, "b") == ["b"]
    assert await titles(index, named, "radiohead x") == []


async def test_one_writes_at_a_time(index: SearchIndex) -> None:
    first = index.writer()
    assert first is not None
    assert index.writer() is None
    await first.close()
    second = index.writer()
    assert second is not None
    await second.close()


async def test_a_fresh_index_takes_over_at_once(index: SearchIndex, writer: IndexWriter) -> None:
    old, new = document("Old"), document("New")
    await put(writer, old)
    fresh = await writer.anew("second")
    await fresh.write([new])
    await fresh.save(9)
    assert (await ask(index, "old")).total == 1
    await writer.replace(fresh)
    assert (await ask(index, "old")).total == 0
    assert (await ask(index, "new")).total == 1
    assert index.begun() == "second"
    await put(writer, document("Newer"), seq=10)
    assert (await ask(index, "newer")).total == 1
    mark = await writer.mark()
    assert mark is not None
    assert (mark.begun, mark.seq) == ("second", 10)


async def test_it_knows_whether_words_of_what_is_gone_lie_in_its_files(index: SearchIndex, writer: IndexWriter) -> None:
    grace, song = document("Grace", kind="person"), document("Song")
    await put(writer, grace, document("Ada", kind="person"), song)
    assert not await writer.remains(["person", "track"])
    await writer.write((), [grace.id])
    await writer.save(2)
    lies = await writer.remains(["person"])  # an index may forget at once
    assert not await writer.remains(["track", "playlist"])
    fresh = await writer.anew("second")
    await fresh.write([document("Ada", kind="person"), song])
    await fresh.save(3)
    assert await writer.remains(["person"]) == lies
    await writer.replace(fresh)
    assert not await writer.remains(["person", "track"])


async def test_it_knows_which_words_there_are(index: SearchIndex, writer: IndexWriter) -> None:
    await put(writer, document("Lucky", "Radiohead"), document("Kid A", kind="album"))
    assert await index.known(["lucky", "radiohead", "kid", "radio", "unlucky"]) == {"lucky", "radiohead", "kid"}
