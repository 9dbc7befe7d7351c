"""The machine dies in the middle of the work; what was acknowledged is there when it comes back."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.support.audio import tone, write_wav
from tests.support.product import Product, until

UPLOADS = 10


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    made = Product(tmp_path / "home", tmp_path / "product.log")
    try:
        yield made
    finally:
        made.end()


def _good(answer: Any) -> dict[str, Any]:
    assert answer.status_code < 300, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.commits
def test_what_was_acknowledged_survives_kill_9(product: Product, tmp_path: Path) -> None:
    product.start()
    person = {"email": "ada@example.org", "password": "correct horse", "handle": "ada", "display_name": "Ada"}
    token = _good(product.http.post("/auth/register", json=person))["tokens"]["access_token"]
    product.http.headers["Authorization"] = f"Bearer {token}"
    artist = _good(product.http.post("/artists", json={"name": "Ada"}))["id"]

    def upload(number: int) -> str:
        wav = write_wav(tmp_path / "one.wav", tone(0.5, rate=8000, hertz=200 + 20 * number, channels=1), rate=8000)
        fields, file = {"artist_id": artist, "title": f"T{number}"}, {"file": (wav.name, wav.read_bytes())}
        return str(_good(product.http.post("/content/upload", data=fields, files=file))["id"])

    def state(track: str) -> dict[str, Any]:
        return _good(product.http.get(f"/content/{track}"))

    first = upload(0)
    assert until(lambda: state(first)["status"] == "ready", within_s=90), state(first)
    _good(product.http.post(f"/content/{first}/publish"))
    began = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    play = {"content_id": first, "event_id": str(uuid4()), "started_at": began}
    session = _good(product.http.post("/stream/play", json=play))["session_id"]
    beat = {"session_id": session, "event_id": str(uuid4()), "position_ms": 500, "played_ms": 500}
    assert _good(product.http.put("/stream/progress", json=beat)) == {"counted": True}
    begun = _good(product.http.post("/stream/play", json=play | {"event_id": str(uuid4())}))["session_id"]

    acknowledged = [first, *(upload(number) for number in range(1, UPLOADS))]
    assert any(not state(track)["renditions_complete"] for track in acknowledged)  # in the middle of the work
    before = product.processes()
    assert any("postgres" in process.name() for process in before)
    product.kill(signal.SIGKILL)
    assert until(lambda: not product.processes(), within_s=60), product.described()

    product.start()
    states: dict[str, dict[str, Any]] = {}

    def all_done() -> bool:
        states.update({track: state(track) for track in acknowledged})
        return all(found["status"] != "processing" for found in states.values())

    assert until(all_done, within_s=120, every_s=1), [found["progress"] for found in states.values()]
    assert {found["status"] for found in states.values()} == {"ready"}, states
    assert states[first]["stats"] == {"plays": 1}
    late = beat | {"session_id": begun}
    assert _good(product.http.put("/stream/progress", json=late)) == {"counted": True}
    assert state(first)["stats"] == {"plays": 2}

    assert product.process is not None
    product.process.send_signal(signal.SIGTERM)
    assert product.process.wait(timeout=60) == 0
    assert until(lambda: not product.processes(), within_s=60), product.described()
