"""A mail server on loopback, as small as RFC 5321 allows, that answers as a test tells it to."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_string, policy
from email.message import EmailMessage

__all__ = ["Received", "SmtpStub"]


@dataclass(frozen=True)
class Received:
    """One letter with its envelope. `options` are those of MAIL FROM."""

    sender: str
    recipient: str
    options: frozenset[str]
    data: bytes
    encrypted: bool
    user: str | None

    @property
    def message(self) -> EmailMessage:
        return message_from_string(self.data.decode(), policy=policy.SMTPUTF8)


@dataclass
class SmtpStub:
    """`answers` replaces the reply to a verb (`RCPT`, `.` for the end of the data, `HELLO` for the greeting); a None
    hangs up. `password` demands AUTH PLAIN or LOGIN with the user `antiphon`.
    """

    offers: set[str] = field(default_factory=lambda: {"8BITMIME", "SMTPUTF8"})
    answers: dict[str, str | None] = field(default_factory=dict)
    certificate: ssl.SSLContext | None = None
    tls_from_the_start: bool = False
    password: str | None = None
    letters: list[Received] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    port: int = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[SmtpStub]:
        context = self.certificate if self.tls_from_the_start else None
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _Talk(self, reader, writer).run()
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            writer.close()


class _HangUp(ConnectionError):
    pass


class _Talk:
    def __init__(self, stub: SmtpStub, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.stub, self.reader, self.writer = stub, reader, writer
        self.encrypted = stub.tls_from_the_start
        self.user: str | None = None
        self.sender, self.options, self.recipient = "", frozenset[str](), ""

    async def run(self) -> None:
        await self._say("HELLO", "220 stub")
        while line := await self.reader.readline():
            text = line.decode().rstrip("\r\n")
            verb, _, rest = text.partition(" ")
            self.stub.heard.append(verb.upper())
            handler = getattr(self, f"_{verb.lower()}", None)
            if handler is None:
                await self._say(verb, "502 unknown")
            elif await handler(rest):
                return

    async def _say(self, verb: str, reply: str) -> bool:
        """Whether it was a yes."""
        chosen = self.stub.answers.get(verb.upper(), reply)
        if chosen is None:
            raise _HangUp
        self.writer.write(f"{chosen}\r\n".encode())
        await self.writer.drain()
        return chosen[0] in "23"

    async def _ehlo(self, _rest: str) -> None:
        offers = set(self.stub.offers)
        if self.stub.certificate is not None and not self.encrypted:
            offers.add("STARTTLS")
        if self.stub.password is not None:
            offers.add("AUTH PLAIN LOGIN")
        lines = ["stub", *sorted(offers)]
        text = "".join(f"250-{line}\r\n" for line in lines[:-1]) + f"250 {lines[-1]}"
        await self._say("EHLO", text)

    async def _starttls(self, _rest: str) -> None:
        if self.stub.certificate is None or self.encrypted:
            await self._say("STARTTLS", "502 not here")
        elif await self._say("STARTTLS", "220 go on"):
            await self.writer.start_tls(self.stub.certificate)
            self.encrypted = True

    async def _auth(self, rest: str) -> None:
        method, _, first = rest.partition(" ")
        if method.upper() == "PLAIN":
            _, user, password = base64.b64decode(first).decode().split("\0")
        else:
            user = base64.b64decode(first or await self._ask("334 VXNlcm5hbWU6")).decode()
            password = base64.b64decode(await self._ask("334 UGFzc3dvcmQ6")).decode()
        right = (user, password) == ("antiphon", self.stub.password)
        self.user = user if await self._say("AUTH", "235 welcome" if right else f"535 no such user {user}") else None

    async def _ask(self, prompt: str) -> str:
        self.writer.write(f"{prompt}\r\n".encode())
        return (await self.reader.readline()).decode().strip()

    async def _mail(self, rest: str) -> None:
        if self.stub.password is not None and self.user is None:
            await self._say("MAIL", "530 sign in first")
            return
        address, *options = rest.split(" ")
        self.sender, self.options = address.partition(":")[2].strip("<>"), frozenset(options)
        await self._say("MAIL", "250 ok")

    async def _rcpt(self, rest: str) -> None:
        self.recipient = rest.partition(":")[2].strip("<>")
        await self._say("RCPT", "250 ok")

    async def _data(self, _rest: str) -> None:
        if not await self._say("DATA", "354 go on"):
            return
        lines = []
        while (line := await self.reader.readline()) != b".\r\n":
            assert line.endswith(b"\r\n")
            assert len(line) <= 1000, "RFC 5321, 4.5.3.1.6"
            lines.append(line.removeprefix(b"."))
        if await self._say(".", "250 taken"):
            data = b"".join(lines)
            self.stub.letters.append(
                Received(self.sender, self.recipient, self.options, data, self.encrypted, self.user)
            )

    async def _rset(self, _rest: str) -> None:
        await self._say("RSET", "250 ok")

    async def _noop(self, _rest: str) -> None:
        await self._say("NOOP", "250 ok")

    async def _quit(self, _rest: str) -> bool:
        await self._say("QUIT", "221 bye")
        return True
