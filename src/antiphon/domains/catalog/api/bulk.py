"""One change to many tracks or albums: to all of them, or to none; and what it would do."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import msgspec

from antiphon.domains.catalog.api.bulk_at_once import OF_ITS_OWN, change_at_once
from antiphon.domains.catalog.api.editing import MISSING, Why, change
from antiphon.domains.catalog.api.histories import require_over
from antiphon.domains.catalog.errors import BulkRefused
from antiphon.domains.catalog.fields import Form, cleaned
from antiphon.domains.catalog.model_changes import BulkChange, WordsOf
from antiphon.domains.catalog.model_edits import BulkPreview, BulkProblem, BulkResult, Difference, FieldTrouble
from antiphon.domains.catalog.store import edits as store
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import AppError, FieldProblem, Invalid
from antiphon.kit.ids import Kind, new_uuid, out, parse
from antiphon.kit.text import search_key

__all__ = ["change_many", "preview_many"]


ONE_BY_ONE = 500


class _OnlyLooked(Exception):
    """Ends the step in which a change was tried, so that nothing of it stays."""


async def change_many(uow: UnitOfWork, user_id: UUID, form: Form, bulk: BulkChange) -> BulkResult:
    """Raises Invalid for a change that fits none of the kind, BulkRefused where it does not fit some of these."""
    batch = new_uuid()
    edits, problems = await _apply(uow, user_id, form, bulk, batch)
    if problems:
        raise BulkRefused(items=[msgspec.to_builtins(problem) for problem in problems])
    return BulkResult(batch=out(Kind.EDIT, batch) if edits else None, changed=list(edits))


async def preview_many(uow: UnitOfWork, user_id: UUID, form: Form, bulk: BulkChange) -> BulkPreview:
    """The change is made and taken back at once, so that this says what would really happen. Raises Invalid."""
    differences: list[Difference] = []
    problems: list[BulkProblem] = []
    try:
        async with uow.step():
            batch = new_uuid()
            _, problems = await _apply(uow, user_id, form, bulk, batch)
            for row in await store.edits_of_batch(uow.conn, batch):
                before, after = msgspec.json.decode(row.before), msgspec.json.decode(row.after)
                differences.append(Difference(id=out(form.kind, row.subject), before=before, after=after))
            differences.sort(key=lambda difference: difference.id)
            raise _OnlyLooked
    except _OnlyLooked:
        return BulkPreview(differences=differences, problems=problems)


async def _apply(
    uow: UnitOfWork, user_id: UUID, form: Form, bulk: BulkChange, batch: UUID
) -> tuple[dict[str, UUID], list[BulkProblem]]:
    """The edits that were made, by the ids of what they changed, and what was in the way."""
    given = cleaned(form, msgspec.to_builtins(bulk.change))
    add, remove = (_words(form, words) for words in (bulk.add, bulk.remove))
    ids = sorted(set(bulk.ids))  # one order for all, so that two cannot wait for each other
    alone = sorted(given.keys() & OF_ITS_OWN)
    if not alone:
        made, refused = await change_at_once(uow, user_id, form, ids, given, (add, remove), batch)
        return made, [_problem(content_id, refused[content_id]) for content_id in sorted(refused)]
    if len(ids) > ONE_BY_ONE:
        said = f"At most {ONE_BY_ONE} at once can have this changed: {', '.join(alone)}."
        raise Invalid(FieldProblem("/ids", "too_many", said))
    why = Why(user_id, batch=batch)
    edits: dict[str, UUID] = {}
    problems: list[BulkProblem] = []
    for content_id in ids:
        try:
            # After the first trouble nothing stays anyway; the step keeps the transaction usable for the others.
            async with uow.step():
                row_id = parse(form.kind, content_id)
                await require_over(uow, user_id, form, row_id)
                own = await _own(uow, form, row_id, add, remove)
                if edit := await change(uow, form, row_id, {**own, **given}, why):
                    edits[content_id] = edit
        except AppError as error:
            problems.append(_problem(content_id, error))
    return edits, problems


def _words(form: Form, words: WordsOf | None) -> dict[str, list[str]]:
    return cleaned(form, {name: each for name, each in msgspec.to_builtins(words or WordsOf()).items() if each})


async def _own(
    uow: UnitOfWork, form: Form, row_id: UUID, add: Mapping[str, list[str]], remove: Mapping[str, list[str]]
) -> dict[str, list[str]]:
    """The lists of one with the words that are put to them, and without those that are taken away."""
    if not add and not remove:
        return {}
    present = await store.state(uow.conn, form, row_id, hold=True)
    if present is None:
        raise MISSING[form.kind]()
    own = {}
    for name in sorted({*add, *remove}):
        gone = {search_key(word) for word in remove.get(name, ())}
        kept = [word for word in present[name] if search_key(word) not in gone]
        own[name] = [*kept, *add.get(name, ())]
    return own


def _problem(content_id: str, error: AppError) -> BulkProblem:
    found = error.problems if isinstance(error, Invalid) else ()
    errors = [FieldTrouble(pointer=one.pointer, code=one.code, detail=one.detail) for one in found]
    return BulkProblem(id=content_id, code=error.code, detail=error.detail, errors=errors)
