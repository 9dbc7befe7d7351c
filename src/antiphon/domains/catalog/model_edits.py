"""What was edited, as people see it. No I/O."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

__all__ = ["BulkPreview", "BulkProblem", "BulkResult", "Difference", "Edit", "EditAction", "FieldTrouble"]

EditAction = Literal["edit", "undo", "merge", "split"]


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """`before` and `after` hold the fields that changed, as they are written in a change.

    `batch` is the same for all edits that were asked for at once; `undoes` is the edit that this one took back, and
    `undone` says that this one was taken back. `edited_by` is none where the person is gone.
    """

    id: str
    content_id: str
    action: EditAction
    before: dict[str, Any]
    after: dict[str, Any]
    batch: str | None
    undoes: str | None
    undone: bool
    edited_by: str | None
    edited_at: datetime


class BulkResult(msgspec.Struct, frozen=True, kw_only=True):
    """`batch` is what to undo them all by, none where nothing changed; `changed` are those that differ from before."""

    batch: str | None
    changed: list[str]


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """What a change would make of one: the fields that would differ, as they are and as they would be."""

    id: str
    before: dict[str, Any]
    after: dict[str, Any]


class FieldTrouble(msgspec.Struct, frozen=True, kw_only=True):
    pointer: str
    code: str
    detail: str


class BulkProblem(msgspec.Struct, frozen=True, kw_only=True):
    """Why the change does not fit one of them."""

    id: str
    code: str
    detail: str
    errors: list[FieldTrouble]


class BulkPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What would happen: nothing at all while there are `problems`. Those that stay as they are stand in neither."""

    differences: list[Difference]
    problems: list[BulkProblem]
