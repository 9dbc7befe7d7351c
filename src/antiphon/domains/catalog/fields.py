"""Which fields each kind of content has, how they are cleaned, and in which column each stands. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Table

from antiphon.domains.catalog import tables
from antiphon.kit.errors import FieldProblem, Invalid
from antiphon.kit.ids import Kind
from antiphon.kit.text import clean, clean_lines, search_key

__all__ = ["ALBUM", "ARTIST", "GENRE", "TRACK", "Form", "cleaned", "form_of", "required"]


@dataclass(frozen=True, slots=True)
class Form:
    """`columns`: field → column of the kind's own table. `parts`: fields that stand in tables beside it."""

    kind: Kind
    name: Literal["artist", "album", "track", "genre"]
    table: Table
    columns: Mapping[str, str]
    parts: frozenset[str]

    @property
    def fields(self) -> frozenset[str]:
        return self.parts | self.columns.keys()

    def refuse_foreign(self, given: Mapping[str, Any]) -> None:
        """Raises Invalid for each field that this kind does not have."""
        foreign = sorted(given.keys() - self.fields)
        if foreign:
            plural = f"{self.name}s"
            raise Invalid(
                *(
                    FieldProblem(f"/{name}", f"not_of_{plural}", f"{plural.title()} do not have this.")
                    for name in foreign
                )
            )


def _same(names: str) -> dict[str, str]:
    return {name: name for name in names.split()}


ARTIST = Form(
    Kind.ARTIST,
    "artist",
    tables.artists,
    _same("name bio sort_name disambiguation mbid links") | {"artist_kind": "kind"},
    frozenset({"aliases", "members"}),
)
ALBUM = Form(
    Kind.ALBUM,
    "album",
    tables.albums,
    _same(
        "title sort_title description explicit moods tags mbid edition disc_titles release_date release_precision "
        "original_date original_precision label catalog_number upc compilation territories embargoes release_group_mbid"
    )
    | {"album_kind": "kind"},
    frozenset({"artists"}),
)
TRACK = Form(
    Kind.TRACK,
    "track",
    tables.tracks,
    _same(
        "title sort_title description explicit moods tags mbid album_id disc_number disc_title track_number "
        "version_title year isrc bpm musical_key language work movement comment copyright "
        "territories embargoes"
    ),
    frozenset({"artists", "genres", "credits"}),
)
GENRE = Form(Kind.GENRE, "genre", tables.genres, _same("name parent_id"), frozenset({"aliases"}))
_FORMS = {form.kind: form for form in (ARTIST, ALBUM, TRACK, GENRE)}


def form_of(kind: Kind | None) -> Form | None:
    return _FORMS.get(kind) if kind else None


def required(text: str, pointer: str) -> str:
    """The text as it is stored; refuses what is empty once white space is folded."""
    folded = clean(text)
    if not folded:
        raise Invalid(FieldProblem(pointer, "empty", "This must not be empty."))
    return folded


def _words(given: list[str]) -> list[str]:
    """In their order, each once whatever its spelling."""
    kept = {search_key(word): clean(word) for word in reversed(given)}
    kept.pop("", None)
    return list(reversed(kept.values()))


def _moment(said: str) -> str:
    """One spelling for one moment, so that the same is no change."""
    return datetime.fromisoformat(said).astimezone(UTC).isoformat()


def _optional(text: str | None) -> str | None:
    return (clean(text) or None) if text is not None else None


def _named(field: str, *names: str) -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    def tidy(given: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            row | {name: required(row[name], f"/{field}/{index}/{name}") for name in names if row.get(name) is not None}
            for index, row in enumerate(given)
        ]

    return tidy


_RULES: dict[str, Callable[[Any], Any]] = {
    "title": lambda text: required(text, "/title"),
    "name": lambda text: required(text, "/name"),
    **dict.fromkeys(("sort_title", "sort_name", "disc_title", "musical_key"), _optional),
    **dict.fromkeys(
        (
            "version_title",
            "work",
            "movement",
            "copyright",
            "disambiguation",
            "edition",
            "label",
            "catalog_number",
        ),
        clean,
    ),
    **dict.fromkeys(("description", "bio", "comment"), clean_lines),
    **dict.fromkeys(("moods", "tags", "genres"), _words),
    "disc_titles": lambda titles: {number: clean(title) for number, title in titles.items() if clean(title)},
    "territories": lambda codes: sorted(set(codes)) if codes is not None else None,
    "embargoes": lambda waits: {code: _moment(waits[code]) for code in sorted(waits)},
    "links": lambda links: [link | {"name": clean(link["name"])} for link in links],
    "credits": _named("credits", "name", "role"),
    "artists": _named("artists", "credited_as"),
}


def cleaned(form: Form, given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as they are stored. Raises Invalid for what the kind does not have, and for names of nothing."""
    form.refuse_foreign(given)
    tidy = {name: _RULES[name](value) if name in _RULES else value for name, value in given.items()}
    if "aliases" in tidy:
        tidy["aliases"] = _words(tidy["aliases"]) if form is GENRE else _named("aliases", "name")(tidy["aliases"])
    return tidy
