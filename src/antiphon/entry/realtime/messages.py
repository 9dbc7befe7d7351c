"""What is said on `/ws`: JSON text messages, told apart by `type`. docs/guides/realtime.md says it in words."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, TypeAlias

import msgspec

from antiphon.kit.topics import Said

__all__ = [
    "PING",
    "PONG",
    "SUBPROTOCOL",
    "Auth",
    "CloseCode",
    "Frame",
    "FromClient",
    "Guest",
    "Ping",
    "Pong",
    "Present",
    "Subscribe",
    "Unsubscribe",
    "decode",
    "event_frame",
    "frame",
    "offered",
    "pong",
]

_encoder = msgspec.json.Encoder()
SUBPROTOCOL: Final = "antiphon"
TICKET: Final = "ticket."  # a second subprotocol, which is never chosen


def offered(header: str) -> tuple[bool, str | None]:
    """Of `Sec-WebSocket-Protocol`: whether ours is among the offered, and the ticket beside it."""
    protocols = [one.strip() for one in header.split(",")]
    tickets = [one.removeprefix(TICKET) for one in protocols if one.startswith(TICKET)]
    return SUBPROTOCOL in protocols, tickets[0] if tickets else None


class CloseCode:
    """Why the server closed; 4000 and above are ours, the others are of RFC 6455."""

    RESTART = 1012
    NOT_TEXT = 1003
    TOO_BIG = 1009
    BROKEN = 1011
    FULL = 1013
    BAD_MESSAGES = 4400
    NOT_SIGNED_IN = 4401
    SIGNED_OUT = 4403
    TOO_SLOW = 4408
    SILENT = 4409


class Guest(msgspec.Struct, frozen=True):
    """Somebody without an account, who hears one topic by the `key` that was given to them."""

    topic: str
    key: str


class Auth(msgspec.Struct, frozen=True, tag="auth"):
    """First message, and again before the access token runs out; an API key need not be shown again.

    With a bearer token (of a person or of an app) or an API key; or with the CSRF token of the session whose cookie
    came with the handshake; or with a ticket, which a handshake can carry too; or as a guest.
    """

    token: str | None = None
    csrf: str | None = None
    ticket: str | None = None
    guest: Guest | None = None


class Subscribe(msgspec.Struct, frozen=True, tag="subscribe"):
    """With the `cursor` of what was heard last, what was said since comes first."""

    topic: str
    cursor: str | None = None


class Unsubscribe(msgspec.Struct, frozen=True, tag="unsubscribe"):
    topic: str


class Present(msgspec.Struct, frozen=True, tag="present"):
    """What the connection shows of itself on a topic that it watches; null takes it back."""

    topic: str
    data: dict[str, Any] | None


class Ping(msgspec.Struct, frozen=True, tag="ping"):
    """Answered by `pong`; with `t`, whatever that is, by the same `t` and the server's time `at`."""

    t: float | None = None


class Pong(msgspec.Struct, frozen=True, tag="pong"):
    """The answer to the server's own `ping`; needs none."""


FromClient: TypeAlias = Auth | Subscribe | Unsubscribe | Present | Ping | Pong
_decoder: msgspec.json.Decoder[FromClient] = msgspec.json.Decoder(FromClient)


def decode(text: str | bytes) -> FromClient | None:
    """None for anything that is not a message of the contract."""
    try:
        return _decoder.decode(text)
    except (msgspec.MsgspecError, UnicodeError):
        return None


class Frame:
    """One message, made once for all who get it: as text for an ASGI server, as bytes of the wire for our own."""

    __slots__ = ("_text", "_wire", "body")

    def __init__(self, body: bytes) -> None:
        self.body = body
        self._text: str | None = None
        self._wire: bytes | None = None

    @property
    def text(self) -> str:
        if self._text is None:
            self._text = self.body.decode()
        return self._text

    @property
    def wire(self) -> bytes:
        """RFC 6455, 5.2: a whole text message from a server, not masked, not compressed."""
        if self._wire is None:
            size = len(self.body)
            if size < 126:
                head = bytes((0x81, size))
            elif size < 65_536:
                head = b"\x81\x7e" + size.to_bytes(2, "big")
            else:
                head = b"\x81\x7f" + size.to_bytes(8, "big")
            self._wire = head + self.body
        return self._wire


def frame(kind: str, **fields: object) -> Frame:
    return Frame(_encoder.encode({"type": kind, **fields}))


def event_frame(said: Said) -> Frame:
    cursor = f"{said.epoch:x}.{said.position}"
    return frame("event", topic=said.topic, event=said.event, data=said.data, cursor=cursor)


PING: Final = frame("ping")
PONG: Final = frame("pong")


def pong(ping: Ping, now: datetime) -> Frame:
    """`at` is in milliseconds since 1970, to the microsecond."""
    return PONG if ping.t is None else frame("pong", t=ping.t, at=now.timestamp() * 1000)
