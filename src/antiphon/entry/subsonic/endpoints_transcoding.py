"""The extension `transcoding`: an app says what it plays, the server what it would send and why, then sends it.

On the wire bit rates are in bit/s; `transcodeParams` says what is to be made: it holds as long as the song.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Any, Final, Literal, cast, get_args

import msgspec
from msgspec import Meta

from antiphon.domains.media import api as media
from antiphon.domains.playback import api as playback
from antiphon.entry.subsonic.call import Call
from antiphon.entry.subsonic.endpoints_media import heard, ways
from antiphon.entry.subsonic.failures import GENERIC, MISSING, NOT_FOUND, Failed
from antiphon.entry.subsonic.registry import Answer, endpoint
from antiphon.kit.ids import Kind

_FORMATS: Final = get_args(media.TranscodeFormat)
_CONTAINERS: Final[dict[media.TranscodeFormat, str]] = {"mp3": "mp3", "opus": "ogg", "aac": "aac", "flac": "flac"}
_PARAMS: Final = re.compile(r"^(mp3|opus|aac|flac)-([0-9]{1,4})-([0-9]{4,6})-([1-8])$")
_SONG, _HTTP = "song", "http"
Names = Annotated[list[str], Meta(max_length=100)]


class DirectPlayProfile(msgspec.Struct, rename="camel"):
    containers: Names = []
    audio_codecs: Names = []
    protocols: Names = []
    max_audio_channels: int = 0


class TranscodingProfile(msgspec.Struct, rename="camel"):
    container: str = ""
    audio_codec: str = ""
    protocol: str = _HTTP
    max_audio_channels: int = 0


class Limitation(msgspec.Struct, rename="camel"):
    name: str = ""
    comparison: str = ""
    values: Annotated[list[str | int], Meta(max_length=100)] = []
    required: bool = False


class CodecProfile(msgspec.Struct, rename="camel"):
    type: str = "AudioCodec"
    name: str = ""
    limitations: Annotated[list[Limitation], Meta(max_length=100)] = []


class ClientInfo(msgspec.Struct, rename="camel"):
    """What an app says of itself; zero is no limit, an empty list means any."""

    name: str
    platform: str
    max_audio_bitrate: int = 0
    max_transcoding_audio_bitrate: int = 0
    direct_play_profiles: Annotated[list[DirectPlayProfile], Meta(max_length=100)] = []
    transcoding_profiles: Annotated[list[TranscodingProfile], Meta(max_length=100)] = []
    codec_profiles: Annotated[list[CodecProfile], Meta(max_length=100)] = []


Quantity = Literal["channels", "bitrate_kbps", "sample_rate", "bit_depth"]
_QUANTITIES: Final[dict[str, Quantity]] = {
    "audioChannels": "channels",
    "audioBitrate": "bitrate_kbps",
    "audioSamplerate": "sample_rate",
    "audioBitdepth": "bit_depth",
}
Comparison = Literal["equals", "not_equals", "at_most", "at_least"]
_COMPARISONS: Final[dict[str, Comparison]] = {
    "Equals": "equals",
    "NotEquals": "not_equals",
    "LessThanEqual": "at_most",
    "GreaterThanEqual": "at_least",
}
_SAME_CODEC: Final = {"mp4a": "aac", "mp4a.40.2": "aac", "libopus": "opus", "wav": "pcm"}


@endpoint("getTranscodeDecision", cost="write")
async def get_transcode_decision(call: Call) -> Answer:
    track_id = _media(call)
    info = _client_info(call.body)
    original, _ = await ways(call, track_id)
    if original is None:
        raise Failed(NOT_FOUND, "This song cannot be played yet.")
    source = playback.source_of(original)
    device, network = (
        _device(info),
        playback.Network(_kbps(info.max_audio_bitrate), _kbps(info.max_transcoding_audio_bitrate)),
    )
    choice = playback.choose(device, source, network, playback.Entitlements())
    said: dict[str, Any] = {
        "canDirectPlay": choice.kind == "direct",
        "canTranscode": choice.kind == "transcode",
        "transcodeReason": []
        if choice.kind == "direct"
        else [one for one in choice.because if one != "nothing_playable"],
        "errorReason": "nothing_playable" if choice.kind == "refuse" else "",
        "transcodeParams": "",
        "sourceStream": _stream(
            original.suffix,
            source.codec,
            source.channels,
            source.bitrate_kbps,
            source.sample_rate,
            source.bit_depth,
        ),
    }
    made = choice.rendition
    if made is not None:
        said["transcodeParams"] = (
            f"{made.format}-{made.bitrate_kbps or 0}-{made.sample_rate or 44_100}-{made.channels or 2}"
        )
        said["transcodeStream"] = _stream(
            _CONTAINERS[made.format], made.format, made.channels, made.bitrate_kbps, made.sample_rate, None
        )
    return {"transcodeDecision": said}


@endpoint("getTranscodeStream", cost="media")
async def get_transcode_stream(call: Call) -> Answer:
    """What a decision led to, from `offset` seconds on. Like `stream` it is no play."""
    track_id = _media(call)
    said = _PARAMS.match(call.params.needed("transcodeParams"))
    if said is None:
        raise Failed(MISSING, "'transcodeParams' is what getTranscodeDecision answered.")
    original, _ = await ways(call, track_id)
    if original is None:
        raise Failed(NOT_FOUND, "This song cannot be played yet.")
    begins_ms = call.params.number("offset", 0) * 1000
    format_, kbps = cast(media.TranscodeFormat, said[1]), int(said[2])
    # The numbers may be anybody's: whatever they are, the decision holds to the song and to the format's own limits.
    device = playback.Device(
        targets=(playback.Target(format_, int(said[4])),),
        limits=(playback.Limit(format_, "sample_rate", "at_most", (int(said[3]),), required=False),),
        begins_later=True,
    )
    choice = playback.choose(
        device, playback.source_of(original), playback.Network(None, kbps or None), playback.Entitlements()
    )
    if choice.rendition is None:
        raise Failed(GENERIC, "This song is not made in that format.")
    return await heard(call, original, playback.transcode_of(original, choice, begins_ms))


def _media(call: Call) -> Any:
    """Raises Failed (10, 70): there are no podcasts."""
    kind = call.params.needed("mediaType")
    call.params.needed("mediaId")
    if kind != _SONG:
        raise Failed(NOT_FOUND if kind == "podcast" else MISSING, "'mediaType' is song.")
    return call.params.id(Kind.TRACK, "mediaId")


def _client_info(body: bytes) -> ClientInfo:
    """Raises Failed (10)."""
    try:
        return msgspec.json.decode(body, type=ClientInfo, strict=False)
    except msgspec.MsgspecError as error:
        raise Failed(MISSING, f"The body is ClientInfo in JSON: {error}.") from error


def _device(info: ClientInfo) -> playback.Device:
    return playback.Device(
        plays=tuple(
            playback.DirectPlay(
                frozenset(map(str.lower, one.containers)),
                frozenset(map(_codec, one.audio_codecs)),
                one.max_audio_channels if one.max_audio_channels > 0 else None,
            )
            for one in info.direct_play_profiles
            if not one.protocols or _HTTP in one.protocols
        ),
        targets=tuple(_targets(info.transcoding_profiles)),
        limits=tuple(_limits(info.codec_profiles)),
    )


def _targets(profiles: Iterable[TranscodingProfile]) -> Iterable[playback.Target]:
    """Those that files are made in here, in the app's order."""
    for one in profiles:
        codec = _codec(one.audio_codec) or _codec(one.container)
        if one.protocol == _HTTP and codec in _FORMATS:
            channels = one.max_audio_channels if one.max_audio_channels > 0 else None
            yield playback.Target(cast(media.TranscodeFormat, codec), channels)


def _limits(profiles: Iterable[CodecProfile]) -> Iterable[playback.Limit]:
    for profile in profiles:
        for one in profile.limitations:
            quantity, comparison = _QUANTITIES.get(one.name), _COMPARISONS.get(one.comparison)
            values = tuple(int(text) for text in map(str, one.values) if text.isdecimal() and len(text) < 12)
            if quantity is None or comparison is None or not values:
                continue
            if quantity == "bitrate_kbps":
                values = tuple(value // 1000 for value in values)
            yield playback.Limit(_codec(profile.name), quantity, comparison, values, one.required)


def _codec(name: str) -> str:
    return _SAME_CODEC.get(name.lower(), name.lower())


def _kbps(bits: int) -> int | None:
    return max(1, bits // 1000) if bits > 0 else None


def _stream(
    container: str, codec: str, channels: int | None, kbps: int | None, rate: int | None, depth: int | None
) -> dict[str, Any]:
    bits = None if kbps is None else kbps * 1000
    told = {"audioChannels": channels, "audioBitrate": bits, "audioSamplerate": rate, "audioBitdepth": depth}
    known = {name: value for name, value in told.items() if value is not None}
    return {"protocol": _HTTP, "container": container, "codec": codec, "audioProfile": "", **known}
