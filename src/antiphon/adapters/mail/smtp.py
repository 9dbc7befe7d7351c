"""Letters by SMTP (RFC 5321), one connection a letter."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum

import aiosmtplib

from antiphon.adapters.mail.message import Sender, as_message, ascii_host
from antiphon.domains.notifications.errors import LetterRefused, MailRefused, MailUnavailable
from antiphon.domains.notifications.ports import Mail
from antiphon.kit.clock import Clock
from antiphon.kit.errors import AppError

__all__ = ["Encryption", "SmtpMailer", "SmtpServer"]

TIMEOUT_S = 30.0


class Encryption(Enum):
    """STARTTLS is demanded, not merely tried: who could take the offer away could read the letters."""

    NONE = "none"
    STARTTLS = "starttls"
    FROM_THE_START = "tls"


@dataclass(frozen=True, slots=True)
class SmtpServer:
    host: str
    port: int
    username: str | None
    password: str | None = field(repr=False)
    encryption: Encryption
    certificates: ssl.SSLContext = field(repr=False)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class SmtpMailer:
    def __init__(self, server: SmtpServer, sender: Sender, clock: Clock, *, timeout_s: float = TIMEOUT_S) -> None:
        self._server = server
        self._sender = sender
        self._clock = clock
        self._timeout_s = timeout_s

    async def send(self, message: Mail) -> None:
        made = as_message(message, self._sender, self._clock.now())
        recipient = ascii_host(message.to)
        async with self._connection() as smtp:
            try:
                await smtp.send_message(made, sender=self._sender.mailbox, recipients=[recipient])
            except aiosmtplib.SMTPException as error:
                raise _translated(error, recipient) from None

    async def check(self) -> str:
        async with self._connection() as smtp:
            await smtp.noop()
        return f"{self._server} lets us in"

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[aiosmtplib.SMTP]:
        """Signed in and encrypted as the settings demand; said good-bye to in the end."""
        server = self._server
        smtp = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            use_tls=server.encryption is Encryption.FROM_THE_START,
            start_tls=server.encryption is Encryption.STARTTLS,
            tls_context=server.certificates,
            local_hostname=self._sender.address.domain,
            timeout=self._timeout_s,
        )
        try:
            await smtp.connect()
        except aiosmtplib.SMTPException as error:
            raise _no_connection(error, server) from None
        except OSError as error:  # certificates that do not hold
            raise MailRefused(f"{server} is not who it should be: {error}.") from None
        try:
            yield smtp
        finally:
            with suppress(aiosmtplib.SMTPException, OSError):
                await smtp.quit()
            smtp.close()


def _no_connection(error: aiosmtplib.SMTPException, server: SmtpServer) -> AppError:
    """What went wrong before a letter was shown. Foreign texts of sign-in stay out: some servers repeat the name."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        if error.code < 500:
            return MailUnavailable(f"{server} asks for patience ({error.code}).")
        if isinstance(error, aiosmtplib.SMTPAuthenticationError):
            return MailRefused(f"{server} does not take this user name and password ({error.code}).")
        return MailRefused(f"{server} does not talk to us: {error.code} {error.message}.")
    if isinstance(error.__cause__, ssl.SSLError):
        return MailRefused(f"{server} cannot be spoken to in secret: {error.__cause__}.")
    if type(error) is aiosmtplib.SMTPException:  # so it says that STARTTLS or AUTH is not offered
        return MailRefused(f"{server} does not offer what is demanded of it: {error}")
    return MailUnavailable(f"{server} does not answer: {error}.")


def _translated(error: aiosmtplib.SMTPException, recipient: str) -> AppError:
    """What the server said to this letter, without the address it said it about."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        error = error.recipients[0]
    if isinstance(error, aiosmtplib.SMTPNotSupported):
        return LetterRefused("The mail server cannot write to addresses in this script (no SMTPUTF8).")
    if not isinstance(error, aiosmtplib.SMTPResponseException):
        return MailUnavailable(f"The connection broke: {error}.")
    said = f"The mail server said {error.code} {error.message}".replace(recipient, "…")
    if error.code < 500:
        return MailUnavailable(said)
    return MailRefused(said) if isinstance(error, aiosmtplib.SMTPSenderRefused) else LetterRefused(said)
