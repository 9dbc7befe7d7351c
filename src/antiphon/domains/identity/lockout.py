"""Guessing gets slower with every wrong guess, for the guesser alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from antiphon.domains.identity.errors import Busy, TooManyAttempts
from antiphon.kit.clients import Client
from antiphon.kit.errors import LimitsUnavailable
from antiphon.kit.limits import Backoff, Limits, LimitsDown
from antiphon.kit.proxies import network_of
from antiphon.kit.secrets import Secrets

__all__ = ["BACKOFF", "Lockout"]

BACKOFF: Final = Backoff("sign-in-lockout", free=5, first_s=1, longest_s=900, forgotten_s=86_400)


class Lockout:
    """Attempts count per account *and* place: a network (IPv4 /24, IPv6 /64), or a device that the account knows.

    So whoever guesses from elsewhere delays nobody but those who share their network, and not even these where they
    signed in before. `account` is any text that names it, in one form, whether there is such an account or not: nothing
    here knows the difference.
    """

    def __init__(self, limits: Limits | None, secrets: Secrets) -> None:
        """Without limits nothing is ever refused."""
        self._limits, self._secrets = limits, secrets

    @asynccontextmanager
    async def attempt(self, account: str, client: Client, *, known_device: bool = False) -> AsyncIterator[None]:
        """Around the proof: an end without an error forgives all earlier attempts.

        It counts as failed before it is made, so that a thousand at once are no way around; that we were too busy to
        look takes it back. Raises TooManyAttempts, LimitsUnavailable.
        """
        key = self._key(account, client, known_device)
        await self._begin(key)
        try:
            yield
        except Busy:
            await self._forgive(key, 1)
            raise
        await self._forgive(key, None)

    async def _begin(self, key: str) -> None:
        if self._limits is None:
            return
        try:
            wait_s = await self._limits.attempt(BACKOFF, key)
        except LimitsDown as error:
            raise LimitsUnavailable from error
        if wait_s > 0:
            raise TooManyAttempts(wait_s)

    async def _forgive(self, key: str, attempts: int | None) -> None:
        """Never stands in the way of somebody who has proved who they are."""
        if self._limits is None:
            return
        with suppress(LimitsDown):
            await self._limits.forgive(BACKOFF, key, attempts)

    def _key(self, account: str, client: Client, known_device: bool) -> str:
        """Who tried to be whom from where is nobody's business who reads the store."""
        known = client.device if known_device else None
        place = f"device {known.hex()}" if known else f"network {network_of(client.address, v4=24)}"
        return self._secrets.signature("lockout", f"{account}\n{place}")
