"""Answers held against the OpenAPI document of OpenSubsonic, where it lies beside the repository."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

__all__ = ["conforms", "methods"]

BESIDE = Path(__file__).resolve().parents[4] / "shared" / "subsonic"
DOCUMENT = Path(os.environ.get("ANTIPHON_SUBSONIC", BESIDE)) / "openapi.json"


@cache
def _document() -> dict[str, Any]:
    if not DOCUMENT.exists():
        pytest.skip("the OpenAPI document of OpenSubsonic does not lie beside this repository")
    read: dict[str, Any] = json.loads(DOCUMENT.read_text())
    return read


@cache
def _validator(method: str) -> jsonschema.Draft4Validator:
    document = _document()
    asked = document["paths"][f"/rest/{method}"]
    answers = (asked.get("get") or asked["post"])["responses"]["200"]
    while "$ref" in answers:
        answers = document["components"]["responses"][answers["$ref"].rpartition("/")[2]]
    schema = answers["content"]["application/json"]["schema"]
    response = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    success = response["properties"]["subsonic-response"]["oneOf"][0]
    schema = {"properties": {"subsonic-response": success}, "components": document["components"]}
    return jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker(["date-time"]))


def conforms(method: str, answer: Any) -> None:
    """The whole JSON of a successful answer to `/rest/<method>`."""
    errors = sorted(_validator(method).iter_errors(answer), key=lambda error: list(error.absolute_path))
    assert not errors, [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in errors][:5]


def methods() -> set[str]:
    """All that the document knows."""
    return {path.rpartition("/")[2] for path in _document()["paths"]}
