"""Whether what people mean is found: rules that make queries of names, and the names that must come back.

The names are those of the folder `metadata` of ANTIPHON_SAMPLES where it is there, and always a small set of our own.
A query counts as answered by every track that has the same name and artist.
"""

from __future__ import annotations

import asyncio
import csv
import os
import random
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
SEED = 11


@dataclass(frozen=True, slots=True)
class Song:
    id: UUID
    title: str
    artist: str
    album: str = ""


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
    """Recall in the first three, and the mean of one by the rank."""
    songs = [Song(new_uuid(), *names) for names in OUR_OWN] + list(_samples())
    return asyncio.run(_measured(songs))


async def _measured(songs: list[Song]) -> Section:
    table = Section(f"Relevance in {len(songs):,} names")
    with tempfile.TemporaryDirectory(prefix="antiphon-relevance-") as folder:
        index = LocalSearch(Path(folder))
        await _write(index, songs)
        titles = {song.id: _name(song) for song in songs}
        for name, queries in _queries(songs).items():
            ranks = [await _rank(index, titles, query, wanted) for query, wanted in queries]
            if ranks:
                recall = sum(1 for rank in ranks if rank and rank <= TOP) / len(ranks)
                mrr = sum(1 / rank for rank in ranks if rank) / len(ranks)
                table.rows.append(Row(name, f"recall@3 {recall:.3f}, MRR {mrr:.3f}", f"{len(ranks)} queries"))
        await index.close()
    return table


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


async def _rank(index: SearchIndex, titles: dict[UUID, str], query: str, wanted: str) -> int:
    """Of the first hit that is meant; 0 where there is none."""
    ask = ask_of(query, {"track": Page(DEEP)}, Filters())
    if ask is None:
        return 0
    found = (await look(index, ask)).ids("track")
    return next((rank for rank, one in enumerate(found, 1) if titles[one] == wanted), 0)


def _name(song: Song) -> str:
    return f"{song.title.casefold()}\0{song.artist.casefold()}"


def _queries(songs: list[Song]) -> dict[str, list[tuple[str, str]]]:
    choose = random.Random(SEED)
    made: dict[str, list[tuple[str, str]]] = {}
    for name, rule in RULES.items():
        picked = choose.sample(songs, len(songs))
        queries = ((rule(song, choose), _name(song)) for song in picked)
        made[name] = [(query, wanted) for query, wanted in queries if query][:QUERIES]
    by_title = {song.title: _name(song) for song in songs[: len(OUR_OWN)]}
    for kind, query, title in OUR_QUERIES:
        made.setdefault(f"our own: {kind}", []).append((query, by_title[title]))
    return made


def _longest(text: str) -> str:
    words = [word for word in text.split() if word.isalpha()]
    return max(words, key=len, default="")


def _mistyped(change: Callable[[str, int], str]) -> Callable[[Song, random.Random], str]:
    def rule(song: Song, choose: random.Random) -> str:
        word = _longest(song.title)
        if len(word) < 6 or not word.isascii():
            return ""
        wrong = change(word, choose.randrange(1, len(word) - 2))
        return "" if wrong == word else f"{song.title.replace(word, wrong)} {_longest(song.artist)}"

    return rule


def _mixed(song: Song, choose: random.Random) -> str:
    words = [_longest(song.title), _longest(song.artist)]
    choose.shuffle(words)
    return " ".join(words) if all(len(word) > 3 for word in words) else ""


def _inner(song: Song, choose: random.Random) -> str:
    word = _longest(song.title)
    return f"{word[2:]} {_longest(song.artist)}" if len(word) >= 9 and word.isascii() else ""


RULES: dict[str, Callable[[Song, random.Random], str]] = {
    "whole title": lambda song, choose: song.title,
    "title and artist": lambda song, choose: f"{song.artist} {song.title}",
    "begun": lambda song, choose: f"{song.artist} {song.title[: max(3, len(song.title) * 2 // 3)]}",
    "fields mixed": _mixed,
    "letters swapped": _mistyped(lambda word, at: word[:at] + word[at + 1] + word[at] + word[at + 2 :]),
    "letter missing": _mistyped(lambda word, at: word[:at] + word[at + 1 :]),
    "letter wrong": _mistyped(lambda word, at: f"{word[:at]}{'x' if word[at] != 'x' else 'y'}{word[at + 1 :]}"),
    "accents dropped": lambda song, choose: (
        f"{anyascii(song.title)} {anyascii(song.artist)}" if not song.title.isascii() else ""
    ),
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
