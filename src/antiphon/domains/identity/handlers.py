"""Erasure goes through every domain: each is told once, does its part, and the last one ends it."""

from __future__ import annotations

from antiphon.facts.identity import UserErased
from antiphon.kit.db import UnitOfWork
from antiphon.kit.personal import PersonalData, PersonalRegistry
from antiphon.kit.relay import FactHandler, FactHandlers

__all__ = ["register"]


def register(handlers: FactHandlers, registry: PersonalRegistry) -> None:
    """To be called when every domain has registered what it keeps."""
    for data in registry.all():
        if data.domain != "identity":
            handlers.on(UserErased, f"{data.domain}.erase_person", _eraser(data))


def _eraser(data: PersonalData) -> FactHandler:
    async def erase(uow: UnitOfWork, fact: UserErased) -> None:
        await data.erase(uow, fact.subject)
        uow.defer("identity.finish_erasure", user_id=str(fact.subject))

    return erase
