"""Which topics there are, and who may watch them: the domains' own words, put together."""

from __future__ import annotations

from collections.abc import Sequence

from antiphon.domains.identity.api import Actor
from antiphon.entry.realtime.messages import Guest
from antiphon.kit.db import Database
from antiphon.kit.errors import AppError
from antiphon.kit.topics import TOPIC_FORM
from antiphon.kit.watching import TopicRule, Watch

__all__ = ["Rules"]


class Rules:
    """By form. Raises ValueError where two rules are about one form."""

    def __init__(self, db: Database, rules: Sequence[TopicRule[Actor]]) -> None:
        self._db = db
        self._by_form = {rule.form: rule for rule in rules}
        if len(self._by_form) != len(rules):
            raise ValueError("a form of topic has two rules")

    def know(self, topic: str) -> bool:
        return TOPIC_FORM.fullmatch(topic) is not None and _form(topic)[0] in self._by_form

    def show_presence(self, topic: str) -> bool:
        return self._by_form[_form(topic)[0]].presence

    async def ask(self, actor: Actor, topic: str) -> Watch | str:
        """Whether a topic that is known may be watched; the code of the refusal where it may not."""
        form, name = _form(topic)
        try:
            found = await self._by_form[form].may_watch(self._db, actor, name)
        except AppError as error:
            return error.code
        return "forbidden" if found is Watch.NO else found

    async def admit(self, guest: Guest, topic: str) -> str | None:
        """The code of the refusal where this guest may not watch it. No other topic than the guest's own."""
        if topic != guest.topic or not self.know(topic):
            return "forbidden"
        form, name = _form(topic)
        ask = self._by_form[form].guests
        try:
            return None if ask is not None and await ask(self._db, name, guest.key) else "forbidden"
        except AppError as error:
            return error.code


def _form(topic: str) -> tuple[str, str]:
    """`user:usr_1:queue` is of the form `user:*:queue`, about `usr_1`."""
    kind, *rest = topic.split(":")
    if not rest:
        return kind, ""
    return ":".join((kind, "*", *rest[1:])), rest[0]
