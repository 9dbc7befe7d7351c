"""A letter as the bytes that travel (RFC 5322, MIME)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage

from antiphon.domains.notifications.errors import LetterRefused
from antiphon.domains.notifications.ports import Mail

__all__ = ["Sender", "as_message", "ascii_host"]

_SEVEN_BIT = policy.SMTP.clone(cte_type="7bit")  # every server takes it, and no line is too long


@dataclass(frozen=True, slots=True)
class Sender:
    """Who letters come from, and where answers go if not there."""

    address: Address
    reply_to: str | None = None

    @property
    def mailbox(self) -> str:
        return f"{self.address.username}@{self.address.domain}"


def as_message(mail: Mail, sender: Sender, now: datetime) -> EmailMessage:
    """Both bodies, and what tells other machines not to answer a letter that a machine has written."""
    message = EmailMessage(policy=_SEVEN_BIT)
    user, _, host = ascii_host(mail.to).rpartition("@")
    message["From"] = sender.address
    message["To"] = Address(mail.name, username=user, domain=host)
    if sender.reply_to:
        message["Reply-To"] = sender.reply_to
    message["Subject"] = mail.subject
    message["Date"] = now
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    for name, value in mail.headers.items():  # last: what is there before moves into the first body
        message[name] = value
    return message


def ascii_host(address: str) -> str:
    """The address with its host as DNS knows it (IDNA). Raises LetterRefused where there can be no such host."""
    user, _, host = address.rpartition("@")
    try:
        return f"{user}@{host.encode('idna').decode('ascii').lower()}"
    except UnicodeError:
        raise LetterRefused("There can be no host of that name.") from None
