"""Letters as files of a folder, for tests and for installations that reach nobody."""

from __future__ import annotations

import asyncio
import os
import tempfile
from email import policy
from pathlib import Path

from antiphon.adapters.mail.message import Sender, as_message
from antiphon.domains.notifications.errors import MailRefused, MailUnavailable
from antiphon.domains.notifications.ports import Mail
from antiphon.kit.clock import Clock

__all__ = ["FolderMailer"]


class FolderMailer:
    """`<message id>.eml`, mode 0600, whole or not at all; a letter that is sent again replaces itself."""

    def __init__(self, folder: Path, sender: Sender, clock: Clock) -> None:
        self._folder = folder
        self._sender = sender
        self._clock = clock

    async def send(self, message: Mail) -> None:
        made = as_message(message, self._sender, self._clock.now())
        name = f"{message.message_id.strip('<>').rpartition('@')[0]}.eml"
        await asyncio.to_thread(self._write, name, made.as_bytes(policy=policy.SMTPUTF8))

    async def check(self) -> str:
        await asyncio.to_thread(self._write, ".check", b"")
        (self._folder / ".check").unlink(missing_ok=True)
        return f"letters are written to {self._folder}"

    def _write(self, name: str, data: bytes) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, half_done = tempfile.mkstemp(prefix=".", dir=self._folder)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                Path(half_done).replace(self._folder / name)
            except BaseException:
                Path(half_done).unlink(missing_ok=True)
                raise
        except (PermissionError, NotADirectoryError, FileExistsError) as error:
            raise MailRefused(f"The folder of letters cannot be written: {error.strerror}.") from error
        except OSError as error:
            raise MailUnavailable(f"The folder of letters cannot be written now: {error.strerror}.") from error
