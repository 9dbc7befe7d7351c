"""Bodies that are files: the OpenAPI document cannot know of them by itself."""

from __future__ import annotations

from dataclasses import dataclass

from litestar.openapi.spec import OpenAPIFormat, OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema

__all__ = ["FileBody"]


@dataclass
class FileBody(Operation):
    def __post_init__(self) -> None:
        binary = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
        content = {"application/octet-stream": OpenAPIMediaType(schema=binary)}
        self.request_body = RequestBody(content=content, required=True)
