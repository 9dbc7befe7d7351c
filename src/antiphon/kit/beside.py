"""What one domain keeps of another's things, looked up in the statement that lists them: no round trip of its own.

The SQL of each stays in the store of its domain; the list only says where its ids are.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

__all__ = ["Beside", "Look"]


@dataclass(frozen=True, slots=True)
class Beside:
    """`joins` are outer ones that find one row at most. In them `{id}` stands for the id of the thing, `{viewer}` for
    the person who looks."""

    columns: str
    joins: str

    def __add__(self, other: Beside) -> Beside:
        return Beside(f"{self.columns}, {other.columns}", f"{self.joins} {other.joins}")


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks, and what is looked up for them beside each row."""

    viewer: UUID
    beside: Beside
