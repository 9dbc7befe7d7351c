"""Generated requests at the whole API, as several people: nothing breaks, and every answer is as the document says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import (
    not_a_server_error,
)
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from antiphon.adapters.postgres import EmbeddedPostgres
from tests.support.product import Product

EXAMPLES = int(os.environ.get("ANTIPHON_TEST_EXAMPLES", "3"))
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)


@schemathesis.serializer("application/offset+octet-stream", "application/zip")
def bytes_as_they_are(_context: object, value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


FEW = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
ACTORS = ("guest", "fan", "admin")


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    folder = tmp_path_factory.mktemp("every_request")
    made = Product(folder / "home", folder / "log.txt", ANTIPHON_LIMITS="off")
    try:
        made.start()
        yield made
    finally:
        made.end()


def account(product: Product, name: str, role: str | None = None) -> dict[str, str]:
    form = {"email": f"{name}@example.org", "password": "correct horse", "handle": name, "display_name": name}
    made = product.http.post("/auth/register", json=form).json()
    if role is not None:
        with psycopg.connect(EmbeddedPostgres(product.home / "postgres").url(user="antiphon_owner")) as conn:
            conn.execute(
                "INSERT INTO identity.user_roles (user_id, role, granted_at) "
                "SELECT id, %s, now() FROM identity.users WHERE handle = %s",
                (role, name),
            )
        login = {"email": form["email"], "password": form["password"]}
        made = product.http.post("/auth/login", json=login).json()
    return {"Authorization": f"Bearer {made['tokens']['access_token']}"}


@pytest.mark.parametrize("actor", ACTORS)
def test_every_answer_is_as_the_document_says(product: Product, actor: str) -> None:
    headers = {}
    if actor != "guest":
        headers = account(product, f"{actor}_walks", "admin" if actor == "admin" else None)
    schema = schemathesis.openapi.from_url(f"{product.url}/api/v1/openapi.json")
    broken: list[str] = []
    asked = 0

    def ask(case: Any) -> None:
        nonlocal asked
        asked += 1
        response = case.call(base_url=product.url, headers=headers)
        case.validate_response(response, checks=CHECKS)

    for found in schema.get_all_operations():
        operation = found.ok()
        try:
            FEW(given(case=operation.as_strategy())(ask))()
        except (Exception, BaseExceptionGroup) as error:
            broken.append(f"{operation.label}: {error}")
    assert broken == [], "\n\n".join(broken)
    assert asked > 100
