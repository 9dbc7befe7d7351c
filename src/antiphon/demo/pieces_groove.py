"""Five pieces for machines that swing: the album of Velvet Relay."""

from __future__ import annotations

from antiphon.demo.composer import (
    arpeggio,
    bass,
    comp,
    drums,
    ending,
    harmony_line,
    landings,
    melody,
    pad,
    sparkle,
    texture,
)
from antiphon.demo.score import Layer, Piece, Section

_HOUSE = {
    "keys": Layer(
        "e_piano",
        comp("...x..x...x..x..", "...x..x....x....", unit=0.25, size=4, low=55, high=75, gate=0.7),
        -7,
        reverb=0.22,
        delay=0.12,
        chorus=True,
        duck=0.35,
    ),
    "wash": Layer("analogue_pad", pad(4, 55, 74), -12, reverb=0.4, duck=0.6),
    "wheels": Layer(
        "pluck",
        arpeggio("0.2.13.20.3.12.3", 0.25, low=60, high=79, ring=0.9),
        -9,
        0.15,
        reverb=0.3,
        delay=0.4,
        duck=0.3,
        loose=2,
    ),
    "floor": Layer("drums", drums(0.25, kick="X...X...X...X..."), 0.5, reverb=0.02, loose=0),
    "claps": Layer(
        "drums",
        drums(0.25, "....s.sss", 8, clap="....X.......X...", rim=".......o..o.....|.......o..o....o"),
        -3,
        reverb=0.2,
        loose=3,
    ),
    "hats": Layer("drums", drums(0.25, hat="o.xoo.xoo.xoo.xo", open="..x...x...x...x."), -2, reverb=0.08, loose=3),
    "shake": Layer("drums", drums(0.25, shaker="xoxoxoxoxoxoxoxo"), -4, reverb=0.08, loose=4),
    "bottom": Layer(
        "sub_bass",
        bass("R..R..R.-..8.R..", "R..R..R.-..8.5.a", unit=0.25, low=34),
        -8.5,
        reverb=0.02,
        duck=0.45,
        loose=2,
    ),
}

_DEPOT = "Cm9 | Cm9 | Abmaj9 | Abmaj9 | Fm9 | Fm9 | Gm7 | Gm7"

DEPOT = Piece(
    key="C",
    mode="minor",
    metre_name="4/4",
    tempo=118,
    seed=2201,
    tail=3.0,
    loudness=-14.5,
    swing=0.16,
    swing_unit=0.25,
    reverb_seconds=1.7,
    reverb_damping=5200,
    delay_beats=0.75,
    phrases={"call": "r:2 5:.5 4:.5 3:1 | 1:2 r:2 | r:2 5:.5 6:.5 5:1 | 3:2 r:2"},
    sections=(
        Section("engine", _DEPOT, "dust wash wheels", level=0.4),
        Section("lights", _DEPOT, "dust wash wheels shake hats keys floor", level=0.6),
        Section("doors", _DEPOT, "wash wheels shake hats keys floor bottom voice claps", "call", 0.75),
        Section("pull out", "Abmaj9 | Abmaj9 | Gm7 | Gm7", "wash wheels shake keys wind claps voice", level=0.55),
    ),
    layers=_HOUSE
    | {
        "voice": Layer("vibraphone", melody(5), -7, -0.2, reverb=0.4, delay=0.35),
        "dust": Layer("vinyl", texture(), -3, reverb=0.0),
        "wind": Layer("riser", texture(), -9, reverb=0.2),
    },
)

_BUS = "Cm9 | Gm7 | Abmaj9 | Bb6 | Cm9 | Gm7 | Abmaj9 | Fm9"
_BUS_B = "Abmaj9 | Bb6 | Gm7 | Cm9 | Abmaj9 | Bb6 | Ebmaj9 | G7"

NIGHT_BUS = Piece(
    key="C",
    mode="minor",
    metre_name="4/4",
    tempo=118,
    seed=2202,
    tail=5.0,
    loudness=-14.5,
    swing=0.16,
    swing_unit=0.25,
    reverb_seconds=1.7,
    reverb_damping=5200,
    delay_beats=0.75,
    phrases={
        "hook": "r:.5 5:.5 5:.5 4:.5 3:1 1:1 | 2:2 r:1 1:.5 2:.5 | 3:1.5 4:.5 5:1 8:1 | 7:2 5:2",
        "lift": "8:1.5 7:.5 5:1 3:1 | 4:1.5 5:.5 7:2 | 7:.5 8:.5 7:.5 5:.5 4:1 2:1 | 3:3 r:1",
    },
    sections=(
        Section("drop", "Cm9 | Gm7 | Abmaj9 | Bb6", "crash wash wheels shake floor bottom", level=0.75),
        Section("motorway", "Cm9 | Gm7 | Abmaj9 | Fm9", "wash wheels shake hats keys floor claps bottom", level=0.8),
        Section("A", _BUS, "wash wheels shake hats keys floor claps bottom lead", "hook", 0.85),
        Section("B", _BUS_B, "crash wash wheels shake hats keys floor claps bottom lead second", "lift", 0.95),
        Section("tunnel", "Abmaj9 | Bb6", "wash keys lead dust", "hook", 0.45),
        Section("tunnel mouth", "Cm9 | Gm7", "wash wheels keys wind dust", level=0.55),
        Section("A'", _BUS, "crash wash wheels shake hats keys floor claps bottom lead second", "hook", 0.95),
        Section("last stop", "Abmaj9 | Bb6 | Cm9 | Cm9", "wash wheels hats keys floor bottom", level=0.6),
        Section("stand", "Cm9 | Cm9", "wash last dust", level=0.4),
    ),
    layers=_HOUSE
    | {
        "crash": Layer("drums", landings(), -7, reverb=0.25, loose=0),
        "wind": Layer("riser", texture(), -10, reverb=0.2),
        "lead": Layer("soft_lead", melody(5, ornament=0.25), -10, -0.08, reverb=0.3, delay=0.3, chorus=True, loose=5),
        "second": Layer("glass", harmony_line(6), -11, 0.3, reverb=0.5, delay=0.3),
        "last": Layer(
            "e_piano",
            comp("X...............", "................", unit=0.25, size=5, low=48, high=75, gate=1.0),
            -6,
            reverb=0.35,
            delay=0.2,
            chorus=True,
        ),
        "dust": Layer("vinyl", texture(), -1, reverb=0.0),
    },
)

_SODIUM_A = "Gm9 | C13 | Fmaj9 | Dm9"
_SODIUM_B = "Bbmaj9 | Am7 | Gm9 | C9"

SODIUM = Piece(
    key="F",
    mode="major",
    metre_name="4/4",
    tempo=84,
    seed=2203,
    slow_down=0.2,
    tail=4.5,
    loudness=-15.5,
    swing=0.3,
    swing_unit=0.25,
    reverb_seconds=1.4,
    reverb_damping=3800,
    delay_beats=0.75,
    phrases={
        "lamp": "r:.5 9:.5 8:.5 7:.5 5:1.5 r:.5 | 6:.5 5:.5 3:1 2:1.5 r:.5 | r:.5 5:.5 6:.5 8:.5 10:1.5 9:.5 | 8:3 r:1",
        "rain": "r:1 10:.5 9:.5 8:1 6:1 | 7:1.5 5:.5 3:2 | r:.5 4:.5 6:.5 8:.5 9:1 8:1 | 7:2 5:1 r:1",
    },
    sections=(
        Section("intro", _SODIUM_A, "dust keys", level=0.45),
        Section("A", _SODIUM_A, "dust keys bottom kit vibes", "lamp", 0.65),
        Section("A'", _SODIUM_A, "dust keys bottom kit vibes haze", "lamp", 0.7),
        Section("B", _SODIUM_B, "dust keys bottom kit vibes haze", "rain", 0.8),
        Section("A''", _SODIUM_A, "dust keys bottom kit vibes second haze", "lamp", 0.75),
        Section("outro", "Gm9 | C13 | Fmaj9", "dust keys haze bottom", level=0.45),
        Section("lights out", "F69", "dust haze last", level=0.45),
    ),
    layers={
        "last": Layer("e_piano", ending("1 5 7 9 10", 3, 0.09), -4, reverb=0.3, chorus=True, loose=8),
        "keys": Layer(
            "e_piano",
            comp("X.....x...o.x...", "X....x....x..o..", unit=0.25, size=4, low=53, high=73, gate=0.95),
            -4.5,
            reverb=0.18,
            delay=0.06,
            chorus=True,
            loose=11,
        ),
        "bottom": Layer(
            "double_bass", bass("R----5..R--.8.a.", "R-----..5-.R--a.", unit=0.25, low=33), 2, reverb=0.05, loose=9
        ),
        "kit": Layer(
            "drums",
            drums(
                0.25,
                "..s.st.f",
                4,
                kick="X......x..X.....|X......x.oX....o",
                snare="....X..o....X...",
                hat="x.x.x.xox.x.xox.",
            ),
            1,
            reverb=0.12,
            loose=6,
        ),
        "vibes": Layer("vibraphone", melody(4, ornament=0.35), -3.5, 0.15, reverb=0.3, delay=0.2, loose=10),
        "second": Layer("flute", harmony_line(4), -10, -0.25, reverb=0.35, delay=0.1, loose=8),
        "haze": Layer("warm_pad", pad(4, 52, 70), -15, reverb=0.3),
        "dust": Layer("vinyl", texture(), -1, reverb=0.0),
    },
)

_WINDOW_A = "Em9 | A/E | G6 | D/F#"
_WINDOW_B = "Cmaj9 | D6 | Em9 | Bm7"

WINDOW_SEAT = Piece(
    key="E",
    mode="dorian",
    metre_name="7/8",
    tempo=132,
    seed=2204,
    tail=4.5,
    loudness=-15.0,
    reverb_seconds=1.9,
    reverb_damping=5200,
    delay_beats=1.75,
    phrases={
        "fields": "5:1 4:.5 3:.5 1:1.5 | 2:1 3:1 2:1.5 | 1:1 3:.5 4:.5 5:1.5 | 4:2 r:1.5",
        "hills": "8:1 7:1 5:1.5 | 7:1 6:.5 5:.5 4:1.5 | 5:1 4:.5 3:.5 2:1.5 | 4:2 r:1.5",
    },
    sections=(
        Section("intro", _WINDOW_A, "thumb", level=0.4),
        Section("intro 2", _WINDOW_A, "thumb wash sway", level=0.55),
        Section("A", f"{_WINDOW_A} | {_WINDOW_A}", "crash thumb wash sway kit bottom lead", "fields", 0.7),
        Section("B", f"{_WINDOW_B} | {_WINDOW_B}", "crash thumb wash sway kit bottom lead glints", "hills", 0.85),
        Section("rest", _WINDOW_A, "thumb wash glints", level=0.45),
        Section("A'", f"{_WINDOW_A} | {_WINDOW_A}", "crash thumb wash sway kit bottom lead second", "fields", 0.85),
        Section(
            "B'",
            f"{_WINDOW_B} | Cmaj9 | D6 | Em9 | Em9",
            "crash thumb wash sway kit bottom lead second glints",
            "hills",
            0.9,
        ),
        Section("outro", "Em9 | A/E | Em9", "thumb wash", level=0.4),
        Section("stop", "Em9", "wash last", level=0.4),
    ),
    layers={
        "last": Layer("kalimba", ending("1 5 8 10 12", 4, 0.25), -4, reverb=0.35, delay=0.3, loose=4),
        "crash": Layer("drums", landings(), -10, reverb=0.25, loose=0),
        "thumb": Layer(
            "kalimba",
            arpeggio("0213243", 0.5, size=4, low=59, high=78, ring=2.0),
            -5,
            0.2,
            reverb=0.25,
            delay=0.22,
            loose=4,
        ),
        "wash": Layer("analogue_pad", pad(4, 52, 71), -15, reverb=0.4, duck=0.35),
        "sway": Layer(
            "pluck",
            comp("x...x...x.x...", unit=0.25, size=3, low=55, high=71, gate=0.5),
            -9,
            -0.3,
            reverb=0.25,
            delay=0.2,
            loose=3,
        ),
        "kit": Layer(
            "drums",
            drums(
                0.25,
                "ss.stf",
                8,
                kick="X.....x.x.....|X.......x...o.",
                snare="....X.....X..o",
                hat="x.xox.xox.xox.",
                shaker="xoxoxoxoxoxoxo",
            ),
            -0.5,
            reverb=0.1,
            loose=3,
        ),
        "bottom": Layer(
            "drive_bass", bass("R-.R5.R", "R-.R8-a", unit=0.5, low=33, gate=0.8), -11, reverb=0.03, duck=0.3, loose=3
        ),
        "lead": Layer("soft_lead", melody(5, ornament=0.3), -11, reverb=0.3, delay=0.25, chorus=True),
        "second": Layer("vibraphone", harmony_line(5), -9, 0.3, reverb=0.35),
        "glints": Layer("celesta", sparkle(0.1, 0.5, 76, 91), -11, reverb=0.5, delay=0.4),
    },
)

_SEA_A = "F#m9 | Dmaj9 | Amaj9 | E6"
_SEA_B = "Bm9 | F#m7 | Dmaj9 | E9sus4"

THE_SEA = Piece(
    key="A",
    mode="major",
    metre_name="4/4",
    tempo=104,
    seed=2205,
    slow_down=0.25,
    tail=6.5,
    loudness=-14.5,
    reverb_seconds=2.4,
    reverb_damping=5000,
    delay_beats=0.75,
    phrases={
        "dawn": "5:1.5 6:.5 8:2 | 10:1.5 9:.5 8:1 6:1 | 5:1.5 3:.5 5:2 | 9:2 7:1 5:1",
        "road": "r:.5 4:.5 6:.5 8:.5 9:1.5 8:.5 | 6:2 5:1 3:1 | r:.5 4:.5 6:.5 8:.5 10:1.5 9:.5 | 9:2 5:2",
    },
    sections=(
        Section("horizon", _SEA_A, "sea wash", level=0.4),
        Section("verse", _SEA_B, "wash drive kit glitter lead", "road", 0.65),
        Section("verse'", _SEA_B, "wash drive kit glitter lead", "road", 0.7),
        Section("chorus", _SEA_A, "crash wash drive kit big glitter lead strings", "dawn", 0.9),
        Section("chorus'", _SEA_A, "wash drive kit big glitter lead strings", "dawn", 0.9),
        Section("shallows", _SEA_B, "sea wash keys wind", level=0.45),
        Section("chorus''", _SEA_A, "crash wash drive kit big glitter lead second strings", "dawn", 0.95),
        Section(
            "chorus'''", "F#m9 | Dmaj9 | Amaj9 | E6", "wash drive kit big glitter lead second strings", "dawn", 1.0
        ),
        Section("shore", "Dmaj9 | E6 | Amaj9", "sea wash keys strings", level=0.45),
        Section("still water", "Amaj9", "sea wash last", level=0.4),
    ),
    layers={
        "last": Layer("e_piano", ending("1 5 8 10 14", 3, 0.3), -4, reverb=0.45, delay=0.2, chorus=True, loose=8),
        "crash": Layer("drums", landings(), -7, reverb=0.35, loose=0),
        "wind": Layer("riser", texture(), -11, reverb=0.2),
        "wash": Layer("analogue_pad", pad(4, 54, 73), -12, reverb=0.4, duck=0.3),
        "strings": Layer("string_pad", pad(3, 64, 81), -16, reverb=0.5),
        "drive": Layer(
            "drive_bass", bass("RRRRRRRR", "RRRRRR8a", unit=0.5, low=33, gate=0.72), -9, reverb=0.03, duck=0.35, loose=2
        ),
        "kit": Layer(
            "drums",
            drums(0.25, "..stt.ff", 4, kick="X.......X.x.....", snare="....X.......X...", hat="x.x.x.x.x.x.x.x."),
            -0.5,
            reverb=0.16,
            loose=2,
        ),
        "big": Layer("drums", drums(0.25, clap="....X.......X...", open="..x...x...x...x."), -4, reverb=0.35, loose=3),
        "glitter": Layer(
            "pluck",
            arpeggio("0123321012303210", 0.25, size=4, low=64, high=83, ring=0.9),
            -12,
            0.25,
            reverb=0.3,
            delay=0.35,
            loose=2,
        ),
        "lead": Layer("saw_lead", melody(4, ornament=0.3), -13, reverb=0.35, delay=0.3, chorus=True),
        "second": Layer("soft_lead", harmony_line(4), -13, 0.25, reverb=0.35, chorus=True),
        "keys": Layer(
            "e_piano",
            arpeggio("0.1.2.3.", 0.5, low=57, high=76, ring=2.2),
            -5,
            reverb=0.35,
            delay=0.2,
            chorus=True,
            loose=8,
        ),
        "sea": Layer("sea", texture(), -5, reverb=0.0),
    },
)
