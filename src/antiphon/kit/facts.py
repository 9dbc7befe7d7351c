"""Facts: what happened, frozen, in the past tense, with a schema version. The types live in `antiphon.facts`."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

import msgspec

__all__ = ["Fact", "decode", "encode", "fact_types"]


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """`subject` is the aggregate: facts of one subject are handed over in their order."""

    name: ClassVar[str]
    version: ClassVar[int] = 1
    subject: UUID


def fact_types() -> dict[str, type[Fact]]:
    """Every fact type that was imported, by name."""
    return {kind.name: kind for kind in Fact.__subclasses__()}


def encode(fact: Fact) -> str:
    return msgspec.json.encode(fact).decode()


def decode(name: str, payload: str | bytes) -> Fact:
    return msgspec.json.decode(payload, type=fact_types()[name])
