"""Password hashes: Argon2id in threads of its own that give way to everything else, with a bounded queue."""

from __future__ import annotations

import asyncio
import base64
import os
import secrets
import sys
import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

from antiphon.domains.identity.errors import Busy

__all__ = ["PasswordHasher", "PasswordVerdict"]

T = TypeVar("T")
GIVE_WAY = 10  # on the scale of `nice`: the lanes of a hash would else take the processors from who answers


@dataclass(frozen=True, slots=True)
class PasswordVerdict:
    """`new_hash` is there when the password was right and its stored hash was made with other parameters."""

    right: bool
    new_hash: str | None = None


class PasswordHasher:
    """Argon2id, by default with the second parameters that RFC 9106 recommends (64 MiB, 3 passes, 4 lanes).

    At most `at_once` are worked at a time and at most `waiting` queue up; whoever comes then gets Busy, so that a
    flood of sign-ins costs neither memory nor the answers of others. One at a time fills four processors already, and
    each worker process has its own.
    """

    def __init__(
        self,
        parameters: argon2.Parameters = argon2.profiles.RFC_9106_LOW_MEMORY,
        *,
        at_once: int = 1,
        waiting: int = 16,
    ) -> None:
        self._argon2 = argon2.PasswordHasher.from_parameters(parameters)
        self._nobody = _hash_of_nothing(parameters)
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="argon2", initializer=_give_way)
        self._places = threading.Semaphore(at_once + waiting)

    async def hash(self, password: str) -> str:
        """The encoded hash with its salt and parameters. Raises Busy."""
        return await self._run(lambda: self._argon2.hash(_prepared(password)))

    async def verify(self, stored: str | None, password: str) -> PasswordVerdict:
        """Costs the same for an account that does not exist (`stored` is None). Raises Busy."""
        return await self._run(lambda: self._verify(stored, _prepared(password)))

    def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _verify(self, stored: str | None, password: bytes) -> PasswordVerdict:
        try:
            self._argon2.verify(stored or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return PasswordVerdict(False)
        if stored is None:
            return PasswordVerdict(False)
        stale = self._argon2.check_needs_rehash(stored)
        return PasswordVerdict(True, self._argon2.hash(password) if stale else None)

    async def _run(self, work: Callable[[], T]) -> T:
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            future: Future[T] = self._threads.submit(work)
        except RuntimeError:  # the pool was closed
            self._places.release()
            raise
        future.add_done_callback(lambda _: self._places.release())  # also when the asker has gone away meanwhile
        return await asyncio.wrap_future(future)


def _give_way() -> None:
    """Linux gives each thread a priority of its own, and the lanes of a hash inherit that of its thread."""
    if sys.platform == "linux":
        with suppress(OSError):  # it is a courtesy: a sandbox that forbids it loses speed, not sign-ins
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), GIVE_WAY)


def _prepared(password: str) -> bytes:
    """One spelling for what looks the same on every keyboard (RFC 8265, OpaqueString)."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


def _hash_of_nothing(parameters: argon2.Parameters) -> str:
    """Looks like a hash and costs as much to verify, but no password has it; nothing needs to be computed for it."""

    def letters(size: int) -> str:
        return base64.b64encode(secrets.token_bytes(size)).rstrip(b"=").decode()

    costs = f"m={parameters.memory_cost},t={parameters.time_cost},p={parameters.parallelism}"
    salt, digest = letters(parameters.salt_len), letters(parameters.hash_len)
    return f"$argon2id$v={parameters.version}${costs}${salt}${digest}"
