"""What is said of a room and to it, over REST and live."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, TypeAlias
from uuid import UUID

import msgspec
from msgspec import Meta

from antiphon.domains.catalog import api as catalog
from antiphon.domains.playback.api.queue_words import Position
from antiphon.domains.playback.model_jam import ENTRIES_MAX, Head, Role
from antiphon.kit.ids import Kind, out

__all__ = [
    "Jam",
    "JamCommand",
    "JamCommands",
    "JamEntry",
    "JamEntryWords",
    "JamHead",
    "JamLink",
    "JamMember",
    "JamOptions",
    "JamRole",
    "NewJam",
    "NewJamLink",
    "head_words",
    "told",
    "topic",
]


class JamHead(msgspec.Struct, frozen=True, kw_only=True):
    """The current entry is at `position_ms` at the moment `at` of the server's clock, which may lie a little ahead, and
    goes on from there if it is `playing`. Without an entry, `playing` means that what is added begins at once."""

    current: UUID | None
    playing: bool
    position_ms: int
    at: datetime


class JamEntry(msgspec.Struct, frozen=True, kw_only=True):
    """`track` is null where the person who asks may not hear it: they hear silence for `duration_ms`, and stay in step.
    `added_by` is null where that person is gone."""

    id: UUID
    content_id: str
    duration_ms: int
    track: catalog.Track | None
    silent_because: str | None
    added_by: str | None
    score: int
    my_vote: int


class JamMember(msgspec.Struct, frozen=True, kw_only=True):
    """`here`: until `until`, unless they say so again. `skips`: they would rather not hear the current entry on."""

    user_id: str
    handle: str
    display_name: str
    role: Role
    here: bool
    until: datetime
    skips: bool


class JamOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What everybody in the room may do, not its hosts alone. `by_votes`: those with most votes come first. `locked`:
    nobody new is let in."""

    everybody_adds: bool = True
    everybody_controls: bool = False
    by_votes: bool = True
    locked: bool = False


class JamLink(msgspec.Struct, frozen=True, kw_only=True):
    url: str
    code: str
    expires_at: datetime


class JamLinkPicture(msgspec.Struct, frozen=True):
    """The link as a QR code."""

    qr_svg: str


class Jam(msgspec.Struct, frozen=True, kw_only=True):
    """A room as the person who asks finds it. `now` is the server's clock. `coming` is in the order it will be played.
    `role` is null for guests, who listen and see no link."""

    id: str
    revision: int
    now: datetime
    head: JamHead
    current: JamEntry | None
    coming: list[JamEntry]
    members: list[JamMember]
    skips_needed: int
    options: JamOptions
    link: JamLink | None
    role: Role | None


class JamEntryWords(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is made by the client."""

    id: UUID
    content_id: str


NewEntries = Annotated[list[JamEntryWords], Meta(min_length=1, max_length=ENTRIES_MAX)]


class NewJam(msgspec.Struct, frozen=True, kw_only=True):
    """From one's queue, or from `entries`, of which the first is current."""

    entries: Annotated[list[JamEntryWords], Meta(max_length=ENTRIES_MAX)] | None = None
    position_ms: Position = 0
    playing: bool = False


class NewJamLink(msgspec.Struct, frozen=True, kw_only=True):
    hours: Annotated[int, Meta(ge=1, le=24 * 30)] = 24


class JamRole(msgspec.Struct, frozen=True, kw_only=True):
    """Who makes somebody else `host` is co-host from then on."""

    role: Role


class _Command(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    pass


class JamPlay(_Command, frozen=True, kw_only=True, tag="play"):
    """Go on, everywhere at once."""


class JamPause(_Command, frozen=True, kw_only=True, tag="pause"):
    """Stop where it is."""


class JamSeek(_Command, frozen=True, kw_only=True, tag="seek"):
    """To a place in `entry`, while that is current."""

    entry: UUID
    position_ms: Position


class JamNext(_Command, frozen=True, kw_only=True, tag="next"):
    """Away from `entry`, while that is current: said twice, it is done once."""

    entry: UUID


class JamJump(_Command, frozen=True, kw_only=True, tag="jump"):
    """This entry now, before its turn."""

    entry: UUID


class JamAdd(_Command, frozen=True, kw_only=True, tag="add"):
    """At the end. Entries that are known are not added again."""

    entries: NewEntries


class JamRemove(_Command, frozen=True, kw_only=True, tag="remove"):
    """What one added oneself, or, for who may arrange, anything."""

    entry: UUID


class JamMove(_Command, frozen=True, kw_only=True, tag="move"):
    """Right behind `after`, or before all. Votes come first, where the room goes by them."""

    entry: UUID
    after: UUID | None = None


class JamVote(_Command, frozen=True, kw_only=True, tag="vote"):
    """One vote a person and entry; 0 takes it back."""

    entry: UUID
    value: Annotated[int, Meta(ge=-1, le=1)]


class JamSkip(_Command, frozen=True, kw_only=True, tag="skip"):
    """One would rather not hear `entry` on. When more than half of those who are here say so, the next one begins."""

    entry: UUID
    wanted: bool = True


JamCommand: TypeAlias = (
    JamPlay | JamPause | JamSeek | JamNext | JamJump | JamAdd | JamRemove | JamMove | JamVote | JamSkip
)


class JamCommands(msgspec.Struct, frozen=True, kw_only=True):
    commands: Annotated[list[JamCommand], Meta(min_length=1, max_length=50)]


def head_words(head: Head) -> JamHead:
    return JamHead(current=head.current, playing=head.playing, position_ms=head.position_ms, at=head.at)


def topic(room_id: UUID) -> str:
    return f"jam:{out(Kind.JAM, room_id)}"


def told(room_id: UUID, revision: int, head: Head, *, more: bool) -> tuple[str, str, dict[str, Any]]:
    """Topic, event and data. `more`: something else than the head changed, and is to be fetched."""
    data = {"revision": revision, "head": msgspec.to_builtins(head_words(head)), "more": more}
    return topic(room_id), "changed", data
