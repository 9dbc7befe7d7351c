"""The only door of playback."""

from antiphon.domains.playback.api.listening import (
    STREAM_PATH,
    Counted,
    Gapless,
    Listener,
    PlayProgress,
    PlayStart,
    ProgressiveFile,
    StartedPlay,
    Stream,
    advance,
    manifest,
    recount,
    start_play,
    stream,
    waveform,
)
from antiphon.domains.playback.api.personal import personal_data

__all__ = [
    "STREAM_PATH",
    "Counted",
    "Gapless",
    "Listener",
    "PlayProgress",
    "PlayStart",
    "ProgressiveFile",
    "StartedPlay",
    "Stream",
    "advance",
    "manifest",
    "personal_data",
    "recount",
    "start_play",
    "stream",
    "waveform",
]
