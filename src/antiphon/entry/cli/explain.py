"""Why somebody hears something as they do."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from antiphon.domains.catalog import api as catalog
from antiphon.domains.identity import api as identity
from antiphon.domains.media import api as media
from antiphon.domains.playback import api as playback
from antiphon.entry.cli.repair import opened
from antiphon.kit.clients import Asking, listen_from
from antiphon.kit.ids import Kind, parse
from antiphon.kit.settings import Settings

__all__ = ["playback_of"]

console = Console()
GUEST = "guest"


async def playback_of(
    settings: Settings, person: str, track: str, client: str, max_kbps: int | None, country: str | None
) -> int:
    """0, or 1 where they would hear nothing."""
    async with opened(settings) as house:
        listen_from(Asking(country or settings.territory, house.clock.now()))
        async with house.db.read() as conn:
            user_id = None if person == GUEST else await identity.user_by_handle(conn, person)
        if user_id is None and person != GUEST:
            console.print(f"There is no account {person!r}.", markup=False)
            return 1
        async with house.db.seen_by(user_id) as conn:
            try:
                found = await catalog.playable_track(conn, parse(Kind.TRACK, track), user_id)
            except catalog.ContentNotFound:
                console.print(f"refuse: {person} does not see this track.", markup=False)
                return 1
            original = await media.original_of(conn, found.id)
            granted = await playback.granted_to(conn, found, user_id, guests_may=settings.guest_listening)
            prepared = (await media.media_result(conn, house.media, found.id, found.owner_id)).renditions
            device, network = playback.DEVICES[client], playback.Network(max_kbps)
    _say_original(original)
    if prepared and not granted.refusals:
        return _among(prepared, device, network)
    choice = playback.explain(original, device, network, granted)
    _say(choice)
    return 1 if choice.kind == "refuse" else 0


def _among(prepared: Sequence[media.MediaRendition], device: playback.Device, network: playback.Network) -> int:
    """Of an upload, whose original stays in its store."""
    try:
        sent = playback.decision_among(prepared, device, network)
    except playback.NotPlayable as refusal:
        _say(playback.Choice("refuse", None, (str(refusal.data["because"]),)))
        return 1
    what = ", ".join(filter(None, [sent.quality, sent.codec, _said(sent.bitrate_kbps, "kbit/s")]))
    console.print(f"{sent.kind}: {what}", markup=False)
    _say_reasons(sent.because)
    return 0


def _say_original(original: media.Original | None) -> None:
    if original is not None:
        source = playback.source_of(original)
        known = [source.codec, _said(source.bitrate_kbps, "kbit/s"), _said(source.sample_rate, "Hz")]
        console.print(f"original: {original.name}: {', '.join(filter(None, known))}", markup=False)


def _say(choice: playback.Choice) -> None:
    made = choice.rendition
    what = ""
    if made is not None:
        what = ", ".join(filter(None, [made.format, _said(made.bitrate_kbps, "kbit/s"), _said(made.sample_rate, "Hz")]))
    console.print(f"{choice.kind}{': ' if what else ''}{what}", markup=False)
    _say_reasons(choice.because)


def _say_reasons(because: Sequence[str]) -> None:
    for reason in because:
        console.print(f"  {reason}: {playback.REASONS[reason]}", markup=False)


def _said(number: int | None, unit: str) -> str:
    return "" if number is None else f"{number} {unit}"
