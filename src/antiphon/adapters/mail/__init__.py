"""Who carries letters, chosen by one URL."""

from __future__ import annotations

import re
import ssl
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from antiphon.adapters.mail.console import ConsoleMailer
from antiphon.adapters.mail.folder import FolderMailer
from antiphon.adapters.mail.message import Sender
from antiphon.adapters.mail.smtp import Encryption, SmtpMailer, SmtpServer
from antiphon.domains.notifications.ports import Mailer
from antiphon.kit.clock import Clock
from antiphon.kit.settings import Settings, SettingsError

__all__ = ["Sender", "open_mailer", "sender_of"]

_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_ADDRESS = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+")


def sender_of(settings: Settings) -> Sender:
    """Who letters come from; where none is set and no mail server either, `antiphon` at the installation's own host.

    Raises SettingsError for what is no address.
    """
    if settings.mail_from is None and (settings.mail_url or "").startswith("smtp"):
        raise SettingsError("ANTIPHON_MAIL_FROM: say which address letters come from: Our Music <music@our.org>")
    own = f"Antiphon <antiphon@{urlsplit(settings.site_url).hostname or 'localhost'}>"
    name, address = parseaddr(settings.mail_from or own)
    if not _ADDRESS.fullmatch(address):
        raise SettingsError("ANTIPHON_MAIL_FROM: write an address, with a name if you like: Our Music <music@our.org>")
    if settings.mail_reply_to is not None and not _ADDRESS.fullmatch(settings.mail_reply_to):
        raise SettingsError("ANTIPHON_MAIL_REPLY_TO: write an address alone, such as help@our.org")
    user, _, domain = address.rpartition("@")
    return Sender(Address(name or "Antiphon", username=user, domain=domain), settings.mail_reply_to)


def open_mailer(settings: Settings, clock: Clock) -> Mailer:
    """The carrier of the mail URL: `smtp://user:password@host:587`, `smtps://…`, `file:///folder`.

    None or "" prints letters to the terminal. Raises SettingsError for anything else; the URL is not in its text,
    because there may be a password in the URL.
    """
    url, sender = settings.mail_url, sender_of(settings)
    if not url:
        return ConsoleMailer()
    try:
        parts = urlsplit(url)
        options = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
        if parts.scheme == "file" and parts.netloc in {"", "localhost"} and parts.path and not options:
            return FolderMailer(Path(unquote(parts.path)), sender, clock)
        if parts.scheme in {"smtp", "smtps"} and parts.hostname and set(options) <= {"starttls", "ca"}:
            return SmtpMailer(_server(parts, {name: values[-1] for name, values in options.items()}), sender, clock)
    except ValueError:
        pass
    raise SettingsError(
        "ANTIPHON_MAIL_URL is none of smtp://user:password@host:587, smtps://user:password@host:465, file:///folder "
        "(options: starttls=1 or 0, ca=/path/of/certificates; write @ : / in a password as %40 %3A %2F)"
    )


def _server(parts: SplitResult, options: dict[str, str]) -> SmtpServer:
    """Raises ValueError for a port or an option that cannot be, SettingsError for what would give a password away."""
    host, starttls = parts.hostname or "", options.get("starttls")
    if starttls not in {None, "0", "1"} or (parts.scheme == "smtps" and starttls is not None):
        raise ValueError
    encryption = Encryption.FROM_THE_START
    if parts.scheme == "smtp":
        wanted = host not in _HERE if starttls is None else starttls == "1"
        encryption = Encryption.STARTTLS if wanted else Encryption.NONE
    if encryption is Encryption.NONE and parts.password and host not in _HERE:
        raise SettingsError("ANTIPHON_MAIL_URL: without encryption the password could be read by anybody on the way")
    default_port = {Encryption.FROM_THE_START: 465, Encryption.STARTTLS: 587, Encryption.NONE: 25}[encryption]
    return SmtpServer(
        host=host,
        port=parts.port or default_port,
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        encryption=encryption,
        certificates=_certificates(options.get("ca")),
    )


def _certificates(path: str | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=path)
    except OSError as error:
        raise SettingsError(f"ANTIPHON_MAIL_URL: the certificates {path} cannot be read: {error.strerror}") from error
