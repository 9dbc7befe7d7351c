"""The product as it is started, asked by clients that nobody here wrote, each as a program of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from inspect import getmembers, isfunction
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from libopensonic import AsyncConnection
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.entry.subsonic.schema import DOCUMENT
from tests.support.product import Product
from tests.support.stocked import administrator, post, stock
from tools.web_client import node_home

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "tests" / "entry" / "subsonic"
# Broken by itself, or left to search2 and search3 by itself.
NOT_ASKED = {"get_music_folders", "search", "cleanup"}
NO_ACCOUNTS, NO_PODCASTS = "Accounts are made, changed and deleted", "This server has no podcasts yet"
NO_EPISODE, NO_VIDEO = (
    "There is no such episode",
    "There is no such video",
)
REFUSED = {
    "create_user": NO_ACCOUNTS,
    "update_user": NO_ACCOUNTS,
    "delete_user": NO_ACCOUNTS,
    "change_password": NO_ACCOUNTS,
    "refresh_podcasts": NO_PODCASTS,
    "create_podcast_channel": NO_PODCASTS,
    "delete_podcast_channel": NO_PODCASTS,
    "delete_podcast_episode": NO_PODCASTS,
    "download_podcast_episode": NO_PODCASTS,
    "get_podcast_episode": NO_EPISODE,
    "get_video_info": NO_VIDEO,
    "get_captions": "There are no captions",
    "jukebox_control": "The jukebox is off",
}


@dataclass(frozen=True)
class Server:
    """An installation with a library, and what an app of its administrator signs in with."""

    product: Product
    password: str
    key: str


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("apps")
    made = Product(folder / "home", folder / "serve.log")
    try:
        made.start()
        yield _furnished(made, folder / "music")
    finally:
        made.end()


def _furnished(product: Product, music: Path) -> Server:
    headers = administrator(product, "ada")
    stock(product, headers, music)
    password = post(product, headers, "/users/me/app-passwords", name="Player")["password"]
    key = post(product, headers, "/users/me/api-keys", name="Player", scopes=["listen", "library"])["key"]
    return Server(product, password, key)


def _run(*command: str) -> Any:
    ran = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return json.loads(ran.stdout)


def _unexpected(told: dict[str, str], refused: dict[str, str]) -> dict[str, str]:
    return {name: found for name, found in told.items() if refused.get(name, "ok") not in found}


@pytest.mark.commits
def test_py_opensonic_does_everything(server: Server) -> None:
    """Conclusion 1. By token, with the password in clear, by GET, and by API key: all its methods, reading, writing and
    bytes. Its types are strict and miss what is missing."""
    host, _, port = server.product.url.rpartition(":")
    told = _run(sys.executable, str(PROGRAMS / "opensonic_program.py"), host, port, "ada", server.password, server.key)
    for way, methods in told.items():
        assert _unexpected(methods, REFUSED) == {}, way
    there = {name for name, _ in getmembers(AsyncConnection, isfunction) if not name.startswith("_")}
    assert there - NOT_ASKED - {name for methods in told.values() for name in methods} == set()
    assert len(told["password"]) >= 40


@pytest.mark.commits
def test_the_client_of_npm_does_everything(server: Server) -> None:
    """Conclusion 1. By GET, by POST and by API key."""
    node = node_home() / "bin" / "node"
    program, web = str(PROGRAMS / "npm_program.mjs"), str(ROOT / "web")
    ran = _run(str(node), program, web, server.product.url, "ada", server.password, server.key)
    refused = {_camel(name): words for name, words in REFUSED.items()}
    for way, methods in ran["told"].items():
        assert _unexpected(methods, refused) == {}, way
        around = {"constructor", "navidromeSession", "custom", "customJSON", "baseURL"}
        assert set(ran["known"]) - around - set(methods) == set(), way


ANSWERS = (not_a_server_error, status_code_conformance, response_headers_conformance)
# Where bytes are answered the document has one made-up type for all of them, and forgets that failures may be JSON.
IN_JSON = (*ANSWERS, content_type_conformance, response_schema_conformance)
FEW = settings(
    max_examples=int(os.environ.get("ANTIPHON_TEST_EXAMPLES", "2")),
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.commits
def test_generated_calls_are_answered_as_the_document_says(server: Server) -> None:
    """Conclusion 1, with schemathesis: every operation of the document of OpenSubsonic, by GET and by form, with ids
    that are there in turn with those that were made up."""
    if not DOCUMENT.exists():
        pytest.skip("the OpenAPI document of OpenSubsonic does not lie beside this repository")
    signed = {"u": "ada", "p": server.password, "v": "1.16.1", "c": "schemathesis", "f": "json"}
    ids = cycle([None, *_ids_of(server, signed)])
    broken: list[str] = []
    asked, in_json = 0, True

    def ask(case: Any) -> None:
        nonlocal asked
        asked += 1
        for sent in (case.query, case.body):
            if isinstance(sent, dict) and "id" in sent and (there := next(ids)):
                sent["id"] = [there] if isinstance(sent["id"], list) else there
        response = case.call(base_url=server.product.url, params=signed)
        case.validate_response(response, checks=IN_JSON if in_json else ANSWERS)

    for found in schemathesis.openapi.from_path(DOCUMENT).get_all_operations():
        operation = found.ok()
        in_json = "application/json" in operation.definition.raw["responses"]["200"].get("content", {})
        try:
            FEW(given(case=operation.as_strategy())(ask))()
        except (Exception, BaseExceptionGroup) as error:
            broken.append(f"{operation.label}: {error}")
    assert broken == [], "\n\n".join(broken)
    assert asked > 170


def _ids_of(server: Server, signed: dict[str, str]) -> list[str]:
    """Of a song, an album, an artist and a folder."""

    def answered(method: str, **given: str) -> Any:
        answer = server.product.http.get(f"{server.product.url}/rest/{method}", params=signed | given)
        return answer.json()["subsonic-response"]

    song = answered("search3", query="")["searchResult3"]["song"][0]
    folder = answered("getIndexes")["indexes"]["index"][0]["artist"][0]["id"]
    return [song["id"], song["albumId"], song["artistId"], folder]


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
