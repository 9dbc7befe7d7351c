"""Names of formats: what a file is called, and what players are told it is."""

from __future__ import annotations

from typing import Final

from antiphon.domains.media.ports import TranscodeFormat

__all__ = ["MADE_MIMES", "family", "kind_of_file", "playable_mime"]

MADE_MIMES: Final[dict[TranscodeFormat, str]] = {
    "mp3": "audio/mpeg",
    "opus": "audio/ogg",
    "aac": "audio/aac",
    "flac": "audio/flac",
}
# container → (ending, media type)
_FILES: Final = {
    "flac": ("flac", "audio/flac"),
    "wav": ("wav", "audio/wav"),
    "w64": ("w64", "audio/wav"),
    "mp3": ("mp3", "audio/mpeg"),
    "mov": ("m4a", "audio/mp4"),
    "mp4": ("m4a", "audio/mp4"),
    "ogg": ("ogg", "audio/ogg"),
    "aac": ("aac", "audio/aac"),
    "aiff": ("aiff", "audio/aiff"),
    "asf": ("wma", "audio/x-ms-wma"),
    "ape": ("ape", "audio/x-ape"),
    "wv": ("wv", "audio/x-wavpack"),
    "mpc": ("mpc", "audio/x-musepack"),
    "mpc8": ("mpc", "audio/x-musepack"),
    "tta": ("tta", "audio/x-tta"),
    "tak": ("tak", "audio/x-tak"),
    "dsf": ("dsf", "audio/x-dsf"),
    "matroska": ("mka", "audio/x-matroska"),
    "webm": ("webm", "audio/webm"),
    "caf": ("caf", "audio/x-caf"),
}
_OPUS: Final = ("opus", "audio/ogg")
# What browsers want to hear besides the container, to say whether they can play it.
_CODECS: Final = {
    ("audio/mp4", "aac"): "mp4a.40.2",
    ("audio/mp4", "alac"): "alac",
    ("audio/mp4", "flac"): "flac",
    ("audio/mp4", "opus"): "opus",
    ("audio/mp4", "mp3"): "mp4a.6B",
    ("audio/ogg", "opus"): "opus",
    ("audio/ogg", "vorbis"): "vorbis",
    ("audio/ogg", "flac"): "flac",
    ("audio/wav", "pcm_s16le"): "1",
    ("audio/wav", "pcm_s24le"): "1",
}
_FAMILIES: Final = {
    "mp3": "mp3",
    "mp3float": "mp3",
    "aac": "aac",
    "opus": "opus",
    "libopus": "opus",
    "flac": "flac",
    "vorbis": "vorbis",
    "alac": "alac",
}


def kind_of_file(container: str, codec: str, filename: str) -> tuple[str, str]:
    """(ending, media type). `container` is FFmpeg's name, or several with commas."""
    first = container.partition(",")[0].lower()
    if first == "ogg" and codec == "opus":
        return _OPUS
    if first in _FILES:
        return _FILES[first]
    ending = filename.rpartition(".")[2].lower()
    known = ending if ending.isalnum() and len(ending) <= 8 and "." in filename else "bin"
    return known, f"audio/x-{first or known}"


def playable_mime(mime: str, codec: str) -> str:
    """With the codec, where browsers know a word for it."""
    known = _CODECS.get((mime, codec))
    return f'{mime}; codecs="{known}"' if known else mime


def family(codec: str) -> str:
    """The format as clients name it: mp3, aac, opus, flac, vorbis, alac, pcm, or the codec's own name."""
    return "pcm" if codec.startswith("pcm") else _FAMILIES.get(codec, codec)
