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


@pytest.fixture(scope="module")
def cases(product: Product) -> list[Any]:
    """What everybody asks, made once: to think of a request is more work than to ask it."""
    found: list[Any] = []

    def keep(case: Any) -> None:
        found.append(case)

    for operation in schemathesis.openapi.from_url(
        f"{product.url}/api/v1/openapi.json", timeout=60
    ).get_all_operations():
        FEW(given(case=operation.ok().as_strategy())(keep))()
    assert len(found) > 100
    return found


@pytest.mark.parametrize("actor", ACTORS)
def test_every_answer_is_as_the_document_says(product: Product, cases: list[Any], actor: str) -> None:
    headers = {}
    if actor != "guest":
        headers = account(product, f"{actor}_walks", "admin" if actor == "admin" else None)
    broken: list[str] = []
    for case in cases:
        try:
            case.validate_response(case.call(base_url=product.url, headers=headers, timeout=60), checks=CHECKS)
        except (Exception, BaseExceptionGroup) as error:
            broken.append(f"{case.operation.label}: {error}")
    assert broken == [], "\n\n".join(broken)
