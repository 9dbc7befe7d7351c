"""What the product that runs has written to people, where its letters go into a folder."""

from __future__ import annotations

import re
from email import policy
from email.parser import BytesParser
from pathlib import Path

from tests.support.product import until

__all__ = ["letter"]


def letter(folder: Path, to: str, page: str) -> str:
    """The link to that page in the newest letter to somebody, as their mail program shows it."""
    found: list[str] = []

    def arrived() -> bool:
        for file in sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime, reverse=True):
            message = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
            text = message.get_body(("plain",))
            if message["to"] and to in message["to"] and text is not None:
                found.extend(re.findall(rf"https?://\S+{page}#\S+", text.get_content()))
                if found:
                    file.unlink()
                    return True
        return False

    assert until(arrived, within_s=60), f"no letter to {to} with a link to {page}"
    return found[0]
