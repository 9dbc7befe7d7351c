"""The decision how a track is heard, brought together from the catalogue, from media and from who asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import api as catalog
from antiphon.domains.identity import api as identity
from antiphon.domains.identity.api import Actor
from antiphon.domains.media import api as media
from antiphon.domains.playback.errors import ExplicitLeftOut, GuestListeningOff, NotPlayable
from antiphon.domains.playback.model_choice import (
    DEVICES,
    EVERYTHING,
    Choice,
    Device,
    DirectPlay,
    Entitlements,
    Network,
    Source,
    choose,
    narrowed,
)

__all__ = [
    "Decision",
    "Listener",
    "decision_among",
    "decision_of",
    "device_of",
    "entitlements",
    "explain",
    "granted_to",
    "heard_by",
    "require",
    "source_of",
    "transcode_of",
    "wanting",
]


@dataclass(frozen=True, slots=True)
class Listener:
    """Who listens; None is a guest."""

    actor: Actor | None
    guests_may: bool

    @property
    def user_id(self) -> UUID | None:
        return self.actor.user_id if self.actor else None


class Decision(msgspec.Struct, frozen=True):
    """Which file the server would send to this device, and why; refusals are errors that say the same.

    `because` are words of a fixed set. `bitrate_kbps` is None where that depends on the sound.
    """

    kind: Literal["direct", "transcode"]
    quality: str
    codec: str
    bitrate_kbps: int | None
    url: str
    because: tuple[str, ...]


def entitlements(
    track: catalog.PlayableTrack, *, signed_in: bool, guests_may: bool, explicit_too: bool = True
) -> Entitlements:
    """What stands between somebody and a track that they see."""
    refusals = []
    if not signed_in and not guests_may:
        refusals.append("sign_in_needed")
    if track.explicit and not explicit_too:
        refusals.append("explicit")
    if track.because in ("not_in_territory", "territory_unknown", "embargo"):
        refusals.append(track.because)
    elif track.status != "ready" or track.duration_ms is None:
        refusals.append("failed" if track.status == "failed" else "processing")
    return Entitlements(tuple(refusals))


def require(track: catalog.PlayableTrack, granted: Entitlements) -> None:
    """Raises GuestListeningOff, NotHeardHere, ExplicitLeftOut or NotPlayable."""
    if "sign_in_needed" in granted.refusals:
        raise GuestListeningOff(because="sign_in_needed")
    catalog.require_heard_here(track)
    if "explicit" in granted.refusals:
        raise ExplicitLeftOut(because="explicit")
    if granted.refusals:
        raise NotPlayable(because=granted.refusals[0])


async def heard_by(conn: AsyncConnection, listener: Listener, track_id: UUID) -> catalog.PlayableTrack:
    """Access is decided here, once, per person.

    Raises ContentNotFound, GuestListeningOff, NotHeardHere, ExplicitLeftOut or NotPlayable.
    """
    if listener.actor is None and not listener.guests_may:
        raise GuestListeningOff(because="sign_in_needed")
    track = await catalog.playable_track(conn, track_id, listener.user_id)
    require(track, await granted_to(conn, track, listener.user_id, guests_may=listener.guests_may))
    return track


async def granted_to(
    conn: AsyncConnection, track: catalog.PlayableTrack, user_id: UUID | None, *, guests_may: bool
) -> Entitlements:
    """What stands between this person, or a guest, and the track. What they chose is asked only where it matters."""
    explicit_too = not track.explicit or user_id is None or await identity.hears_explicit(conn, user_id)
    return entitlements(track, signed_in=user_id is not None, guests_may=guests_may, explicit_too=explicit_too)


def source_of(original: media.Original) -> Source:
    return Source(
        container=original.suffix,
        codec=media.family(original.codec),
        lossless=media.lossless(original.codec),
        bitrate_kbps=original.bitrate_kbps,
        sample_rate=original.sample_rate,
        channels=original.channels,
        bit_depth=original.bit_depth,
        whole=original.whole,
    )


def transcode_of(original: media.Original, choice: Choice, begins_ms: int = 0) -> media.Transcode | None:
    """What media makes for a choice; None for the original itself."""
    made = choice.rendition
    if made is None:
        return None
    rate, channels = narrowed(made, source_of(original))
    return media.Transcode(
        made.format, made.bitrate_kbps, original.start_ms + begins_ms, original.end_ms, rate, channels
    )


_NAMES = {"ogg": "opus", "oga": "opus", "m4a": "aac", "mp4": "aac"}


@lru_cache(256)
def wanting(format_: str | None, *, begins_later: bool = False) -> Device:
    """A device that says nothing of itself but which format it wants."""
    wanted = format_ if format_ not in (None, "", "raw") else None
    targets = DEVICES["any"].targets
    named = [one for one in targets if one.format == _NAMES.get(wanted or "", wanted)]
    return Device(EVERYTHING, tuple(named) or targets, (), wanted, begins_later)


def device_of(plays: Sequence[str]) -> Device:
    """A device that names the formats it plays: mp3, aac, opus, flac, vorbis, alac, pcm."""
    codecs = frozenset(plays)
    targets = tuple(one for one in DEVICES["any"].targets if one.format in codecs)
    return Device((DirectPlay(codecs=codecs),), targets)


def explain(original: media.Original | None, device: Device, network: Network, granted: Entitlements) -> Choice:
    """The same decision for whoever wonders. A track without an original is refused for that."""
    if original is None and not granted.refusals:
        granted = Entitlements(("processing",))
    return choose(device, source_of(original) if original else Source("", "", lossless=False), network, granted)


def decision_of(tools: media.MediaTools, original: media.Original, device: Device, network: Network) -> Decision:
    """Of a file of a library. Raises NotPlayable where the device plays nothing that can be had."""
    choice = choose(device, source_of(original), network, Entitlements())
    made = choice.rendition
    if choice.kind == "refuse":
        raise NotPlayable(because=choice.because[-1])
    if made is None:
        link = media.sound_link(tools, original, media.ORIGINAL, original.suffix or "bin")
        codec = media.family(original.codec)
        return Decision("direct", media.ORIGINAL, codec, original.bitrate_kbps, link, choice.because)
    quality = made.format if made.bitrate_kbps is None else f"{made.format}_{made.bitrate_kbps}"
    link = media.sound_link(tools, original, quality, made.format)
    return Decision("transcode", quality, made.format, made.bitrate_kbps, link, choice.because)


def decision_among(renditions: Sequence[media.MediaRendition], device: Device, network: Network) -> Decision:
    """Of what was made of an upload beforehand: each is asked about as if it were the original, the best first.

    Raises NotPlayable where the device plays none of them.
    """
    best_first = sorted(renditions, key=lambda one: -one.bitrate_kbps)
    ways = [(one, choose(device, _prepared(one), network, Entitlements())) for one in best_first]
    found = next(((one, choice) for one, choice in ways if choice.kind == "direct"), None)
    if found is None:  # the network carries none: the smallest that is played at all
        found = next(
            ((one, choice) for one, choice in reversed(ways) if set(choice.because) <= {"bitrate_above_limit"}), None
        )
    if found is None:
        raise NotPlayable(because="nothing_playable")
    rendition, choice = found
    because = ("made_beforehand", *(reason for reason in choice.because if reason != "original_fits"))
    return Decision("transcode", rendition.quality, rendition.codec, rendition.bitrate_kbps, rendition.url, because)


def _prepared(rendition: media.MediaRendition) -> Source:
    return Source(
        container=rendition.container,
        codec=rendition.codec,
        lossless=rendition.codec == "flac",
        bitrate_kbps=rendition.bitrate_kbps,
        sample_rate=rendition.sample_rate,
        channels=rendition.channels,
    )
