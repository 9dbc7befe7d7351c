# path: tests/kit/test_relay.py
import asyncio


async def test_relay(relay) -> None:
    await asyncio.sleep(0)
    await asyncio.wait_for(relay.idle(), 5)
