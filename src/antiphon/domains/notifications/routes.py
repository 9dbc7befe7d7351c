"""HTTP of notifications: letters to look at."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from litestar import MediaType, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from antiphon.domains.notifications import api
from antiphon.domains.notifications.api import LetterTools
from antiphon.kit.access import needs

__all__ = ["handlers"]

Language = Annotated[
    Literal["en", "es", "fr", "de", "ja", "ar", "he"], QueryParameter(description="The language it is written in")
]
Form = Annotated[
    Literal["html", "text"], QueryParameter(name="format", description="As mail programs show it, or the plain text")
]
# It may be shown in a frame of our own pages; there it may do nothing at all, whatever it holds.
POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


class LetterKind(msgspec.Struct, frozen=True):
    """`subject` is the English one."""

    purpose: str
    subject: str


class LetterKinds(msgspec.Struct, frozen=True):
    items: list[LetterKind]


@get(
    "/notifications/letters/previews",
    summary="The letters that there are",
    tags=["notifications"],
    opt=needs("system.operate"),
    sync_to_thread=False,
)
def list_previews(letters: NamedDependency[LetterTools], language: Language = "en") -> LetterKinds:
    subjects = {purpose: api.preview(letters, purpose, language).subject for purpose in api.PURPOSES}
    return LetterKinds([LetterKind(purpose, subject) for purpose, subject in subjects.items()])


@get(
    "/notifications/letters/previews/{purpose:str}",
    summary="One letter with invented data",
    tags=["notifications"],
    opt=needs("system.operate"),
    media_type=MediaType.HTML,
    sync_to_thread=False,
)
def show_preview(
    purpose: FromPath[str], letters: NamedDependency[LetterTools], language: Language = "en", form: Form = "html"
) -> Response[str]:
    """Nothing is sent, and the links in it open nothing."""
    made = api.preview(letters, purpose, language)
    headers = {"Content-Security-Policy": POLICY, "Content-Language": made.language}
    if form == "text":
        return Response(f"{made.subject}\n\n{made.text}", media_type=MediaType.TEXT, headers=headers)
    return Response(made.html, media_type=MediaType.HTML, headers=headers)


handlers = [list_previews, show_preview]
