"""What the postman gets, and the links in it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from antiphon.domains.identity import api

__all__ = ["Read", "token_of"]

Read = Callable[[str], Awaitable[api.Letter]]


def token_of(letter: api.Letter, kind: str) -> str:
    assert letter.link is not None
    page, _, fragment = letter.link.partition("#")
    assert page.startswith("http://localhost:8420/")
    name, _, token = fragment.partition("=")
    assert name == kind
    return token
