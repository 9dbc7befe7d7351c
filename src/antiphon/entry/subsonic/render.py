"""One answer in three forms. What is said in JSON is said in XML by one rule, and in JSONP inside a call.

The rule: members that hold a text, number or truth become attributes; objects become child elements; lists become
repeated child elements; the member `value` becomes the text of its element.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from antiphon.entry.subsonic.failures import MISSING, Failed

__all__ = ["CONTENT_TYPES", "VERSION", "Form", "Renderer", "form_of"]

Form = Literal["xml", "json", "jsonp"]
VERSION = "1.16.1"
NAMESPACE = "http://subsonic.org/restapi"
CONTENT_TYPES: Mapping[Form, bytes] = {
    "xml": b"text/xml; charset=utf-8",
    "json": b"application/json",
    "jsonp": b"application/javascript; charset=utf-8",
}
_CALLBACK = re.compile(r"[A-Za-z_$][\w$]{0,99}(?:\.[A-Za-z_$][\w$]{0,99}){0,5}", re.ASCII)
# Where the schema of 1.16 has elements with text for what is elsewhere an attribute.
_OF_ELEMENTS = frozenset({"artistInfo", "artistInfo2", "albumInfo"})
_TO_ESCAPE = re.compile('[&<>"\t\n\r\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]')
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}


def form_of(name: str | None, callback: str | None) -> tuple[Form, str]:
    """The form that was asked for, and the callback of JSONP. Raises Failed (10) for a callback that is no name."""
    if name == "jsonp":
        if callback is None or not _CALLBACK.fullmatch(callback):
            raise Failed(MISSING, "JSONP needs a 'callback' that is the name of a function.")
        return "jsonp", callback
    return ("json" if name == "json" else "xml"), ""


class Renderer:
    """Envelopes of this server."""

    def __init__(self, server_version: str) -> None:
        self._envelope = {
            "version": VERSION,
            "type": "antiphon",
            "serverVersion": server_version,
            "openSubsonic": True,
        }
        self._json = {status: self._json_head(status) for status in ("ok", "failed")}
        self._xml = {status: self._xml_head(status) for status in ("ok", "failed")}

    def answer(self, payload: Mapping[str, Any], form: Form, callback: str = "") -> bytes:
        """`payload` holds plain values and structs, under the names that the protocol has for them."""
        return self._render("ok", payload, form, callback)

    def failure(self, failed: Failed, form: Form, callback: str = "") -> bytes:
        return self._render("failed", {"error": {"code": failed.code, "message": failed.message}}, form, callback)

    def _render(self, status: str, payload: Mapping[str, Any], form: Form, callback: str) -> bytes:
        if form == "xml":
            return self._as_xml(status, payload)
        said = self._as_json(status, payload)
        return said if form == "json" else b"".join((callback.encode(), b"(", said, b");"))

    def _as_json(self, status: str, payload: Mapping[str, Any]) -> bytes:
        if not payload:
            return self._json[status] + b"}}"
        return b"".join((self._json[status], b",", msgspec.json.encode(payload)[1:], b"}"))

    def _json_head(self, status: str) -> bytes:
        return b'{"subsonic-response":' + msgspec.json.encode({"status": status, **self._envelope})[:-1]

    def _as_xml(self, status: str, payload: Mapping[str, Any]) -> bytes:
        parts = [self._xml[status]]
        for name, value in msgspec.to_builtins(payload).items():
            _element(name, value, parts)
        parts.append("</subsonic-response>")
        return "".join(parts).encode()

    def _xml_head(self, status: str) -> str:
        attributes = "".join(
            f' {name}="{_text(value)}"' for name, value in {"status": status, **self._envelope}.items()
        )
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<subsonic-response xmlns="{NAMESPACE}"{attributes}>'


def _element(name: str, value: Any, parts: list[str]) -> None:
    if isinstance(value, list):
        for one in value:
            _element(name, one, parts)
    elif isinstance(value, dict):
        _with_members(name, value, parts)
    elif value is not None:
        parts.append(f"<{name}>{_text(value)}</{name}>")


def _with_members(name: str, members: dict[str, Any], parts: list[str]) -> None:
    inner: list[tuple[str, Any]] = []
    text = ""
    parts.append(f"<{name}")
    for member, value in members.items():
        if isinstance(value, dict | list) or name in _OF_ELEMENTS:
            inner.append((member, value))
        elif member == "value":
            text = _text(value)
        elif value is not None:
            parts.append(f' {member}="{_text(value)}"')
    if not inner and not text:
        parts.append("/>")
        return
    parts.append(f">{text}")
    for member, value in inner:
        _element(member, value, parts)
    parts.append(f"</{name}>")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return _TO_ESCAPE.sub(_escaped, text) if _TO_ESCAPE.search(text) else text


def _escaped(found: re.Match[str]) -> str:
    """What XML 1.0 cannot say is left out."""
    return _ESCAPES.get(found[0], "")
