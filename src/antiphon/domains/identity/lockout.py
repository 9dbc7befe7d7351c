"""Guessing gets slower with every wrong guess, for the guesser alone."""

from __future__ import annotations

from typing import Final

from antiphon.domains.identity.errors import TooManyAttempts
from antiphon.kit.errors import LimitsUnavailable
from antiphon.kit.limits import Backoff, Limits, LimitsDown
from antiphon.kit.proxies import network_of
from antiphon.kit.secrets import Secrets

__all__ = ["BACKOFF", "Lockout"]

BACKOFF: Final = Backoff("sign-in-lockout", free=5, first_s=1, longest_s=900, forgotten_s=86_400)


class Lockout:
    """Attempts count per account *and* place: a network (IPv4 /24, IPv6 /64), or a device that the account trusts.

    So whoever guesses from elsewhere delays nobody but those who share their network, and not even these on a device
    that is trusted. `account` is any text that names it, in one form, whether there is such an account or not: nothing
    here knows the difference. An attempt counts as failed before it is made, so that a thousand at once are no way
    around; `succeeded` takes all back.
    """

    def __init__(self, limits: Limits | None, secrets: Secrets) -> None:
        """Without limits nothing is ever refused."""
        self._limits, self._secrets = limits, secrets

    async def check(self, account: str, address: str, *, trusted_device: str | None = None) -> None:
        """Before any work is done. Raises TooManyAttempts, LimitsUnavailable."""
        if self._limits is None:
            return
        try:
            wait_s = await self._limits.attempt(BACKOFF, self._key(account, address, trusted_device))
        except LimitsDown as error:
            raise LimitsUnavailable from error
        if wait_s > 0:
            raise TooManyAttempts(wait_s)

    async def succeeded(self, account: str, address: str, *, trusted_device: str | None = None) -> None:
        await self._forgive(self._key(account, address, trusted_device), None)

    async def undecided(self, account: str, address: str, *, trusted_device: str | None = None) -> None:
        """The attempt came to nothing for a reason of ours (too busy, a fault): it does not count."""
        await self._forgive(self._key(account, address, trusted_device), 1)

    async def _forgive(self, key: str, attempts: int | None) -> None:
        """Never stands in the way of somebody who has proved who they are."""
        if self._limits is None:
            return
        try:
            await self._limits.forgive(BACKOFF, key, attempts)
        except LimitsDown:
            return

    def _key(self, account: str, address: str, trusted_device: str | None) -> str:
        """Who tried to be whom from where is nobody's business who reads the store."""
        place = f"device {trusted_device}" if trusted_device else f"network {network_of(address, v4=24)}"
        return self._secrets.signature("lockout", f"{account}\n{place}")
