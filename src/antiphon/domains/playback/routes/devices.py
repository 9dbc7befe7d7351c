"""HTTP of devices that play."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody

from antiphon.domains.identity.api import Actor
from antiphon.domains.playback import api
from antiphon.domains.playback.errors import DeviceNotFound
from antiphon.kit.access import needs
from antiphon.kit.db import Database

__all__ = ["handlers"]

LISTEN = needs("content.listen")
OWN = {"Cache-Control": "private, no-cache"}


def _known(device_id: str) -> UUID:
    """Raises DeviceNotFound for what is no id of a device."""
    try:
        return UUID(device_id)
    except ValueError as error:
        raise DeviceNotFound() from error


@get("/stream/devices", summary="One's devices that play", tags=["playback"], opt=LISTEN)
async def list_devices(
    db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> Response[list[api.PlayDevice]]:
    async with db.unit(signed_in.user_id) as uow:
        return Response(await api.play_devices(uow.conn, signed_in.user_id, uow.clock.now()), headers=OWN)


@put("/stream/devices/{device_id:str}", summary="Say what a device is and does", tags=["playback"], opt=LISTEN)
async def put_device(
    device_id: FromPath[str],
    data: JSONBody[api.DeviceWords],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
) -> api.PlayDevice:
    """The id is made by the device and kept by it. It is here for 90 s from when it said so last."""
    async with db.unit(signed_in.user_id) as uow:
        return await api.keep_device(uow, signed_in.user_id, _known(device_id), data)


@put("/stream/devices/{device_id:str}/name", summary="Give a device a name", tags=["playback"], opt=LISTEN)
async def put_device_name(
    device_id: FromPath[str],
    data: JSONBody[api.PlayDeviceName],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
) -> api.PlayDevice:
    """Alike devices are told apart by it, on all of them."""
    async with db.unit(signed_in.user_id) as uow:
        return await api.rename_device(uow, signed_in.user_id, _known(device_id), data)


@delete("/stream/devices/{device_id:str}", summary="Forget a device", tags=["playback"], opt=LISTEN)
async def delete_device(
    device_id: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> None:
    async with db.unit(signed_in.user_id) as uow:
        await api.drop_device(uow, signed_in.user_id, _known(device_id))


@post(
    "/stream/devices/{device_id:str}/commands",
    summary="Tell a device what to do",
    tags=["playback"],
    status_code=202,
    opt=LISTEN,
)
async def post_command(
    device_id: FromPath[str],
    data: JSONBody[api.RemoteCommand],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    sender: Annotated[
        UUID | None, HeaderParameter(name="Antiphon-Player", description="The id of the device that tells it")
    ] = None,
) -> api.SentCommand:
    """It hears of it on the topic `user:…:devices`."""
    async with db.unit(signed_in.user_id) as uow:
        return await api.control_device(uow, signed_in.user_id, _known(device_id), data, sender)


handlers = [list_devices, put_device, put_device_name, delete_device, post_command]
