# path: tests/kit/test_relay.py
import asyncio
import time
from asyncio import sleep


async def test_relay() -> None:
    time.sleep(1)  # expect
    await asyncio.sleep(0.5)  # expect
    await sleep(2)  # expect
