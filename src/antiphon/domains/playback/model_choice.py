"""How somebody hears a recording: as it is, by a file made for them, or not at all; and why. No I/O.

One decision for REST, for apps and for whoever asks the command line. Reasons are words of a fixed set.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

from antiphon.domains.media import api as media

__all__ = [
    "DEVICES",
    "EVERYTHING",
    "REASONS",
    "Choice",
    "Device",
    "DirectPlay",
    "Entitlements",
    "Limit",
    "Made",
    "Network",
    "Source",
    "Target",
    "choose",
    "narrowed",
]

Kind = Literal["direct", "transcode", "refuse"]
Quantity = Literal["channels", "bitrate_kbps", "sample_rate", "bit_depth"]
Comparison = Literal["equals", "not_equals", "at_most", "at_least"]

REASONS: Final = {
    "original_fits": "The original is what was asked for.",
    "made_beforehand": "The original stays in its store; what is sent was made of it beforehand.",
    "part_of_a_file": "The track is a part of a longer file.",
    "begins_later": "It is to begin later than the recording does.",
    "other_format_wanted": "Another format was asked for.",
    "codec_not_played": "The device does not play this codec.",
    "container_not_played": "The device does not play this kind of file.",
    "too_many_channels": "It has more channels than the device plays.",
    "bitrate_above_limit": "Its bit rate is above what the network or the person allows.",
    "channels_not_played": "The device does not play this codec with so many channels.",
    "bitrate_not_played": "The device does not play this codec at this bit rate.",
    "sample_rate_not_played": "The device does not play this codec at this sample rate.",
    "bit_depth_not_played": "The device does not play this codec at this bit depth.",
    "sign_in_needed": "Only people who are signed in listen here.",
    "explicit": "It is marked explicit, and the person chose to leave such works out.",
    "processing": "It is not ready to be heard yet.",
    "failed": "Its file could not be read.",
    "not_in_territory": "It may not be heard in this country.",
    "territory_unknown": "It may be heard in some countries only, and nobody knows which one this is.",
    "embargo": "It may be heard later.",
    "nothing_playable": "Nothing that can be made of it is played by the device.",
}
_UNFIT: Final[dict[Quantity, str]] = {
    "channels": "channels_not_played",
    "bitrate_kbps": "bitrate_not_played",
    "sample_rate": "sample_rate_not_played",
    "bit_depth": "bit_depth_not_played",
}
_USUAL: Final[dict[media.TranscodeFormat, int]] = {"mp3": 192, "opus": 128, "aac": 192}
_RATES: Final = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
_OPUS_RATE: Final = 48_000
_MPEG1_RATE: Final = 32_000  # below it MPEG-2 has up to 160 kbit/s, below 16 kHz MPEG-2.5 up to 64
_UNKNOWN_KBPS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Source:
    """A recording as it lies there. `codec` is a family (mp3, aac, flac, pcm …), `container` the ending of its file's
    name. `whole`: the file is this track and nothing else."""

    container: str
    codec: str
    lossless: bool
    bitrate_kbps: int | None = None
    sample_rate: int | None = None
    channels: int | None = None
    bit_depth: int | None = None
    whole: bool = True


@dataclass(frozen=True, slots=True)
class DirectPlay:
    """What a device plays as it is; empty means any."""

    containers: frozenset[str] = frozenset()
    codecs: frozenset[str] = frozenset()
    max_channels: int | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A format that a device takes where the original does not do."""

    format: media.TranscodeFormat
    max_channels: int | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """Of one codec. What is not `required` is kept where that costs nothing."""

    codec: str
    quantity: Quantity
    comparison: Comparison
    values: tuple[int, ...]
    required: bool = True

    def holds(self, value: int | None) -> bool:
        """What nobody knows is taken to be fine."""
        if value is None or not self.values:
            return True
        if self.comparison == "equals":
            return value in self.values
        if self.comparison == "not_equals":
            return value not in self.values
        return value <= self.values[0] if self.comparison == "at_most" else value >= self.values[0]


@dataclass(frozen=True, slots=True)
class Device:
    """`plays`: nothing as it is where empty. `targets` come in the order of liking. `wanted`: another format is not
    taken even where it would be played. `begins_later`: not from the beginning, which only made files can."""

    plays: tuple[DirectPlay, ...] = ()
    targets: tuple[Target, ...] = ()
    limits: tuple[Limit, ...] = ()
    wanted: str | None = None
    begins_later: bool = False


@dataclass(frozen=True, slots=True)
class Network:
    """None where nobody counts the bits; then lossy files are made at their usual rate."""

    max_kbps: int | None = None
    max_made_kbps: int | None = None


@dataclass(frozen=True, slots=True)
class Entitlements:
    """What stands between a person and a track that they see; nothing, mostly."""

    refusals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """`bitrate_kbps` is None for FLAC alone."""

    format: media.TranscodeFormat
    bitrate_kbps: int | None
    sample_rate: int | None
    channels: int | None


@dataclass(frozen=True, slots=True)
class Choice:
    """`rendition` is what is to be made, for `transcode`."""

    kind: Kind
    rendition: Made | None = None
    because: tuple[str, ...] = field(default=("original_fits",))


def choose(device: Device, source: Source, network: Network, entitlements: Entitlements) -> Choice:
    """The original where it does, else the first of the device's formats that can be had; never without a reason."""
    if entitlements.refusals:
        return Choice("refuse", None, entitlements.refusals)
    obstacles = tuple(dict.fromkeys(_obstacles(device, source, network)))
    if not obstacles:
        return Choice("direct")
    for target in device.targets:
        made = _made(target, device, source, network)
        if made is not None:
            return Choice("transcode", made, obstacles)
    return Choice("refuse", None, (*obstacles, "nothing_playable"))


def _obstacles(device: Device, source: Source, network: Network) -> Iterable[str]:
    if not source.whole:
        yield "part_of_a_file"
    if device.begins_later:
        yield "begins_later"
    if device.wanted is not None and device.wanted not in (source.codec, source.container):
        yield "other_format_wanted"
    not_played = _not_played(device.plays, source)
    if not_played is not None:
        yield not_played
    if network.max_kbps is not None and (source.bitrate_kbps or _UNKNOWN_KBPS) > network.max_kbps:
        yield "bitrate_above_limit"
    for limit in device.limits:
        if limit.required and limit.codec == source.codec and not limit.holds(getattr(source, limit.quantity)):
            yield _UNFIT[limit.quantity]


def _not_played(plays: tuple[DirectPlay, ...], source: Source) -> str | None:
    """By the profile that fits it best."""
    known = [one for one in plays if not one.codecs or source.codec in one.codecs]
    if not known:
        return "codec_not_played"
    held = [one for one in known if not one.containers or source.container in one.containers]
    if not held:
        return "container_not_played"
    channels = source.channels or 1
    return (
        None if any(one.max_channels is None or channels <= one.max_channels for one in held) else "too_many_channels"
    )


def _made(target: Target, device: Device, source: Source, network: Network) -> Made | None:
    """None where the device does not take what can be made, or the network does not carry it."""
    limits = [limit for limit in device.limits if limit.codec == target.format]
    flac = target.format == "flac"
    most = min(source.channels or 2, 8 if flac else 2, target.max_channels or 8)
    channels = _largest(limits, "channels", range(most, 0, -1))
    rate = _largest(limits, "sample_rate", _rates(target.format, source.sample_rate))
    allowed = [kbps for kbps in (network.max_kbps, network.max_made_kbps) if kbps is not None]
    if channels is None or rate is None:
        return None
    if flac:
        depth = source.bit_depth or 16
        fits = all(
            limit.holds(source.bit_depth) for limit in limits if limit.quantity == "bit_depth" and limit.required
        )
        carried = not allowed or rate * channels * depth <= min(allowed) * 1000
        return Made("flac", None, rate, channels) if source.lossless and fits and carried else None
    kbps = _bitrate(target.format, source, rate, allowed, limits)
    return None if kbps is None else Made(target.format, kbps, rate, channels)


def _rates(format_: media.TranscodeFormat, source_rate: int | None) -> list[int]:
    """From the best on; none above the source's, but for Opus, which knows one only."""
    if format_ == "opus":
        return [_OPUS_RATE]
    rate = source_rate or 44_100
    lower = [one for one in reversed(_RATES) if one < rate] or [_RATES[0]]
    if format_ == "flac":
        return [rate, *lower]
    if rate > _RATES[-1]:
        return sorted(lower, key=lambda one: (rate % one != 0, -one))
    return [rate, *lower] if rate in _RATES else lower


def narrowed(made: Made, source: Source) -> tuple[int | None, int | None]:
    """Rate and channels where they are below what the format would have of this source by itself, else None."""
    rate = _rates(made.format, source.sample_rate)[0]
    channels = min(source.channels or 2, 8 if made.format == "flac" else 2)
    return (
        None if made.sample_rate == rate else made.sample_rate,
        None if made.channels == channels else made.channels,
    )


def _bitrate(
    format_: media.TranscodeFormat, source: Source, rate: int, allowed: list[int], limits: list[Limit]
) -> int | None:
    """Never above what is asked, nor above a lossy source, as long as the format goes so low."""
    most = [*(allowed or [_USUAL[format_]])]
    if not source.lossless and source.bitrate_kbps:
        most.append(source.bitrate_kbps)
    if format_ == "mp3" and rate < _MPEG1_RATE:
        most.append(64 if rate < _MPEG1_RATE // 2 else 160)
    named = sorted({kbps for kbps in (*most, *_named(limits)) if kbps <= min(most)}, reverse=True)
    rungs = dict.fromkeys(media.rung(format_, kbps) for kbps in (*named, *range(min(*most, 320), 0, -8)))
    return _largest(limits, "bitrate_kbps", rungs)


def _named(limits: list[Limit]) -> list[int]:
    return [value for limit in limits if limit.quantity == "bitrate_kbps" for value in limit.values]


def _largest(limits: list[Limit], quantity: Quantity, values: Iterable[int]) -> int | None:
    """The first that every limit takes; else the first that the required ones do."""
    of_it = [limit for limit in limits if limit.quantity == quantity]
    there = list(values)
    for asked in (of_it, [limit for limit in of_it if limit.required]):
        for value in there:
            if all(limit.holds(value) for limit in asked):
                return value
    return None


EVERYTHING: Final = (DirectPlay(),)
_ALL: Final = (Target("flac"), Target("mp3"), Target("aac"), Target("opus"))
_BROWSER: Final = frozenset({"mp3", "aac", "flac", "opus", "vorbis", "pcm"})
DEVICES: Final = {
    "any": Device(EVERYTHING, _ALL),
    "browser": Device(
        (DirectPlay(frozenset({"mp3", "m4a", "mp4", "aac", "flac", "ogg", "oga", "opus", "wav"}), _BROWSER),), _ALL
    ),
    "apple": Device(
        (
            DirectPlay(
                frozenset({"mp3", "m4a", "mp4", "aac", "flac", "wav", "aiff"}),
                frozenset({"mp3", "aac", "alac", "flac", "pcm"}),
            ),
        ),
        (Target("flac"), Target("aac"), Target("mp3")),
    ),
    "mp3": Device((DirectPlay(frozenset({"mp3"}), frozenset({"mp3"}), 2),), (Target("mp3", 2),)),
}
"""Devices that have a name, for those that say nothing more of themselves."""
