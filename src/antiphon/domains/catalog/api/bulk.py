"""One change to many tracks or albums: to all of them, or to none."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from antiphon.domains.catalog.api.editing import Why, change
from antiphon.domains.catalog.api.histories import require_over
from antiphon.domains.catalog.errors import BulkRefused
from antiphon.domains.catalog.fields import Form, cleaned
from antiphon.domains.catalog.model_changes import BulkChange
from antiphon.domains.catalog.model_edits import BulkResult
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import AppError, Invalid
from antiphon.kit.ids import Kind, new_uuid, out, parse

__all__ = ["change_many"]


async def change_many(uow: UnitOfWork, user_id: UUID, form: Form, bulk: BulkChange) -> BulkResult:
    """Raises Invalid for a change that fits none of the kind, BulkRefused where it does not fit some of these."""
    given = cleaned(form, msgspec.to_builtins(bulk.change))
    why = Why(user_id, batch=new_uuid())
    changed: list[str] = []
    problems: list[dict[str, Any]] = []
    for content_id in sorted(set(bulk.ids)):  # one order for all, so that two cannot wait for each other
        try:
            # After the first trouble nothing stays anyway; the step keeps the transaction usable for the others.
            async with uow.step():
                row_id = parse(form.kind, content_id)
                await require_over(uow, user_id, form, row_id)
                if await change(uow, form, row_id, given, why):
                    changed.append(content_id)
        except AppError as error:
            problems.append(_problem(content_id, error))
    if problems:
        raise BulkRefused(items=problems)
    return BulkResult(batch=out(Kind.EDIT, why.batch) if changed and why.batch else None, changed=changed)


def _problem(content_id: str, error: AppError) -> dict[str, Any]:
    errors = [
        {"pointer": problem.pointer, "code": problem.code, "detail": problem.detail}
        for problem in (error.problems if isinstance(error, Invalid) else ())
    ]
    return {"id": content_id, "code": error.code, "detail": error.detail, "errors": errors}
