"""A catalogue of any size for searches: names of made-up words, as unevenly spread as words of real names are."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from uuid import UUID

import psycopg

from antiphon.kit.ids import new_uuid

__all__ = ["Work", "fill"]

WORDS = 60_000
SEED = 4
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_ONSETS = [
    "b",
    "bl",
    "br",
    "c",
    "ch",
    "cl",
    "cr",
    "d",
    "dr",
    "f",
    "fl",
    "fr",
    "g",
    "gl",
    "gr",
    "h",
    "j",
    "k",
    "l",
    "m",
    "n",
    "p",
    "pl",
    "pr",
    "qu",
    "r",
    "s",
    "sh",
    "sk",
    "sl",
    "sp",
    "st",
    "str",
    "t",
    "th",
    "tr",
    "v",
    "w",
    "y",
    "z",
]
_VOWELS = ["a", "e", "i", "o", "u", "ai", "ea", "ee", "ie", "oa", "oo", "ou"]
_ENDS = ["", "", "n", "r", "s", "t", "l", "m", "nd", "st", "ck", "x"]
_HAN = "東京事変椎名林檎夜曲青空花火月光夢幻想風雪春秋夏冬海山川星恋愛心歌声時間世界人生旅路道音楽踊"
_COMMON = [
    "love",
    "night",
    "the",
    "you",
    "me",
    "my",
    "heart",
    "of",
    "in",
    "on",
    "a",
    "blue",
    "time",
    "life",
    "world",
    "day",
    "way",
    "song",
    "light",
    "dance",
    "fire",
    "rain",
]


@dataclass(frozen=True, slots=True)
class Work:
    """A track as people would ask for it."""

    title: str
    artist: str
    album: str


def fill(owner_url: str, tracks: int) -> list[Work]:
    """Writes artists, albums and tracks by COPY and answers a thousand tracks of them, the same for each size."""
    names = _Names(random.Random(SEED))
    artists = [(new_uuid(), names.name()) for _ in range(max(10, tracks // 20))]
    albums = [(new_uuid(), names.title(), names.choose.choice(artists)) for _ in range(max(10, tracks // 10))]
    seen: list[Work] = []
    with psycopg.connect(owner_url, autocommit=True) as conn:
        with conn.transaction():
            _copy(conn, "artists (id, name, search_key, sort_key, created_at, updated_at)", _artists(artists))
            _copy(conn, _ALBUMS, _albums(albums))
            _copy(conn, _TRACKS, _tracks(names, albums, tracks, seen))
            conn.execute(
                "INSERT INTO catalog.track_stats (track_id, plays) SELECT id, (10 ^ (random() * 6))::bigint "
                "FROM catalog.tracks WHERE dice < 0.2"
            )
            conn.execute("TRUNCATE catalog.changes")  # all of it is read by the rebuild that is measured
        conn.execute("VACUUM (ANALYZE)")
    return seen


class _Names:
    def __init__(self, choose: random.Random) -> None:
        self.choose = choose
        words = [*_COMMON, *dict.fromkeys(self._word() for _ in range(WORDS))]
        self._words = words
        self._weights = list(accumulate(1 / (rank + 3) ** 0.9 for rank in range(len(words))))

    def _word(self) -> str:
        pick = self.choose.choice
        return "".join(pick(_ONSETS) + pick(_VOWELS) + pick(_ENDS) for _ in range(self.choose.choice((1, 2, 2, 3, 4))))

    def some(self, least: int, most: int) -> str:
        count = self.choose.randint(least, most)
        return " ".join(self.choose.choices(self._words, cum_weights=self._weights, k=count))

    def title(self) -> str:
        if self.choose.random() < 0.03:
            return "".join(self.choose.choices(_HAN, k=self.choose.randint(2, 6)))
        return self.some(1, 5).title()

    def name(self) -> str:
        return self.some(1, 3).title()


_ALBUMS = """albums (id, artist_id, title, search_key, sort_key, kind, release_date, description, label, published_at,
                     created_at, updated_at)"""
_TRACKS = """tracks (id, artist_id, album_id, title, search_key, disc_number, track_number, year, duration_ms, status,
                     renditions_complete, published_at, created_at, updated_at)"""


def _copy(conn: psycopg.Connection, into: str, rows: Iterator[tuple[object, ...]]) -> None:
    with conn.cursor().copy(f"COPY catalog.{into} FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write_row(row)


def _artists(artists: list[tuple[UUID, str]]) -> Iterator[tuple[object, ...]]:
    for one, name in artists:
        yield one, name, name.casefold(), name.casefold(), EPOCH, EPOCH


def _albums(albums: list[tuple[UUID, str, tuple[UUID, str]]]) -> Iterator[tuple[object, ...]]:
    for place, (one, title, (artist, _)) in enumerate(albums):
        when = EPOCH + timedelta(minutes=place)
        key = title.casefold()
        yield one, artist, title, key, key, "album", when.date(), "", "", when, when, when


def _tracks(
    names: _Names, albums: list[tuple[UUID, str, tuple[UUID, str]]], count: int, seen: list[Work]
) -> Iterator[tuple[object, ...]]:
    every = max(1, count // 1000)
    for place in range(count):
        album, album_title, (artist, name) = albums[place % len(albums)]
        title = names.title()
        if place % every == 0:
            seen.append(Work(title, name, album_title))
        when = EPOCH + timedelta(seconds=place)
        number = 1 + place // len(albums)
        yield (
            new_uuid(), artist, album, title, title.casefold(), 1, number, 1970 + place % 55, 180_000 + place % 90_000,
            "ready", True, when, when, when,
        )  # fmt: skip
