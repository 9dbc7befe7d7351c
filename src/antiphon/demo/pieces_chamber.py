"""Five pieces for plucked strings, reeds and frame drums in odd metres: the album of Quince & Copper."""

from __future__ import annotations

from antiphon.demo.composer import arpeggio, bass, both, comp, drone, drums, ending, harmony_line, melody, pad, sparkle
from antiphon.demo.score import Layer, Piece, Section

_QUINCE_A = "G | D/F# | Em7 | C | G/B | Am7 | Dsus4 | D"
_QUINCE_B = "Em | Bm7 | C | G/B | Am7 | D7 | G | D/F#"

QUINCE = Piece(
    key="G",
    mode="major",
    metre_name="3/4",
    tempo=114,
    seed=3301,
    slow_down=0.4,
    tail=4.5,
    loudness=-16.5,
    reverb_seconds=1.7,
    reverb_damping=4800,
    delay_beats=1.0,
    phrases={
        "bloom": "5:2 3:1 | 2:2 3:1 | 5:1 6:1 8:1 | 5:3 | 3:2 5:1 | 6:1 5:1 3:1 | 4:1.5 3:.5 1:1 | 2:3",
        "branch": "8:2 7:1 | 6:2 5:1 | 3:1 5:1 6:1 | 5:3 | 8:1.5 7:.5 6:1 | 5:1 4:1 6:1 | 5:1 3:1 2:1 | 1:3",
    },
    sections=(
        Section("intro", "G | D/F# | Em7 | C", "guitar", level=0.45),
        Section("A", _QUINCE_A, "guitar song bass", "bloom", 0.55),
        Section("A'", _QUINCE_A, "guitar song bass harp", "bloom", 0.65),
        Section("B", _QUINCE_B, "guitar song bass harp strings", "branch", 0.8),
        Section("A''", _QUINCE_A, "guitar song second bass harp strings", "bloom", 0.75),
        Section("outro", "C | G/B | Am7", "guitar bass strings", level=0.4),
        Section("last", "G", "bass strings close", level=0.4),
    ),
    layers={
        "guitar": Layer(
            "nylon_guitar", arpeggio("013231", 0.5, size=4, low=47, high=67, ring=2.5), -2, -0.25, reverb=0.22, loose=8
        ),
        "song": Layer("flute", melody(4, ornament=0.35), -10.5, 0.12, reverb=0.38, delay=0.05, loose=10),
        "second": Layer("clarinet", harmony_line(4, 4), -14, 0.4, reverb=0.35, loose=10),
        "bass": Layer("double_bass", bass("R---5-", "R-----", unit=0.5, low=35), -2, 0.05, reverb=0.12, loose=8),
        "harp": Layer(
            "harp", arpeggio("0.2.4.", 0.5, size=4, low=62, high=79, ring=3.0), -8, 0.35, reverb=0.35, loose=9
        ),
        "strings": Layer("string_pad", pad(4, 52, 72), -20, reverb=0.4),
        "close": Layer("nylon_guitar", ending("1 5 8 10 12", 3, 0.09), -2, -0.2, reverb=0.3),
    },
)

_BRIDGES_A = "D | Eb | D | Cm"
_BRIDGES_B = "Gm | Eb | Cm | D"

SEVEN_BRIDGES = Piece(
    key="D",
    mode="hijaz",
    metre_name="7/8",
    tempo=130,
    seed=3302,
    slow_down=0.25,
    tail=4.0,
    loudness=-16.0,
    reverb_seconds=1.5,
    reverb_damping=5200,
    delay_beats=0.5,
    phrases={
        "walk": "1:1 2:.5 3:.5 2:.5 1:1 | 2:1 3:.5 4:.5 2:1.5 | 5:1 4:.5 3:.5 4:.5 3:.5 2:.5 | 0:1 2:1 1:1.5",
        "arch": "5:1 6:.5 5:.5 4:1.5 | 5:1 6:.5 7:.5 6:1.5 | 7:.5 6:.5 5:.5 4:.5 3:.5 2:1 | 3:1 2:1 1:1.5",
        "far bank": "8:1 9:.5 10:.5 9:.5 8:1 | 9:1 8:.5 7:.5 6:1.5 | 8:1 7:.5 6:.5 5:1.5 | 4:1 3:.5 2:.5 1:1.5",
    },
    sections=(
        Section("drum", "D | D | D | D", "drone skin", level=0.5),
        Section("A", f"{_BRIDGES_A} | {_BRIDGES_A}", "drone skin oud low", "walk", 0.65),
        Section("B", f"{_BRIDGES_B} | {_BRIDGES_B}", "skin ring oud low wires", "arch", 0.8),
        Section("A'", f"{_BRIDGES_A} | {_BRIDGES_A}", "drone skin ring oud reed low", "walk", 0.8),
        Section("C", f"{_BRIDGES_A} | {_BRIDGES_B}", "drone skin ring oud reed low wires", "far bank", 0.95),
        Section("B'", f"{_BRIDGES_B} | Gm | Eb | Cm | D", "skin ring oud reed low wires", "arch", 0.9),
        Section("end", "D | D", "drone close", level=0.5),
    ),
    layers={
        "oud": Layer("oud", melody(4, ornament=0.4), 0, -0.12, reverb=0.22, delay=0.05, loose=7),
        "reed": Layer("flute", melody(5, ornament=0.5), -15, 0.25, reverb=0.4, loose=9),
        "wires": Layer(
            "santur", arpeggio("0121232", 0.5, size=3, low=62, high=79, ring=1.6), -5, 0.3, reverb=0.3, loose=6
        ),
        "low": Layer("double_bass", bass("R-R-R-5", "R-R-8-a", unit=0.5, low=33), -4, reverb=0.1, loose=6),
        "drone": Layer("bowed", drone(1, 3, fifth=True), -19, reverb=0.35),
        "skin": Layer(
            "drums",
            drums(
                0.25,
                "d.e.ee",
                4,
                dum="X.......x.....|X.....o.x...o.",
                tek="....x.......x.|....x.....x.x.",
                ka="..o...o...o..o",
            ),
            -1,
            reverb=0.2,
            loose=7,
        ),
        "ring": Layer("drums", drums(0.25, jingle="x.o.x.o.x.o.o."), -3, reverb=0.15, loose=6),
        "close": Layer("oud", ending("-6 -2 1 5 8", 4, 0.07), -1, reverb=0.3),
    },
)

_MILLER_A = "Dm7 | G/D | Dm7 | C"
_MILLER_B = "Bbmaj7 | C | Am7 | Dm7"

MILLER = Piece(
    key="D",
    mode="dorian",
    metre_name="5/4",
    tempo=146,
    seed=3303,
    slow_down=0.25,
    tail=4.0,
    loudness=-16.0,
    reverb_seconds=1.6,
    reverb_damping=5200,
    delay_beats=1.0,
    phrases={
        "wheel": "1:1.5 2:.5 3:1 5:1 4:1 | 3:1.5 2:.5 1:1 2:2 | 1:1.5 2:.5 3:1 5:1 7:1 | 8:3 5:2",
        "sluice": "8:1.5 7:.5 5:1 4:2 | 5:1.5 4:.5 3:1 2:2 | 3:1.5 4:.5 5:1 7:1 5:1 | 4:1 3:1 2:1 1:2",
    },
    sections=(
        Section("count", _MILLER_A, "wires bass", level=0.5),
        Section("A", _MILLER_A, "wires bass skin song", "wheel", 0.65),
        Section("A'", _MILLER_A, "wires bass skin song guitar", "wheel", 0.7),
        Section("B", f"{_MILLER_B} | {_MILLER_B}", "wires bass skin song guitar strings", "sluice", 0.85),
        Section("still", _MILLER_A, "wires guitar strings", level=0.45),
        Section("A''", _MILLER_A, "wires bass skin song second guitar strings", "wheel", 0.9),
        Section("B'", _MILLER_B, "wires bass skin song second guitar strings", "sluice", 0.95),
        Section("end", "Bbmaj7 | C | Dm", "wires bass guitar strings", level=0.45),
        Section("stop", "Dm", "bass strings close", level=0.45),
    ),
    layers={
        "wires": Layer(
            "santur", arpeggio("0123231202", 0.5, size=4, low=62, high=79, ring=2.0), -3, 0.3, reverb=0.28, loose=5
        ),
        "guitar": Layer(
            "nylon_guitar",
            comp("X..x.xx.x.", "X..x.xx.xo", unit=0.5, size=4, low=50, high=67, gate=1.0),
            -7,
            -0.35,
            reverb=0.2,
            loose=7,
        ),
        "song": Layer("clarinet", melody(4, ornament=0.35), -10.5, -0.05, reverb=0.33, delay=0.05, loose=9),
        "second": Layer("mandolin", melody(5, ornament=0.4), -5, 0.15, reverb=0.25, loose=8),
        "bass": Layer("double_bass", bass("R--5-.R-8-", "R--5-.R-a-", unit=0.5, low=33), -1.5, reverb=0.1, loose=6),
        "skin": Layer(
            "drums",
            drums(0.5, "d.ee", 4, dum="X.....x...|X.....x.o.", tek="...x..o.x.", ka=".oo.oo.o.o", jingle="x.x.x.x.x."),
            -3,
            reverb=0.18,
            loose=6,
        ),
        "strings": Layer("string_pad", pad(4, 53, 72), -21, reverb=0.4),
        "close": Layer("nylon_guitar", ending("1 5 8 10 12", 3, 0.08), -2, -0.2, reverb=0.3),
    },
)

_JIG_A = "Am | Am | G | G | Am | Am | G Em | Am"
_JIG_B = "C | C | G | G | Am | Em | G Em | Am"

LANTERN_JIG = Piece(
    key="A",
    mode="dorian",
    metre_name="6/8",
    tempo=162,
    seed=3304,
    slow_down=0.3,
    tail=3.5,
    loudness=-16.0,
    reverb_seconds=1.3,
    reverb_damping=5600,
    delay_beats=1.5,
    phrases={
        "lantern": (
            "1:.5 3:.5 5:.5 5:.5 4:.5 3:.5 | 1:.5 3:.5 5:.5 8:1 7:.5 | "
            "7:.5 5:.5 4:.5 7:.5 5:.5 4:.5 | 2:.5 4:.5 7:.5 5:.5 4:.5 2:.5 | "
            "1:.5 3:.5 5:.5 5:.5 4:.5 3:.5 | 1:.5 3:.5 5:.5 8:1 9:.5 | "
            "10:.5 9:.5 8:.5 7:.5 5:.5 4:.5 | 3:.5 2:.5 0:.5 1:1.5"
        ),
        "moth": (
            "3:.5 5:.5 3:.5 10:1 9:.5 | 8:.5 7:.5 5:.5 7:1 5:.5 | 4:.5 7:.5 5:.5 9:1 8:.5 | 7:.5 5:.5 4:.5 2:1 4:.5 | "
            "3:.5 5:.5 8:.5 10:1 9:.5 | 8:.5 9:.5 7:.5 5:1 5:.5 | 4:.5 5:.5 7:.5 8:.5 7:.5 5:.5 | 4:.5 3:.5 2:.5 1:1.5"
        ),
    },
    sections=(
        Section("A", _JIG_A, "tune", "lantern", 0.6),
        Section("A2", _JIG_A, "tune guitar skin", "lantern", 0.65),
        Section("B", _JIG_B, "tune guitar bass skin", "moth", 0.75),
        Section("B2", _JIG_B, "tune guitar bass skin strings", "moth", 0.8),
        Section("A3", _JIG_A, "tune pipe guitar bass skin ring", "lantern", 0.85),
        Section("A4", _JIG_A, "tune pipe guitar bass skin ring harp", "lantern", 0.9),
        Section("B3", _JIG_B, "tune pipe guitar bass skin ring harp strings", "moth", 0.95),
        Section("B4", _JIG_B, "tune pipe guitar bass skin ring harp strings", "moth", 1.0),
        Section("end", "Am", "close", level=0.7),
    ),
    layers={
        "tune": Layer("mandolin", melody(4, ornament=0.2), 1, -0.15, reverb=0.2, loose=7),
        "pipe": Layer("flute", melody(4, ornament=0.3), -14, 0.2, reverb=0.3, loose=9),
        "guitar": Layer(
            "nylon_guitar",
            comp("X.ox.o", "X.oxo.", unit=0.5, size=4, low=50, high=66, gate=0.9),
            -8,
            0.35,
            reverb=0.16,
            loose=6,
        ),
        "harp": Layer(
            "harp", arpeggio("0.2.3.", 0.5, size=4, low=60, high=77, ring=2.0), -11, 0.4, reverb=0.3, loose=8
        ),
        "bass": Layer("double_bass", bass("R--5--", "R--R-a", unit=0.5, low=33), -3, reverb=0.1, loose=6),
        "skin": Layer(
            "drums", drums(0.5, "ddeee", 8, dum="X..x..|X..x.o", tek="..o..x", ka=".o..o."), -2, reverb=0.16, loose=6
        ),
        "ring": Layer("drums", drums(0.5, jingle="X.ox.o"), -3, reverb=0.12, loose=6),
        "strings": Layer("string_pad", pad(3, 57, 72), -21, reverb=0.35),
        "close": Layer(
            "mandolin", both(ending("1 5 8 10", 3, 0.06, 4.0), ending("8 12 15", 4, 0.1, 4.0)), -2, reverb=0.3
        ),
    },
)

_WATER_A = "Dm | Bbmaj7 | Gm | A"
_WATER_B = "F | C/E | Gm/D | A7"

WATER_AND_COPPER = Piece(
    key="D",
    mode="minor",
    metre_name="4/4",
    tempo=76,
    seed=3305,
    slow_down=0.45,
    tail=6.0,
    loudness=-17.0,
    reverb_seconds=2.5,
    reverb_damping=4600,
    delay_beats=1.5,
    phrases={
        "water": "5:1.5 4:.5 3:1 2:1 | 3:3 1:1 | 4:1.5 5:.5 6:1 5:1 | 2:2 #0:2",
        "copper": "5:1 8:1 7:1.5 5:.5 | 7:1.5 6:.5 5:2 | 4:1 6:1 5:1 4:1 | 3:1 2:1 #0:2",
        "rest": "5:1.5 4:.5 3:1 2:1 | 3:3 1:1 | 4:1.5 3:.5 2:1 4:1 | 2:1 #0:1 1:2",
    },
    sections=(
        Section("spring", _WATER_A, "harp drops", level=0.4),
        Section("A", _WATER_A, "harp song low", "water", 0.55),
        Section("B", _WATER_B, "harp song low strings wires", "copper", 0.75),
        Section("A'", _WATER_A, "harp song low strings wires skin second", "water", 0.8),
        Section("B'", _WATER_B, "harp song low strings wires skin second", "copper", 0.9),
        Section("A''", "Dm | Bbmaj7 | Gm | A Dm", "harp song low strings", "rest", 0.55),
        Section("stone", "Dm | Dm", "drops close low", level=0.35),
    ),
    layers={
        "harp": Layer(
            "harp", arpeggio("01234321", 0.5, size=4, low=50, high=69, ring=3.0), -2, 0.15, reverb=0.32, loose=9
        ),
        "song": Layer("bowed", melody(4, ornament=0.3), -10, -0.12, reverb=0.42, loose=10),
        "second": Layer("flute", harmony_line(5, 3), -12, 0.3, reverb=0.45, loose=12),
        "wires": Layer(
            "santur",
            arpeggio("..0.1.2.3.2.1.0.", 0.25, size=4, low=65, high=81, ring=2.5),
            -3,
            0.35,
            reverb=0.4,
            loose=7,
        ),
        "low": Layer("double_bass", bass("R-----5-", "R-------", unit=0.5, low=33), -3, reverb=0.15, loose=9),
        "strings": Layer("string_pad", pad(4, 53, 72), -17, reverb=0.45),
        "skin": Layer(
            "drums",
            drums(0.25, dum="X.........x.....|X.....o...x.....", tek="....x.......x.o.", ka="......o.......oo"),
            -5,
            reverb=0.3,
            loose=8,
        ),
        "drops": Layer("celesta", sparkle(0.12, 0.5, 74, 90), -6, reverb=0.6, delay=0.4),
        "close": Layer("harp", ending("-6 1 5 8 10 15", 4, 0.14), -1, reverb=0.4),
    },
)
