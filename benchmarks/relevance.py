"""Whether what people mean is found: rules that make queries of names, and the names that must come back.

The names are those of the folder `metadata` of ANTIPHON_SAMPLES where it is there, and always a small set of our own.
Each rule also says by which words a query means its track, before they were mistyped or cut: whatever has all of them
in its title and artist answers as well as the track that the query was made of. Nobody could tell forty studies by
Giuliani apart who asks for `giuliani studies`. How often the very track comes first is printed beside.
"""

from __future__ import annotations

import asyncio
import csv
import os
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from uuid import UUID

from anyascii import anyascii

from antiphon.adapters.search import LocalSearch
from antiphon.domains.catalog.api import IndexedWork
from antiphon.domains.discovery.asking import ask_of
from antiphon.domains.discovery.documents import document_of
from antiphon.domains.discovery.plan import look
from antiphon.domains.discovery.ports import Filters, Page, SearchIndex
from antiphon.kit.ids import new_uuid
from benchmarks.report import Row, Section
from benchmarks.searched import EPOCH

__all__ = ["relevance"]

TOP, DEEP, QUERIES = 3, 10, 300
RECALL, ENOUGH = 0.95, 50  # with fewer queries a figure says nothing
SEED = 11


@dataclass(frozen=True, slots=True)
class Song:
    id: UUID
    title: str
    artist: str
    album: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """`meant` tells whether a track is what was asked for; the one that the query was made of always is."""

    text: str
    made_of: Song
    meant: Callable[[Song], bool]


Rule = Callable[[Song, random.Random], Asked | None]

# Names that are hard for one reason each; people really have them.
OUR_OWN = [
    ("Thunderstruck", "AC/DC", "The Razors Edge"),
    ("Hells Bells", "AC/DC", "Back in Black"),
    ("Losing My Religion", "R.E.M.", "Out of Time"),
    ("Take On Me", "a-ha", "Hunting High and Low"),
    ("So What", "P!nk", "Funhouse"),
    ("Airbag", "Radiohead", "OK Computer"),
    ("Paranoid Android", "Radiohead", "OK Computer"),
    ("Jóga", "Björk", "Homogenic"),
    ("Ace of Spades", "Motörhead", "Ace of Spades"),
    ("Группа крови", "Кино", "Группа крови"),
    ("Τα παιδιά του Πειραιά", "Μελίνα Μερκούρη", ""),  # noqa: RUF001
    ("群青日和", "東京事変", "教育"),
    ("丸ノ内サディスティック", "椎名林檎", "無罪モラトリアム"),
    ("さくらんぼ", "大塚愛", "LOVE JAM"),
    ("月亮代表我的心", "鄧麗君", ""),
    ("봄날", "방탄소년단", "You Never Walk Alone"),
    ("الأماكن", "محمد عبده", ""),
    ("ירושלים של זהב", "נעמי שמר", ""),
    ("Xylophantasm", "Cloud Atlas Quartet", "Inner Workings"),
    ("Fluorescent Adolescent", "Arctic Monkeys", "Favourite Worst Nightmare"),
]
OUR_QUERIES = [
    ("punctuation", "acdc thunder", "Thunderstruck"),
    ("punctuation", "AC DC hell's bells", "Hells Bells"),
    ("punctuation", "rem losing", "Losing My Religion"),
    ("punctuation", "aha take on me", "Take On Me"),
    ("punctuation", "pink so what", "So What"),
    ("typos", "Radiohaed airbag", "Airbag"),
    ("typos", "Radohead paranoid", "Paranoid Android"),
    ("typos", "Xylophantasn", "Xylophantasm"),
    ("typos", "flourescent adolesent", "Fluorescent Adolescent"),
    ("inner part", "phantasm", "Xylophantasm"),
    ("inner part", "rescent", "Fluorescent Adolescent"),
    ("accents", "bjork joga", "Jóga"),
    ("accents", "motorhead spades", "Ace of Spades"),
    ("scripts", "gruppa krovi", "Группа крови"),
    ("scripts", "группа", "Группа крови"),
    ("scripts", "ta paidia", "Τα παιδιά του Πειραιά"),  # noqa: RUF001
    ("scripts", "事変", "群青日和"),
    ("scripts", "林檎", "丸ノ内サディスティック"),
    ("scripts", "サディス", "丸ノ内サディスティック"),
    ("scripts", "sakuranbo", "さくらんぼ"),
    ("scripts", "月亮", "月亮代表我的心"),
    ("scripts", "방탄", "봄날"),
    ("scripts", "bomnal", "봄날"),
    ("scripts", "الأماكن", "الأماكن"),
    ("scripts", "ירושלים", "ירושלים של זהב"),
    ("fields mixed", "radiohead computer airbag", "Airbag"),
    ("fields mixed", "android radiohead", "Paranoid Android"),
]


def relevance() -> Section:
    """In the first three, and the mean of one by the rank."""
    songs = [Song(new_uuid(), *names) for names in OUR_OWN] + list(_samples())
    return asyncio.run(_measured(songs))


async def _measured(songs: list[Song]) -> Section:
    table = Section(f"Relevance in {len(songs):,} names")
    with tempfile.TemporaryDirectory(prefix="antiphon-relevance-") as folder:
        index = LocalSearch(Path(folder))
        await _write(index, songs)
        known = {song.id: song for song in songs}
        for name, queries in _queries(songs).items():
            found = [(query, await _found(index, known, query.text)) for query in queries]
            if not found:
                continue
            recall, mrr = _figures([_rank(songs, query.meant) for query, songs in found])
            very, _ = _figures([_rank(songs, _called(query.made_of)) for query, songs in found])
            met = recall >= RECALL if len(queries) >= ENOUGH else None
            counted = f"{len(queries)} queries; the very track {very:.3f}"
            table.rows.append(
                Row(
                    name,
                    f"recall@3 {recall:.3f}, MRR {mrr:.3f}",
                    f"≥ {RECALL}" if met is not None else "",
                    counted,
                    met,
                )
            )
        await index.close()
    return table


def _figures(ranks: Sequence[int]) -> tuple[float, float]:
    """Recall in the first three, and the mean of one by the rank."""
    recall = sum(1 for rank in ranks if rank and rank <= TOP) / len(ranks)
    return recall, sum(1 / rank for rank in ranks if rank) / len(ranks)


async def _write(index: SearchIndex, songs: list[Song]) -> None:
    writer = index.writer()
    assert writer is not None
    fresh = await writer.anew("relevance")
    works = [
        IndexedWork(song.id, (song.title,), tuple(one for one in (song.artist, song.album) if one), (0,), EPOCH, 0)
        for song in songs
    ]
    await fresh.write([document_of("track", work) for work in works])
    await fresh.save(0)
    await writer.replace(fresh)
    await writer.close()


async def _found(index: SearchIndex, known: dict[UUID, Song], text: str) -> list[Song]:
    ask = ask_of(text, {"track": Page(DEEP)}, Filters())
    return [known[one] for one in (await look(index, ask)).ids("track")] if ask else []


def _rank(found: Sequence[Song], meant: Callable[[Song], bool]) -> int:
    """Of the first that is meant; 0 where there is none."""
    return next((rank for rank, song in enumerate(found, 1) if meant(song)), 0)


def _queries(songs: list[Song]) -> dict[str, list[Asked]]:
    choose = random.Random(SEED)
    made: dict[str, list[Asked]] = {}
    for name, rule in RULES.items():
        picked = choose.sample(songs, len(songs))
        queries = (rule(song, choose) for song in picked)
        made[name] = list(islice((query for query in queries if query is not None), QUERIES))
    by_title = {song.title: song for song in songs[: len(OUR_OWN)]}
    for kind, text, title in OUR_QUERIES:
        song = by_title[title]
        made.setdefault(f"our own: {kind}", []).append(Asked(text, song, _called(song)))
    return made


def _called(song: Song) -> Callable[[Song], bool]:
    """The same name by the same artist, however often it is there."""
    name = (song.title.casefold(), song.artist.casefold())
    return lambda other: (other.title.casefold(), other.artist.casefold()) == name


def _having(title: str, artist: str) -> Callable[[Song], bool]:
    """The parts of words that were asked for, the one in the title and the other in the artist."""
    return lambda other: title in other.title.casefold() and artist in other.artist.casefold()


def _longest(text: str) -> str:
    words = [word for word in text.split() if word.isalpha()]
    return max(words, key=len, default="")


def _as_it_is(song: Song, choose: random.Random) -> Asked | None:
    title = song.title.casefold()
    return Asked(song.title, song, lambda other: other.title.casefold() == title)


def _with_artist(song: Song, choose: random.Random) -> Asked | None:
    return Asked(f"{song.artist} {song.title}", song, _called(song))


def _begun(song: Song, choose: random.Random) -> Asked | None:
    start = song.title[: max(3, len(song.title) * 2 // 3)]
    return Asked(f"{song.artist} {start}", song, _having(start.casefold(), song.artist.casefold()))


def _mistyped(change: Callable[[str, int], str]) -> Rule:
    def rule(song: Song, choose: random.Random) -> Asked | None:
        word = _longest(song.title)
        if len(word) < 6 or not word.isascii():
            return None
        wrong = change(word, choose.randrange(1, len(word) - 2))
        text = f"{song.title.replace(word, wrong)} {_longest(song.artist)}"
        return None if wrong == word else Asked(text, song, _called(song))

    return rule


def _plain(song: Song, choose: random.Random) -> Asked | None:
    text = f"{anyascii(song.title)} {anyascii(song.artist)}"
    return None if song.title.isascii() else Asked(text, song, _called(song))


def _mixed(song: Song, choose: random.Random) -> Asked | None:
    words = [_longest(song.title), _longest(song.artist)]
    meant = _having(words[0].casefold(), words[1].casefold())
    choose.shuffle(words)
    return Asked(" ".join(words), song, meant) if all(len(word) > 3 for word in words) else None


def _inner(song: Song, choose: random.Random) -> Asked | None:
    word, artist = _longest(song.title), _longest(song.artist)
    if len(word) < 9 or not word.isascii():
        return None
    return Asked(f"{word[2:]} {artist}", song, _having(word[2:].casefold(), artist.casefold()))


RULES: dict[str, Rule] = {
    "whole title": _as_it_is,
    "title and artist": _with_artist,
    "begun": _begun,
    "fields mixed": _mixed,
    "letters swapped": _mistyped(lambda word, at: word[:at] + word[at + 1] + word[at] + word[at + 2 :]),
    "letter missing": _mistyped(lambda word, at: word[:at] + word[at + 1 :]),
    "letter wrong": _mistyped(lambda word, at: f"{word[:at]}{'x' if word[at] != 'x' else 'y'}{word[at + 1 :]}"),
    "accents dropped": _plain,
    "inner part": _inner,
}


def _samples() -> Iterator[Song]:
    named = os.environ.get("ANTIPHON_SAMPLES")
    folder = Path(named) / "metadata" if named else None
    if folder is None or not folder.is_dir():
        return
    with (folder / "eurovision_1956-2023.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Song(new_uuid(), row["Song"], row["Artist"], row["Country"])
    with (folder / "mutopia_pieces.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield Song(new_uuid(), row["title"] or "?", row["composer"] or "?", row["opus"] or "")
    with (folder / "openscore-lieder" / "scores.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            composer = row["path"].partition("/")[0].replace("_", " ")
            yield Song(new_uuid(), row["name"] or "?", composer)
