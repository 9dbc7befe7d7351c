"""The tree of genres, and its keeping."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.api.access import require_over_all
from antiphon.domains.catalog.api.editing import Why, change
from antiphon.domains.catalog.api.merging import remember
from antiphon.domains.catalog.errors import EditFinal, EditOvertaken, GenreNotFound
from antiphon.domains.catalog.fields import GENRE, cleaned
from antiphon.domains.catalog.model import GenreNode
from antiphon.domains.catalog.model_changes import GenreChange, NewGenre
from antiphon.domains.catalog.store import edits as edit_store
from antiphon.domains.catalog.store import genres as store
from antiphon.domains.catalog.store import redirects
from antiphon.domains.catalog.store.merging import genres, record
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import FieldProblem, Invalid
from antiphon.kit.ids import Kind, out, parse
from antiphon.kit.text import search_key

__all__ = ["check_genre", "create_genre", "genre_tree", "merge_genre", "unmerge_genre", "update_genre"]

_names = msgspec.json.Decoder(list[str])


async def genre_tree(conn: AsyncConnection) -> list[GenreNode]:
    """The widest genres with everything under them, by name."""
    nodes: dict[UUID, GenreNode] = {}
    roots: list[GenreNode] = []
    found = await store.all_of_them(conn)
    for row in found:
        aliases = _names.decode(row.aliases) if row.aliases else []
        nodes[row.id] = GenreNode(out(Kind.GENRE, row.id), row.name, aliases, row.tracks, row.albums, [])
    for row in found:
        (nodes[row.parent_id].children if row.parent_id else roots).append(nodes[row.id])
    return roots


async def create_genre(uow: UnitOfWork, user_id: UUID, new: NewGenre) -> list[GenreNode]:
    """Raises NotManager, GenreNotFound for the parent, Invalid for a name that another genre has."""
    await require_over_all(uow.conn, user_id)
    await store.hold_tree(uow.conn)
    name = cleaned(GENRE, {"name": new.name})["name"]
    await _refuse_taken(uow, None, name, [])
    parent = parse(Kind.GENRE, new.parent_id) if new.parent_id else None
    if parent is not None and not await store.is_there(uow.conn, parent):
        raise GenreNotFound
    await store.insert(uow.conn, name, parent)
    return await genre_tree(uow.conn)


async def update_genre(uow: UnitOfWork, user_id: UUID, genre_id: UUID, wanted: GenreChange) -> list[GenreNode]:
    """Raises NotManager, GenreNotFound, Invalid for a ring and for names that other genres have."""
    await require_over_all(uow.conn, user_id)
    await store.hold_tree(uow.conn)
    present = await edit_store.state(uow.conn, GENRE, genre_id, hold=True)
    if present is None:
        raise GenreNotFound
    given = cleaned(GENRE, msgspec.to_builtins(wanted))
    name, aliases = given.get("name", present["name"]), given.get("aliases", present["aliases"])
    if search_key(name) != search_key(present["name"]):
        aliases = [*aliases, present["name"]]
    by_key = {search_key(alias): alias for alias in reversed(aliases)}
    by_key.pop(search_key(name), None)
    given["aliases"] = [by_key[key] for key in sorted(by_key)]
    await check_genre(uow, genre_id, present | given)
    await change(uow, GENRE, genre_id, given, Why(user_id))
    return await genre_tree(uow.conn)


async def merge_genre(uow: UnitOfWork, user_id: UUID, genre_id: UUID, into: UUID) -> list[GenreNode]:
    """Everything of it belongs to the other from now on, and its name means that. Raises NotManager, GenreNotFound,
    Invalid where one is under the other's narrower ones."""
    await require_over_all(uow.conn, user_id)
    await store.hold_tree(uow.conn)
    states = [await edit_store.state(uow.conn, GENRE, each, hold=True) for each in (genre_id, into)]
    if None in states:
        raise GenreNotFound
    if await store.is_under(uow.conn, into, genre_id):
        raise Invalid(FieldProblem("/into", "ring", "A genre cannot become part of itself, or of a narrower one."))
    await store.note_tracks(uow.conn, genre_id)
    forwarded = await record.ask(uow.conn, record.FORWARDED, gone=genre_id)
    await redirects.put(uow.conn, "genre", genre_id, into, uow.clock.now())
    moved = await genres.merge(uow.conn, genre_id, into)
    before = {"merged": states[0], "id": out(Kind.GENRE, genre_id)}
    after = {"into": out(Kind.GENRE, into)}
    edit = await remember(uow, user_id, GENRE, into, "merge", before, after=after)
    await record.keep(uow.conn, edit, moved | {"forwarded": forwarded})
    return await genre_tree(uow.conn)


async def unmerge_genre(uow: UnitOfWork, user_id: UUID, merged: Row[Any]) -> UUID:
    """Take the edit of a merge back: what moved moves back, where it still stands. Answers the edit that this made.

    Raises EditFinal for merges from before their moves were recorded; EditOvertaken where something else became part
    of the same since, which must be taken back first, or where another genre has the name by now.
    """
    into, gone = merged.subject, parse(Kind.GENRE, msgspec.json.decode(merged.before)["id"])
    await store.hold_tree(uow.conn)
    moved = await record.moved_by(uow.conn, merged.id)
    if merged.undone or await record.later_merge(uow.conn, merged.id, into):
        raise EditOvertaken("Something was merged into it later, or this was taken back already.", fields=[])
    if moved is None:
        raise EditFinal
    if await genres.is_taken(uow.conn, moved["row"]["key"], into):
        raise EditOvertaken("Another genre has its name by now.", fields=["name"])
    await genres.unmerge(uow.conn, gone, into, moved)
    await record.put_back_redirects(uow.conn, gone, into, moved["forwarded"])
    await record.forget(uow.conn, merged.id)
    after = {"id": out(Kind.GENRE, gone)}
    return await remember(uow, user_id, GENRE, into, "undo", {}, undoes=merged.id, after=after)


async def check_genre(uow: UnitOfWork, genre_id: UUID, wanted: Mapping[str, Any]) -> None:
    """Whether the genre may be so. Holds the tree. Raises Invalid, GenreNotFound for the parent."""
    await store.hold_tree(uow.conn)
    await _refuse_taken(uow, genre_id, wanted["name"], wanted["aliases"])
    if wanted["parent_id"] is not None:
        await _refuse_ring(uow, genre_id, parse(Kind.GENRE, wanted["parent_id"]))


async def _refuse_ring(uow: UnitOfWork, genre_id: UUID, parent: UUID) -> None:
    if not await store.is_there(uow.conn, parent):
        raise GenreNotFound
    if await store.is_under(uow.conn, parent, genre_id):
        raise Invalid(FieldProblem("/parent_id", "ring", "A genre cannot stand under itself, or under a narrower one."))


async def _refuse_taken(uow: UnitOfWork, own: UUID | None, name: str, aliases: list[str]) -> None:
    taken = await store.taken(uow.conn, [name, *aliases], own)
    problems = [FieldProblem("/name", "taken", "Another genre has this name.")] * (name in taken)
    problems += [
        FieldProblem(f"/aliases/{index}", "taken", "Another genre has this name.")
        for index, alias in enumerate(aliases)
        if alias in taken
    ]
    if problems:
        raise Invalid(*problems)
