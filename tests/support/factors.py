"""Somebody's authenticator app and the way in with it."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pyotp

from antiphon.adapters.sms.fake import FakeTextMessages
from tests.support.clock import FrozenClock
from tests.support.people import Person, good
from tests.support.product import until

__all__ = ["App", "LiveApp", "enrol", "last_code", "password_step", "second_step"]


@dataclass
class App:
    """What the person's telephone shows; `recovery` are the codes that they kept."""

    secret: str
    clock: FrozenClock
    recovery: list[str]

    def code(self, *, off: int = 0) -> str:
        """The code of this moment, or of some steps off."""
        return str(pyotp.TOTP(self.secret).at(self.clock.now() + timedelta(seconds=30 * off)))


class LiveApp:
    """An app beside the running product, whose clock is the real one. Each code is of another time step."""

    STEP_S = 30
    TYPED_S = 10  # so long a busy machine may take from a code to whoever looks at it

    def __init__(self, secret: str) -> None:
        self._totp = pyotp.TOTP(secret)
        self._next = 0

    def code(self) -> str:
        """The earliest that holds long enough and was not shown yet; at most one step ahead of the clock."""
        now = int(time.time() + self.TYPED_S) // self.STEP_S
        self._next = max(self._next, now - 1)
        there = until(lambda: self._next <= int(time.time()) // self.STEP_S + 1, within_s=2 * self.TYPED_S)
        assert there, "three codes within half a minute are all that the window holds"
        code = str(self._totp.generate_otp(self._next))
        self._next += 1
        return code


async def enrol(person: Person, clock: FrozenClock) -> App:
    """Whoever enrols has used the code of this time step."""
    made = good(await person.post("/auth/mfa/totp/enrol"))
    app = App(made["secret"], clock, [])
    done = good(await person.post("/auth/mfa/totp/confirm", json={"code": app.code()}))
    app.recovery = done["recovery_codes"]
    return app


async def password_step(http: httpx.AsyncClient, person: Person, **headers: str) -> httpx.Response:
    body = {"email": person.email, "password": person.password}
    return await http.post("/api/v1/auth/login", json=body, headers=headers)


async def second_step(http: httpx.AsyncClient, ticket: str, method: str, code: str, **more: Any) -> httpx.Response:
    headers = more.pop("headers", {})
    body = {"ticket": ticket, "method": method, "code": code, **more}
    return await http.post("/api/v1/auth/mfa/verify", json=body, headers=headers)


def last_code(texts: FakeTextMessages) -> str:
    found = re.search(r"\d{6}", texts.sent[-1][1])
    assert found
    return found.group()
