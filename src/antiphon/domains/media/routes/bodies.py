"""What the OpenAPI document says of bodies that we read ourselves, piece by piece."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Request
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, Reference, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat

from antiphon.domains.media.api import gather_picture

__all__ = ["MultipartUpload", "PictureBody", "TusCreate", "TusPiece", "read_picture"]

_BINARY = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
_TEXT = Schema(type=OpenAPIType.STRING)


@dataclass
class MultipartUpload(Operation):
    def __post_init__(self) -> None:
        properties: dict[str, Reference | Schema] = {
            "artist_id": _TEXT,
            "album_id": _TEXT,
            "title": _TEXT,
            "file": _BINARY,
        }
        form = Schema(type=OpenAPIType.OBJECT, properties=properties, required=["artist_id", "file"])
        self.request_body = RequestBody(content={"multipart/form-data": OpenAPIMediaType(schema=form)}, required=True)


@dataclass
class TusPiece(Operation):
    def __post_init__(self) -> None:
        content = {"application/offset+octet-stream": OpenAPIMediaType(schema=_BINARY)}
        self.request_body = RequestBody(content=content, required=True)


@dataclass
class TusCreate(Operation):
    def __post_init__(self) -> None:
        self.request_body = RequestBody(
            content={"application/offset+octet-stream": OpenAPIMediaType(schema=_BINARY)}, required=False
        )


@dataclass
class PictureBody(Operation):
    def __post_init__(self) -> None:
        self.request_body = RequestBody(content={"image/*": OpenAPIMediaType(schema=_BINARY)}, required=True)


async def read_picture(request: Request[Any, Any, Any]) -> bytes:
    """Raises UploadTooLarge."""
    return await gather_picture(request.stream())
