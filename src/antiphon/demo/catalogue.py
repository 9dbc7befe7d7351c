"""Who the demo is about: three invented artists, their albums and tracks. Everything here is CC0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from antiphon.demo import pieces_ambient as ambient
from antiphon.demo import pieces_chamber as chamber
from antiphon.demo import pieces_groove as groove
from antiphon.demo.render import suite_lengths
from antiphon.demo.score import Piece
from antiphon.demo.synth import SAMPLE_RATE

LICENCE = "CC0 1.0"


@dataclass(frozen=True)
class DemoArtist:
    """``key`` is a stable file-name-like word."""

    key: str
    name: str
    bio: str


@dataclass(frozen=True)
class DemoCredit:
    name: str
    role: str


@dataclass(frozen=True)
class DemoTrack:
    """A track is one part of a suite; most suites have a single part, parts of a longer one join without a gap."""

    key: str
    number: int
    title: str
    genres: tuple[str, ...]
    credits: tuple[DemoCredit, ...]
    suite: tuple[Piece, ...]
    part: int

    @property
    def piece(self) -> Piece:
        return self.suite[self.part]

    @property
    def tempo_bpm(self) -> float:
        """Quarter notes a minute, whatever the metre."""
        return self.piece.tempo

    @property
    def musical_key(self) -> str:
        return f"{self.piece.key} {self.piece.mode}"

    @property
    def metre(self) -> str:
        return self.piece.metre_name

    @property
    def seed(self) -> int:
        return self.piece.seed

    @cached_property
    def samples(self) -> int:
        """Length in samples at 44.1 kHz, known without rendering."""
        return suite_lengths(self.suite)[self.part]

    @property
    def duration_ms(self) -> int:
        return round(self.samples * 1000 / SAMPLE_RATE)


@dataclass(frozen=True)
class DemoAlbum:
    key: str
    artist: DemoArtist
    title: str
    kind: Literal["album", "ep", "single", "compilation"]
    release_date: date
    label: str
    genres: tuple[str, ...]
    description: str
    tracks: tuple[DemoTrack, ...]


_Line = tuple[str, Sequence[str], Sequence[tuple[str, str]]]


def _tracks(album: str, suites: Sequence[tuple[Piece, ...]], lines: Sequence[_Line]) -> tuple[DemoTrack, ...]:
    parts = [(suite, part) for suite in suites for part in range(len(suite))]
    return tuple(
        DemoTrack(
            key=f"{album}-{number:02}",
            number=number,
            title=title,
            genres=tuple(genres),
            credits=tuple(DemoCredit(name, role) for name, role in people),
            suite=suite,
            part=part,
        )
        for number, ((suite, part), (title, genres, people)) in enumerate(zip(parts, lines, strict=True), 1)
    )


LUMEN = DemoArtist(
    "lumen-fjara",
    "Lumen Fjära",
    "Lumen Fjära plays an old felted upright in a boathouse and lets the tide keep time. The pieces begin as a "
    "few bars written on the back of ferry timetables and are left alone as soon as they can stand. She lives "
    "between Gotland and Onomichi, which explains the titles.",
)
RELAY = DemoArtist(
    "velvet-relay",
    "Velvet Relay",
    "Velvet Relay are two former radio engineers from Plovdiv who build their drum machines out of spare relays. "
    "Their records follow one journey each, recorded in the order in which it happened. They play standing up, "
    "facing each other, and never before eleven.",
)
QUINCE = DemoArtist(
    "quince-and-copper",
    "Quince & Copper",
    "Quince & Copper are a quintet of plucked strings, reeds and frame drums who met at a wedding where the band "
    "did not turn up. They collect metres the way others collect stamps: five, seven and eleven are their "
    "favourites. Everything they play, they have danced to first.",
)

_IDUN = ("Idun Vassvik", "composer"), ("Idun Vassvik", "piano")
_HARU = ("Haru Ikegami", "producer")
_DESI = ("Desislava Taneva", "composer"), ("Desislava Taneva", "keyboards")
_MIRO = ("Miro Stanchev", "drums"), ("Miro Stanchev", "producer")
_SALMA = ("Salma Darwazeh", "composer"), ("Salma Darwazeh", "oud")
_ELOI = ("Eloi Marchetti", "guitar"), ("Eloi Marchetti", "mandolin")
_NAZ = ("Nazan Erkin", "frame drum")
_TOMAS = ("Tomáš Hrubý", "double bass")
_AOIFE = ("Aoife Brannock", "flute"), ("Aoife Brannock", "clarinet")

_MAPS = DemoAlbum(
    "maps-of-calm",
    LUMEN,
    "凪の地図",
    "album",
    date(2025, 11, 21),
    "Boathouse Editions",
    ("Ambient", "Modern classical"),
    "Maps of the calm between two winds: five pieces for felted piano, glass and a harbour at night. The last two "
    "are one piece of water and want to be heard without a pause.",
    _tracks(
        "maps-of-calm",
        ((ambient.FIRST_FERRY,), (ambient.CALM,), (ambient.SALT,), (ambient.SNOW_LIGHT, ambient.HARBOUR)),
        (
            ("First Ferry", ("Modern classical", "Ambient"), (*_IDUN, _HARU)),
            ("凪", ("Ambient",), (*_IDUN, _HARU, ("Haru Ikegami", "glass"))),
            ("Salt on the Windowsill", ("Modern classical", "Waltz"), (*_IDUN, _HARU)),
            ("Snöljus", ("Modern classical", "Ambient"), (*_IDUN, ("Signe Holmér", "harp"), _HARU)),
            ("The Harbour Sleeps", ("Ambient",), (*_IDUN, ("Signe Holmér", "vibraphone"), _HARU)),
        ),
    ),
)

_BUS = DemoAlbum(
    "night-bus-to-varna",
    RELAY,
    "Night Bus to Varna",
    "album",
    date(2026, 6, 19),
    "Ringlinie",
    ("Electronic", "House", "Downtempo"),
    "Plovdiv, 23:40, to the Black Sea at dawn: a depot, a motorway under sodium lamps, a window seat in seven, "
    "and then the water. Doors close between the first two tracks, the beat does not.",
    _tracks(
        "night-bus-to-varna",
        ((groove.DEPOT, groove.NIGHT_BUS), (groove.SODIUM,), (groove.WINDOW_SEAT,), (groove.THE_SEA,)),
        (
            ("Depot, 23:40", ("Electronic", "House"), (*_DESI, *_MIRO)),
            ("Нощен автобус", ("House", "Electronic"), (*_DESI, *_MIRO)),
            ("Sodium Lights", ("Downtempo", "Hip-hop"), (*_DESI, *_MIRO, ("Lena Okoro", "double bass"))),
            ("Window Seat in Seven", ("Electronic", "Breakbeat"), (*_DESI, *_MIRO, ("Lena Okoro", "kalimba"))),
            ("Морето", ("Synthwave", "Electronic"), (*_DESI, *_MIRO)),
        ),
    ),
)

_BRIDGES = DemoAlbum(
    "five-rivers-seven-bridges",
    QUINCE,
    "Five Rivers, Seven Bridges",
    "album",
    date(2025, 4, 25),
    "Maison Cognassier",
    ("Folk", "Chamber"),
    "Dances for walking across: a waltz under a quince tree, a long seven, a five that a miller might count, a "
    "jig by lantern light and a slow song for water and copper.",
    _tracks(
        "five-rivers-seven-bridges",
        (
            (chamber.QUINCE,),
            (chamber.SEVEN_BRIDGES,),
            (chamber.MILLER,),
            (chamber.LANTERN_JIG,),
            (chamber.WATER_AND_COPPER,),
        ),
        (
            ("Quince Blossom", ("Folk", "Waltz"), (*_ELOI, *_AOIFE, _TOMAS)),
            ("سبعة جسور", ("Folk", "Maqam"), (*_SALMA, *_AOIFE, _NAZ, _TOMAS)),
            (
                "The Miller Counts to Five",
                ("Folk", "Chamber"),
                (*_ELOI, ("Salma Darwazeh", "santur"), *_AOIFE, _NAZ, _TOMAS),
            ),
            ("Lantern Jig", ("Folk", "Jig"), (*_ELOI, *_AOIFE, _NAZ, _TOMAS)),
            ("ماء ونحاس", ("Chamber", "Folk"), (*_SALMA, ("Tomáš Hrubý", "cello"), *_AOIFE, _NAZ)),
        ),
    ),
)


def demo_artists() -> tuple[DemoArtist, ...]:
    """The artists, in the order in which their albums appear."""
    return tuple(album.artist for album in demo_albums())


def demo_albums() -> tuple[DemoAlbum, ...]:
    """All albums of the demo, oldest first."""
    return tuple(sorted((_MAPS, _BUS, _BRIDGES), key=lambda album: album.release_date))
