"""The OpenAPI document: valid, complete, and the one that is served."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tools.openapi import openapi

OPERATIONS = [
    (f"{method.upper()} {path}", operation)
    for path, operations in openapi()["paths"].items()
    for method, operation in operations.items()
]
each_operation = pytest.mark.parametrize("operation", [o for _, o in OPERATIONS], ids=[name for name, _ in OPERATIONS])


def resolved(answer: dict[str, Any]) -> dict[str, Any]:
    name = answer.get("$ref", "").removeprefix("#/components/responses/")
    found: dict[str, Any] = openapi()["components"]["responses"][name] if name else answer
    return found


def test_it_is_valid() -> None:
    assert openapi()["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(openapi()).validate()


@each_operation
def test_an_operation_says_what_it_does_and_how_it_refuses(operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert len(operation["tags"]) == 1
    assert operation["tags"][0] in {tag["name"] for tag in openapi()["tags"]}
    answers = {status: resolved(answer) for status, answer in operation["responses"].items()}
    refusals = [answer for status, answer in answers.items() if status == "default" or status >= "400"]
    assert "default" in operation["responses"]
    for refusal in refusals:
        if refusal["content"].keys() == {"application/json"}:  # what OAuth clients understand (RFC 6749, 5.2)
            assert refusal["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/OAuthError"}
            continue
        schema = refusal["content"]["application/problem+json"]["schema"]
        assert schema == {"$ref": "#/components/schemas/Problem"}
    assert any(status.startswith(("2", "3")) for status in operation["responses"])


@each_operation
def test_what_needs_somebody_signed_in_refuses_strangers(operation: dict[str, Any]) -> None:
    assert ("x-permission" not in operation) == (operation["security"] == [])
    needs_somebody = operation.get("x-permission") not in {None, "public"}
    asks_the_app = "OAuthError" in json.dumps(operation["responses"].get("401", {}))
    assert (needs_somebody or asks_the_app) == ("401" in operation["responses"])
    assert needs_somebody == (operation["security"] != [] and {} not in operation["security"])


def test_operation_ids_are_unique() -> None:
    counted = Counter(operation["operationId"] for _, operation in OPERATIONS)
    assert [name for name, count in counted.items() if count > 1] == []


def test_every_reference_leads_to_a_schema_and_every_schema_is_used() -> None:
    used = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(openapi())))
    assert used == set(openapi()["components"]["schemas"])


def test_names_are_words_for_people() -> None:
    assert [name for name in openapi()["components"]["schemas"] if not re.fullmatch(r"[A-Z][A-Za-z0-9]+", name)] == []


def test_an_answer_has_all_of_its_members() -> None:
    track = openapi()["components"]["schemas"]["Track"]
    assert set(track["required"]) == set(track["properties"])
    change = openapi()["components"]["schemas"]["ContentChange"]
    assert not change.get("required")


def test_routes_of_the_pinned_contract_exist() -> None:
    """Callers outside of this repository rely on these names."""
    pinned = """
        post /api/v1/auth/register | post /api/v1/auth/login | post /api/v1/auth/refresh | post /api/v1/artists
        post /api/v1/albums | post /api/v1/content/upload | get /api/v1/content/{content_id}
        put /api/v1/content/{content_id} | delete /api/v1/content/{content_id}
        post /api/v1/content/{content_id}/publish | get /api/v1/stream/{content_id}
        post /api/v1/stream/play | put /api/v1/stream/progress
    """
    wanted = {
        tuple(entry.split()) for line in pinned.strip().splitlines() for entry in line.split("|") if entry.strip()
    }
    assert {(method, path) for method, path in wanted if method not in openapi()["paths"].get(path, {})} == set()
