"""HTTP of live."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Request, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat
from litestar.params import FromPath, HeaderParameter, JSONBody

from antiphon.domains.identity.api import Actor
from antiphon.domains.live import api
from antiphon.domains.media.api import MediaTools, gather_picture, scale_picture
from antiphon.kit.access import needs
from antiphon.kit.cost import costs
from antiphon.kit.db import Database
from antiphon.kit.idempotency import once
from antiphon.kit.versions import etag, expected_version

__all__ = ["handlers"]

MANAGE = needs("radio.manage")
IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", description='The ETag that was edited, such as "v3"')]
IdempotencyKey = Annotated[
    str | None, HeaderParameter(name="Idempotency-Key", description="Makes a repeat of this request harmless")
]


@get("/live/stations", summary="Internet radio stations, by name", tags=["live"], opt=needs("content.listen"))
async def list_stations(db: NamedDependency[Database]) -> Response[list[api.Station]]:
    async with db.read() as conn:
        return Response(await api.stations(conn), headers={"Cache-Control": "private, no-cache"})


@post("/live/stations", summary="Add a radio station", tags=["live"], opt=MANAGE)
async def post_station(
    data: JSONBody[api.StationWords],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    idempotency_key: IdempotencyKey = None,
) -> Response[api.Station]:
    user = signed_in.user_id
    async with db.unit(user) as uow:
        made = await once(uow, user, idempotency_key, data, lambda: api.add_station(uow, data), api.Station)
    return Response(made, headers=etag(made.version))


@put("/live/stations/{station_id:str}", summary="Change a radio station", tags=["live"], opt=MANAGE)
async def put_station(
    station_id: FromPath[str],
    data: JSONBody[api.StationWords],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    if_match: IfMatch = None,
) -> Response[api.Station]:
    version = expected_version(if_match)
    async with db.unit(signed_in.user_id) as uow:
        changed = await api.change_station(uow, station_id, data, version)
    return Response(changed, headers=etag(changed.version))


@delete("/live/stations/{station_id:str}", summary="Delete a radio station", tags=["live"], opt=MANAGE)
async def delete_station(
    station_id: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> None:
    async with db.unit(signed_in.user_id) as uow:
        await api.delete_station(uow, station_id)


@dataclass
class StationPicture(Operation):
    """The body is read piece by piece, so the document is told of it here."""

    def __post_init__(self) -> None:
        schema = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
        self.request_body = RequestBody(content={"image/*": OpenAPIMediaType(schema=schema)}, required=True)


@put(
    "/live/stations/{station_id:str}/cover",
    summary="Show a picture of a radio station",
    tags=["live"],
    request_max_body_size=None,
    operation_class=StationPicture,
    opt=MANAGE | costs("upload"),
)
async def put_station_cover(
    station_id: FromPath[str],
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    media: NamedDependency[MediaTools],
    signed_in: NamedDependency[Actor],
) -> Response[api.Station]:
    user = signed_in.user_id
    async with db.read() as conn:
        await api.require_station(conn, station_id)
    received = await gather_picture(request.stream())
    picture = await scale_picture(db, media, user_id=user, kind="station", data=received)
    async with db.unit(user) as uow:
        changed = await api.set_station_cover(uow, station_id, picture)
    return Response(changed, headers=etag(changed.version))


@delete(
    "/live/stations/{station_id:str}/cover",
    summary="Show no picture of a radio station",
    tags=["live"],
    status_code=200,
    opt=MANAGE,
)
async def delete_station_cover(
    station_id: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> Response[api.Station]:
    async with db.unit(signed_in.user_id) as uow:
        changed = await api.set_station_cover(uow, station_id, None)
    return Response(changed, headers=etag(changed.version))


handlers = [list_stations, post_station, put_station, delete_station, put_station_cover, delete_station_cover]
