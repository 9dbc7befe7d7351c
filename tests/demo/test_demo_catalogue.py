"""What the demo promises before a single sample is rendered."""

from __future__ import annotations

import itertools
import unicodedata
from datetime import date, timedelta

import pytest

from antiphon.demo import DemoTrack, demo_albums, demo_artists
from antiphon.demo.render import notes_of
from antiphon.demo.score import Piece
from antiphon.demo.theory import METRES

TRACKS = [track for album in demo_albums() for track in album.tracks]
MELODIC = ("song", "lead", "vibes", "voice", "oud", "tune", "reed", "pipe")


def label(track: DemoTrack) -> str:
    return track.key


def test_three_artists_release_three_albums_of_at_least_fourteen_tracks() -> None:
    albums = demo_albums()
    assert len(albums) == 3
    assert len({artist.key for artist in demo_artists()}) == 3
    assert len(TRACKS) >= 14
    assert len({track.key for track in TRACKS}) == len(TRACKS)
    assert [album.release_date for album in albums] == sorted(album.release_date for album in albums)


def test_albums_and_artists_are_described() -> None:
    for album in demo_albums():
        assert 2 <= album.artist.bio.count(". ") + 1 <= 3
        assert album.description.endswith(".")
        assert album.label
        assert album.genres
        assert album.kind == "album"
        assert date(2025, 1, 1) < album.release_date < date(2025, 1, 1) + timedelta(days=730)


@pytest.mark.parametrize("track", TRACKS, ids=label)
def test_a_track_says_how_long_and_in_what_key_and_metre_it_is(track: DemoTrack) -> None:
    assert 40_000 <= track.duration_ms <= 120_000
    assert 40 <= track.tempo_bpm <= 200
    assert track.metre in METRES
    assert track.musical_key.split()[0] in {"C", "D", "Eb", "E", "F", "G", "A", "Bb"}
    assert track.title
    assert track.genres
    assert {credit.role for credit in track.credits} & {"composer", "guitar"}


def test_titles_are_written_in_several_scripts() -> None:
    titles = "".join(track.title for track in TRACKS)
    scripts = {unicodedata.name(letter).split()[0] for letter in titles if letter.isalpha()}
    assert {"LATIN", "CYRILLIC", "ARABIC", "CJK"} <= scripts


def test_the_music_varies() -> None:
    assert {track.metre for track in TRACKS} == {"4/4", "3/4", "6/8", "5/4", "7/8"}
    assert len({track.tempo_bpm for track in TRACKS}) >= 12
    assert len({track.musical_key for track in TRACKS}) >= 9
    assert len({track.seed for track in TRACKS}) == len(TRACKS)
    assert max(track.tempo_bpm for track in TRACKS) > 2 * min(track.tempo_bpm for track in TRACKS)


def test_at_least_one_album_holds_a_gapless_pair() -> None:
    pairs = [
        (a, b)
        for album in demo_albums()
        for a, b in itertools.pairwise(album.tracks)
        if a.suite == b.suite and b.part == a.part + 1
    ]
    assert len(pairs) >= 2


@pytest.mark.parametrize("track", TRACKS, ids=label)
def test_every_layer_plays_inside_the_piece(track: DemoTrack) -> None:
    piece = track.piece
    for name in piece.layers:
        notes = notes_of(piece, name)
        assert notes, name
        assert all(0 <= note.beat < piece.beats + 2 and note.length > 0 and 0 < note.velocity <= 1.2 for note in notes)
        assert all(24 <= note.pitch <= 100 for note in notes), name


@pytest.mark.parametrize("track", TRACKS, ids=label)
def test_melodies_keep_to_the_scale_and_rest_on_the_harmony(track: DemoTrack) -> None:
    piece = track.piece
    for name in [name for name in MELODIC if name in piece.layers and name != "vibes"]:
        notes = notes_of(piece, name)
        assert sum(note.pitch in piece.scale for note in notes) > 0.9 * len(notes)
        clashes = [note for note in notes if stressed(piece, note.beat, note.length) and not fits(piece, note)]
        assert len(clashes) <= 0.05 * len(notes), (name, clashes)


def stressed(piece: Piece, beat: float, length: float) -> bool:
    offset = beat % piece.metre.length
    return length > 0.9 and min(abs(offset - place) for place in piece.metre.stressed) < 1e-6


def fits(piece: Piece, note: object) -> bool:
    beat, pitch = note.beat, note.pitch  # type: ignore[attr-defined]
    bar = piece.timeline[int(beat / piece.metre.length + 1e-6)]
    return pitch in bar.chord_at(beat - bar.beat)


@pytest.mark.parametrize("track", TRACKS, ids=label)
def test_the_form_has_an_arc(track: DemoTrack) -> None:
    levels = [section.level for section in track.piece.sections]
    layers = [len(section.layers.split()) for section in track.piece.sections]
    assert levels[0] < max(levels) or track.part > 0
    assert max(layers) > layers[0] or track.part > 0
    assert levels[-1] < max(levels)


def test_a_phrase_that_returns_is_varied() -> None:
    varied = 0
    for track in TRACKS:
        piece = track.piece
        for name in [name for name in MELODIC if name in piece.layers]:
            verses: dict[str, list[list[tuple[float, int]]]] = {}
            start = 0.0
            for section in piece.sections:
                end = start + len(section.bars) * piece.metre.length
                if section.phrase and name in section.layers.split():
                    line = [(round(n.beat - start, 3), n.pitch) for n in notes_of(piece, name) if start <= n.beat < end]
                    verses.setdefault(section.phrase, []).append(line)
                start = end
            varied += sum(len(set(map(tuple, lines))) > 1 for lines in verses.values())
    assert varied >= 10


def test_notes_are_the_same_each_time() -> None:
    piece = TRACKS[0].piece
    assert all(notes_of(piece, name) == notes_of(piece, name) for name in piece.layers)
