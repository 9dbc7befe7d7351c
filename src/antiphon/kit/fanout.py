"""The port that carries what is said from whoever commits to the gateways of all processes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Protocol, TypeAlias

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.kit.topics import Said

__all__ = ["CARRIED_BYTES", "Fanout", "Hears", "packed", "unpacked"]

CARRIED_BYTES: Final = 7_900  # what one NOTIFY takes, less a little
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Said)


class Hears(Protocol):
    """Whoever takes in what is carried; one in each process."""

    def hear(self, said: Said) -> None:
        """Never blocks. May come twice, late, or out of order: positions tell."""
        ...

    async def recover(self) -> None:
        """Something may have been missed: what is watched is to be read where it is kept."""
        ...


Wake: TypeAlias = Callable[[], Awaitable[None]]


class Fanout(Protocol):
    """What is said is kept in the database, by its own transaction. This only carries it, as fast as it can.

    `may_lose`: something that was carried may be lost without a sign, so that now and then somebody has to look.
    """

    may_lose: bool

    def attach(self, hears: Hears) -> None: ...

    async def within(self, conn: AsyncConnection, said: Sequence[Said]) -> None:
        """In the transaction that says it, before its commit."""
        ...

    async def after(self, said: Sequence[Said]) -> None:
        """After the commit. Raises nothing: what cannot be carried is found by those who look."""
        ...

    async def run(self, stop: asyncio.Event) -> None:
        """Takes in what is carried, until `stop`; connects again by itself, and then tells to recover."""
        ...

    async def close(self) -> None:
        """For every process, also one that only says things."""
        ...


def packed(said: Said) -> str:
    """As text that fits into one NOTIFY; without its data where they are too big."""
    sent = _encoder.encode(said)
    if len(sent) > CARRIED_BYTES:
        sent = _encoder.encode(msgspec.structs.replace(said, data=msgspec.Raw(b"null")))
    return sent.decode()


def unpacked(sent: str | bytes) -> Said:
    return _decoder.decode(sent)
