"""The room where everybody of the installation talks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity import api as identity
from antiphon.domains.social.model import TEXT_MAX
from antiphon.domains.social.store import chat as store
from antiphon.facts.social import MessageSent
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import FieldProblem, Invalid, NotFound
from antiphon.kit.ids import Kind, out, parse
from antiphon.kit.text import clean_lines

__all__ = ["CHAT", "Message", "NewMessage", "messages", "say", "take_back"]

CHAT = "chat"  # the topic


class NewMessage(msgspec.Struct, frozen=True):
    """Plain text of several lines."""

    text: Annotated[str, Meta(min_length=1, max_length=TEXT_MAX)]


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody said."""

    id: str
    user_id: str
    handle: str
    display_name: str
    text: str
    sent_at: datetime


async def say(uow: UnitOfWork, user_id: UUID, new: NewMessage) -> Message:
    """Raises Invalid where nothing is left of the text once it is clean."""
    said = clean_lines(new.text)
    if not said:
        raise Invalid(FieldProblem("/text", "empty", "Say something."))
    row = await store.add(uow.conn, user_id, said, uow.clock.now())
    uow.add_fact(MessageSent(subject=row.id, user_id=user_id))
    (message,) = await _messages(uow.conn, [row])
    uow.say(CHAT, "said", msgspec.to_builtins(message))
    return message


async def take_back(uow: UnitOfWork, user_id: UUID, message_id: str) -> None:
    """One's own; raises NotFound for those of others."""
    if not await store.delete(uow.conn, parse(Kind.MESSAGE, message_id), user_id):
        raise NotFound("There is no message of yours with this id.")
    uow.say(CHAT, "taken_back", {"id": message_id})


async def messages(conn: AsyncConnection, since: datetime | None, limit: int) -> list[Message]:
    """The newest that were said after `since`, the oldest of them first."""
    return await _messages(conn, await store.since(conn, since, limit))


async def _messages(conn: AsyncConnection, rows: Sequence[Row[Any]]) -> list[Message]:
    names = await identity.names_of(conn, {row.user_id for row in rows})
    return [
        Message(
            id=out(Kind.MESSAGE, row.id),
            user_id=out(Kind.USER, row.user_id),
            handle=names[row.user_id].handle,
            display_name=names[row.user_id].display_name,
            text=row.text,
            sent_at=row.sent_at,
        )
        for row in rows
    ]
