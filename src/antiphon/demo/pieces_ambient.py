"""Five quiet pieces for felt piano, pads and bells: the album of Lumen Fjära."""

from __future__ import annotations

from antiphon.demo.composer import arpeggio, bass, comp, ending, harmony_line, melody, pad, sparkle, texture
from antiphon.demo.score import Layer, Piece, Section

_FERRY_A = "Dmaj9 | A/C# | Bm7 | Gmaj9"
_FERRY_B = "Em9 | F#m7 | Gmaj9 | Asus4 A"

FIRST_FERRY = Piece(
    key="D",
    mode="major",
    metre_name="4/4",
    tempo=72,
    seed=1101,
    slow_down=0.35,
    tail=6.5,
    loudness=-17.5,
    reverb_seconds=2.8,
    reverb_damping=4200,
    delay_beats=1.5,
    phrases={
        "morning": "5:1.5 3:.5 2:2 | r:1 3:1 5:1 6:1 | 5:3 2:1 | 3:2 1:2",
        "open water": "r:.5 2:.5 4:1 5:2 | 6:1.5 5:.5 3:2 | r:1 7:1 6:1 5:1 | 4:2 3:1 2:1",
    },
    sections=(
        Section("quay", _FERRY_A, "sea broken", level=0.35),
        Section("A", _FERRY_A, "sea broken song warm", "morning", 0.5),
        Section("A'", _FERRY_A, "broken song warm low", "morning", 0.65),
        Section("B", _FERRY_B, "broken song warm low bells choir", "open water", 0.8),
        Section("A''", _FERRY_A, "broken song under warm low bells choir", "morning", 0.85),
        Section("outro", "Gmaj9 | A/G | Dmaj9", "sea broken warm low", level=0.4),
        Section("ashore", "Dadd9", "sea warm low close", level=0.4),
    ),
    layers={
        "broken": Layer("felt_piano", arpeggio("01232123", 0.5, low=50, high=71, ring=3.5), -2, loose=9, reverb=0.3),
        "song": Layer("felt_piano", melody(5), 1.5, loose=12, reverb=0.4, delay=0.16),
        "under": Layer("felt_piano", harmony_line(5), -2, loose=14, reverb=0.4),
        "close": Layer("felt_piano", ending("-2 1 5 9 12", 4, 0.16), -1, reverb=0.4),
        "warm": Layer("warm_pad", pad(4, 50, 70), -13, reverb=0.35),
        "choir": Layer("choir_pad", pad(3, 62, 79), -19, reverb=0.5),
        "low": Layer("sub_bass", bass("R-------", "R-----5-", unit=0.5, low=33), -16, reverb=0.1),
        "bells": Layer("glass", sparkle(0.09, 0.5), -10, reverb=0.6, delay=0.3),
        "sea": Layer("sea", texture(), -7, reverb=0.0),
    },
)

_CALM_A = "Ebmaj9 | Cm9 | Abmaj9 | Bb9sus4"
_CALM_B = "Fm9 | Gm7 | Abmaj9 | Bb9sus4"

CALM = Piece(
    key="Eb",
    mode="major",
    metre_name="4/4",
    tempo=60,
    seed=1102,
    slow_down=0.3,
    tail=8.0,
    loudness=-18.0,
    reverb_seconds=2.9,
    reverb_damping=3600,
    delay_beats=1.0,
    phrases={
        "breath": "r:2 5:1 6:1 | 3:3 r:1 | r:2 2:1 3:1 | 1:3 r:1",
        "far": "r:2 8:1 7:1 | 5:3 r:1 | r:1 6:1 5:1 3:1 | 2:3 r:1",
    },
    sections=(
        Section("mist", _CALM_A, "sea glass drops", level=0.4),
        Section("A", _CALM_A, "sea glass choir drops song", "breath", 0.55),
        Section("B", _CALM_B, "glass choir low drops song", "far", 0.75),
        Section("A'", "Ebmaj9 | Cm9 | Abmaj9 | Ebmaj9", "sea glass choir low song drops", "breath", 0.5),
    ),
    layers={
        "glass": Layer("glass_pad", pad(4, 55, 75, overlap=1.5), -10, reverb=0.45),
        "choir": Layer("choir_pad", pad(3, 58, 74, overlap=1.0), -12, reverb=0.5),
        "low": Layer("warm_pad", bass("R-------", unit=0.5, low=36, gate=1.1), -10, reverb=0.2),
        "drops": Layer("glass", sparkle(0.13, 0.5, 74, 91), -6, reverb=0.6, delay=0.4),
        "song": Layer("felt_piano", melody(5, ornament=0.15), 2, loose=16, reverb=0.5, delay=0.22),
        "sea": Layer("sea", texture(), -9, reverb=0.0),
    },
)

_SALT_A = "Am9 | Em7 | Fmaj7 | Cmaj7 | Dm9 | Am7 | Bm7b5 | E7"
_SALT_B = "Fmaj7 | G6 | Em7 | Am7 | Dm7 | G7 | Cmaj7 | E7"

SALT = Piece(
    key="A",
    mode="minor",
    metre_name="3/4",
    tempo=102,
    seed=1103,
    slow_down=0.45,
    tail=5.5,
    loudness=-17.0,
    reverb_seconds=2.0,
    reverb_damping=4800,
    delay_beats=1.0,
    phrases={
        "waltz": (
            "5:1.5 4:.5 3:1 | 2:2 3:1 | 1:1.5 2:.5 3:1 | 5:3 | "
            "4:1.5 3:.5 4:1 | 5:1 3:1 1:1 | 2:1.5 3:.5 4:1 | #7:1 2:1 5:1"
        ),
        "window": "8:1.5 7:.5 6:1 | 7:2 5:1 | 7:1.5 6:.5 5:1 | 3:3 | 4:1 6:1 8:1 | 9:1.5 8:.5 7:1 | 5:2 3:1 | #7:2 2:1",
    },
    sections=(
        Section("intro", "Am9 | Em7 | Fmaj7 | E7", "left right", level=0.35),
        Section("A", _SALT_A, "left right song", "waltz", 0.5),
        Section("A'", _SALT_A, "left right song strings", "waltz", 0.6),
        Section("B", _SALT_B, "left right song strings box", "window", 0.8),
        Section("A''", _SALT_A, "left right song under strings box", "waltz", 0.7),
        Section("outro", "Am9 | Fmaj7 | Dm9 | Amadd9", "left strings close", level=0.35),
    ),
    layers={
        "left": Layer("felt_piano", bass("R-----", unit=0.5, low=40), -2, loose=8, reverb=0.25),
        "right": Layer(
            "felt_piano", comp(".x.x.o", ".x.x..", unit=0.5, size=3, low=55, high=71), -6.5, loose=9, reverb=0.3
        ),
        "song": Layer("felt_piano", melody(4), 0, loose=12, reverb=0.35, delay=0.08),
        "under": Layer("vibraphone", harmony_line(4), -8, loose=10, reverb=0.4),
        "strings": Layer("string_pad", pad(4, 52, 74), -18, reverb=0.45),
        "box": Layer("celesta", sparkle(0.1, 0.5, 79, 93), -11, reverb=0.5, delay=0.2),
        "close": Layer("felt_piano", ending("1 5 9 10 15", 4, 0.2), -2, reverb=0.45),
    },
)

_SNOW_A = "Fmaj9 | G/F | Em7 | Am7 | Fmaj9 | G/F | Dm9 | Csus2"
_SNOW_B = "Am9 | Em7 | Fmaj9 | G6 | Am9 | Em7 | Dm9 | G6"

SNOW_LIGHT = Piece(
    key="F",
    mode="lydian",
    metre_name="6/8",
    tempo=87,
    seed=1104,
    tail=7.0,
    loudness=-17.5,
    reverb_seconds=2.9,
    reverb_damping=5200,
    delay_beats=1.5,
    phrases={
        "flakes": (
            "3:1.5 5:1 4:.5 | 5:1.5 2:1.5 | 7:1 6:.5 5:1.5 | 3:3 | 3:1.5 5:1 4:.5 | 5:1.5 8:1.5 | 7:1 6:.5 4:1.5 | 5:3"
        ),
        "drift": (
            "10:1.5 9:1 8:.5 | 7:1.5 5:1.5 | 8:1 7:.5 5:1.5 | 6:3 | 5:1.5 3:1.5 | 7:1.5 5:1 3:.5 | 6:1.5 8:1.5 | 9:3"
        ),
    },
    sections=(
        Section("window", "Fmaj9 | G/F | Fmaj9 | G/F", "fall glass", level=0.35),
        Section("A", _SNOW_A, "fall glass song low", "flakes", 0.55),
        Section("B", _SNOW_B, "fall warm song low bells", "drift", 0.8),
        Section("A'", _SNOW_A, "fall warm glass song under low bells", "flakes", 0.7),
        Section("dusk", "Fmaj9 | Fmaj9 | F9sus4 | F9sus4", "fall warm glass low sea", level=0.4),
    ),
    layers={
        "fall": Layer("harp", arpeggio("021324", 0.5, low=65, high=84, ring=3.0), -6, loose=7, reverb=0.35, delay=0.12),
        "song": Layer("felt_piano", melody(4), 2, loose=11, reverb=0.4, delay=0.12),
        "under": Layer("celesta", harmony_line(5), -8, loose=9, reverb=0.5),
        "glass": Layer("glass_pad", pad(3, 65, 81), -15, reverb=0.5),
        "warm": Layer("warm_pad", pad(4, 50, 70, overlap=1.2), -13, reverb=0.35),
        "low": Layer("warm_pad", bass("R-----", unit=0.5, low=36, gate=1.05), -11, reverb=0.2),
        "bells": Layer("glass", sparkle(0.07, 0.5, 84, 96), -11, reverb=0.6, delay=0.3),
        "sea": Layer("sea", texture(), -7, reverb=0.0),
    },
)

_HARBOUR_A = "Bbmaj9 | Gm9 | Ebmaj9 | F9sus4"

HARBOUR = Piece(
    key="Bb",
    mode="major",
    metre_name="4/4",
    tempo=63,
    seed=1105,
    slow_down=0.4,
    tail=9.0,
    loudness=-17.5,
    reverb_seconds=2.9,
    reverb_damping=4000,
    delay_beats=1.5,
    phrases={
        "lullaby": "3:2 5:1 4:1 | 2:3 1:1 | r:1 5:1 6:1 7:1 | 8:2 5:2",
        "lamps": "r:1 8:1 7:1 5:1 | 6:2 3:2 | r:1 4:1 3:1 1:1 | 2:3 r:1",
        "asleep": "3:2 5:1 4:1 | 2:2 1:2 | r:1 3:1 2:1 1:1 | 1:4",
    },
    sections=(
        Section("arrival", "Bbmaj9 | Ebmaj9", "sea warm low vibes", level=0.45),
        Section("A", _HARBOUR_A, "sea warm low vibes song", "lullaby", 0.55),
        Section("B", "Ebmaj9 | Dm7 | Gm9 | F9sus4", "warm low vibes song choir", "lamps", 0.75),
        Section("A'", "Bbmaj9 | Gm9 | Ebmaj9 | Bbadd9", "warm low vibes song under choir sea", "asleep", 0.6),
        Section("night", "Ebmaj9 | Bbadd9", "sea warm low choir close", level=0.35),
    ),
    layers={
        "song": Layer("felt_piano", melody(4, ornament=0.2), 2, loose=15, reverb=0.45, delay=0.14),
        "under": Layer("felt_piano", harmony_line(4), -1, loose=16, reverb=0.45),
        "vibes": Layer(
            "vibraphone", arpeggio("0.2.3.1.", 0.5, low=58, high=77, ring=3.0), -6, loose=10, reverb=0.4, delay=0.2
        ),
        "warm": Layer("warm_pad", pad(4, 50, 70, overlap=1.0), -11, reverb=0.35),
        "choir": Layer("choir_pad", pad(3, 62, 77, overlap=1.0), -16, reverb=0.5),
        "low": Layer("sub_bass", bass("R-------", unit=0.5, low=34), -16, reverb=0.1),
        "close": Layer("felt_piano", ending("-6 1 5 9 10", 4, 0.22), -3, reverb=0.5),
        "sea": Layer("sea", texture(), -8, reverb=0.0),
    },
)
