"""What is said on `/ws`: JSON text messages, told apart by `type`."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from antiphon.kit.live import LiveMessage

__all__ = [
    "Auth",
    "CloseCode",
    "EventEncoder",
    "FromClient",
    "Ping",
    "Pong",
    "Subscribe",
    "Unsubscribe",
    "decode",
    "encode",
]


class CloseCode:
    """Why the server closed; 4000 and above are ours, the others are of RFC 6455."""

    RESTART = 1012
    NOT_TEXT = 1003
    TOO_BIG = 1009
    BROKEN = 1011
    BAD_MESSAGES = 4400
    NOT_SIGNED_IN = 4401
    SIGNED_OUT = 4403
    TOO_SLOW = 4408


class Auth(msgspec.Struct, frozen=True, tag="auth"):
    """First message, and again before the access token runs out; an API key need not be shown again.

    With a bearer token (of a person or of an app) or an API key; or with the CSRF token of the session whose cookie
    came with the handshake.
    """

    token: str | None = None
    csrf: str | None = None


class Subscribe(msgspec.Struct, frozen=True, tag="subscribe"):
    topic: str


class Unsubscribe(msgspec.Struct, frozen=True, tag="unsubscribe"):
    topic: str


class Ping(msgspec.Struct, frozen=True, tag="ping"):
    """Answered by `pong`."""


class Pong(msgspec.Struct, frozen=True, tag="pong"):
    """The answer to the server's own `ping`; needs none."""


FromClient: TypeAlias = Auth | Subscribe | Unsubscribe | Ping | Pong
_decoder: msgspec.json.Decoder[FromClient] = msgspec.json.Decoder(FromClient)


def decode(text: str) -> FromClient | None:
    """None for anything that is not a message of the contract."""
    try:
        return _decoder.decode(text)
    except (msgspec.MsgspecError, UnicodeEncodeError):
        return None


def encode(kind: str, **fields: object) -> str:
    return msgspec.json.encode({"type": kind, **fields}).decode()


class EventEncoder:
    """A live message as text; one that goes to a thousand connections is written once."""

    def __init__(self) -> None:
        self._last: tuple[LiveMessage, str] | None = None

    def __call__(self, message: LiveMessage) -> str:
        if self._last is None or self._last[0] is not message:
            text = encode("event", topic=message.topic, event=message.event, data=message.data)
            self._last = (message, text)
        return self._last[1]
