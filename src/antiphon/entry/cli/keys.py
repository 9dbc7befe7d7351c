"""`antiphon keys …`: other keys for what is sealed and for what is signed."""

from __future__ import annotations

from rich.console import Console

from antiphon.entry.cli.admin import open_house
from antiphon.kit.sealed import rotate_data_key
from antiphon.kit.settings import Settings

__all__ = ["rotate", "rotate_signing"]

console = Console()


async def rotate(settings: Settings) -> None:
    house = open_house(settings)
    try:
        await house.start()
        count = await rotate_data_key(house.db, house.vault, house.sealed)
    finally:
        await house.close()
    console.print(f"Data key {house.vault.sealing_key} seals from now on; {count} values were sealed anew.")


async def rotate_signing(settings: Settings, *, now: bool) -> None:
    house = open_house(settings)
    try:
        await house.start()
        kid = await house.identity.tokens.keys.rotate(house.db, at_once=now)
    finally:
        await house.close()
    console.print(f"Key {kid} signs from now on.", markup=False)
