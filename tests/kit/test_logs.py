"""No line of the log carries what would let a reader in."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import structlog

from antiphon.kit.ids import Kind, out
from antiphon.kit.logs import get_logger
from tests.support.logs import logging_as

SECRET = "s3cret-Value%2B1"
KEY = "ak_" + out(Kind.API_KEY, UUID(int=7))[4:] + "x" * 39


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the log writes, as JSON; the configuration of before is put back."""
    said = io.StringIO()
    monkeypatch.setattr("sys.stderr", said)
    monkeypatch.setattr("sys.stdout", said)
    with logging_as("info", "json"):
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(said))
        yield said


@pytest.mark.parametrize("name", ["u", "p", "t", "s", "apiKey", "APIKEY", "sig", "token", "code", "state", "ticket"])
@pytest.mark.parametrize("before", ["/rest/ping.view?", "/rest/ping.view?v=1.16.1&", "", "GET /a?", "https://h/cb#"])
def test_what_urls_carry_is_blanked(lines: io.StringIO, name: str, before: str) -> None:
    get_logger("test").info("request", url=f"{before}{name}={SECRET}&c=player&f=json")
    said = lines.getvalue()
    assert SECRET not in said
    assert "c=player&f=json" in said
    assert f"{name}=…" in json.loads(said)["url"]


@pytest.mark.parametrize(
    "value",
    [
        {"inner": [f"?p={SECRET}"]},
        [("query", f"p={SECRET}&c=1")],
        f"u={SECRET}".encode(),
        {"headers": {"authorization": f"Bearer {SECRET}"}},
        frozenset({f"&t={SECRET}"}),
    ],
    ids=str,
)
def test_however_deep_it_lies(lines: io.StringIO, value: Any) -> None:
    get_logger("test").info("request", value=value)
    assert SECRET not in lines.getvalue()


def test_in_messages_stack_traces_and_what_libraries_log(lines: io.StringIO) -> None:
    log = get_logger("test")
    log.info(f"opening /rest/stream?s={SECRET}")
    log.info("used", key=f"the key {KEY} of Ada")
    try:
        raise ValueError(f"bad answer from /rest/ping?p={SECRET}")
    except ValueError:
        log.exception("failed")
    logging.getLogger("a.library").warning("GET %s", f"/rest/ping?u={SECRET}&t={SECRET}")
    said = lines.getvalue()
    assert said.count("\n") == 4
    assert SECRET not in said
    assert KEY not in said
    assert "the key ak_… of Ada" in {json.loads(line).get("key") for line in said.splitlines()}


def test_what_only_looks_like_it_stays(lines: io.StringIO) -> None:
    get_logger("test").info("done", detail="steps=3 sp=4", count=5, path="/albums/alb_x", nothing=None)
    said = json.loads(lines.getvalue())
    assert (said["detail"], said["count"], said["path"]) == ("steps=3 sp=4", 5, "/albums/alb_x")
