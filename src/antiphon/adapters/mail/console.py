"""Letters on the operator's terminal: nothing to set up, and nobody else sees them."""

from __future__ import annotations

import sys
from typing import TextIO

from antiphon.adapters.mail.message import ascii_host
from antiphon.domains.notifications.ports import Mail
from antiphon.kit.text import clean_lines

__all__ = ["ConsoleMailer"]


class ConsoleMailer:
    """Writes to `out`, by default the process's own stderr. Not through the logger: letters hold links that open
    accounts, and logs are kept and shipped."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out

    async def send(self, message: Mail) -> None:
        to = f"{message.name} <{ascii_host(message.to)}>" if message.name else ascii_host(message.to)
        body = "".join(f"  │ {line}".rstrip() + "\n" for line in clean_lines(message.text).split("\n"))
        out = self._out or sys.stderr
        out.write(f"\n  ┌ Letter to {to}\n  │ {message.subject}\n  │\n{body}  └\n\n")
        out.flush()

    async def check(self) -> str:
        return "not configured: letters are printed to the terminal"
