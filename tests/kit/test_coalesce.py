from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from antiphon.kit.coalesce import Coalesced


class Work:
    """Numbered answers, each given when the test lets it."""

    def __init__(self) -> None:
        self.gates: list[asyncio.Future[None]] = []
        self.begun = asyncio.Condition()

    async def __call__(self) -> int:
        gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        async with self.begun:
            self.gates.append(gate)
            self.begun.notify_all()
        number = len(self.gates)
        await gate
        return number

    async def until(self, count: int) -> None:
        async with self.begun:
            await self.begun.wait_for(lambda: len(self.gates) == count)


def ask(shared: Coalesced[int], work: Callable[[], Awaitable[int]], key: str = "same") -> asyncio.Task[int]:
    return asyncio.create_task(shared.get(key, work))


async def test_those_who_come_late_share_the_next_answer_and_never_one_that_has_begun() -> None:
    shared, work = Coalesced[int](), Work()
    first = ask(shared, work)
    await work.until(1)
    late = [ask(shared, work) for _ in range(5)]
    await asyncio.sleep(0)
    work.gates[0].set_result(None)
    assert await first == 1
    await work.until(2)
    work.gates[1].set_result(None)
    assert await asyncio.gather(*late) == [2] * 5


async def test_questions_that_differ_do_not_wait_for_each_other() -> None:
    shared, work = Coalesced[int](), Work()
    one = ask(shared, work, "one")
    await work.until(1)
    other = ask(shared, work, "other")
    await work.until(2)
    work.gates[1].set_result(None)
    assert await other == 2
    work.gates[0].set_result(None)
    assert await one == 1


async def test_who_goes_away_takes_nothing_from_the_others() -> None:
    shared, work = Coalesced[int](), Work()
    leaving, staying = ask(shared, work), ask(shared, work)
    await work.until(1)
    leaving.cancel()
    work.gates[0].set_result(None)
    assert await staying == 1


async def test_a_failure_reaches_all_who_shared_it_and_nobody_after() -> None:
    shared, work = Coalesced[int](), Work()
    both = [ask(shared, work), ask(shared, work)]
    await work.until(1)
    work.gates[0].set_exception(RuntimeError("no"))
    for one in both:
        with pytest.raises(RuntimeError, match="no"):
            await one
    again = ask(shared, work)
    await work.until(2)
    work.gates[1].set_result(None)
    assert await again == 2
