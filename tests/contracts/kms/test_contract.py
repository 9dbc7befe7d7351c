"""Every key service wraps so that only it can unwrap."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from antiphon.adapters.kms import LocalKms, open_kms
from antiphon.adapters.kms.fake import FakeKms
from antiphon.adapters.kms.http import HttpKms
from antiphon.kit.secrets import Secrets
from antiphon.kit.settings import SettingsError
from antiphon.kit.vault import Kms, KmsUnavailable, VaultUnreadable

TOKEN = "let me in"


class Service(BaseHTTPRequestHandler):
    """The documented contract as somebody else would serve it: keys wrapped by a reversal and a mark."""

    broken: str | None = None

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            self._answer(401, {})
        elif self.broken is not None:
            self._answer(200, {"other": self.broken})
        elif self.path == "/keys/wrap":
            self._answer(200, {"wrapped": _b64(b"wrapped:" + base64.b64decode(asked["plain"])[::-1])})
        else:
            wrapped = base64.b64decode(asked["wrapped"])
            ours = wrapped.startswith(b"wrapped:")
            self._answer(200 if ours else 422, {"plain": _b64(wrapped[8:][::-1])} if ours else {})

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: Any) -> None:
        pass


def _b64(value: bytes) -> str:
    return base64.b64encode(value).decode()


@pytest.fixture
def service() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Own", (Service,), {}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/keys/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=["local", "http", "fake"])
def kms(request: pytest.FixtureRequest) -> Kms:
    if request.param == "fake":
        return FakeKms()
    url = None if request.param == "local" else request.getfixturevalue("service")
    return open_kms(url, TOKEN, Secrets(b"m" * 32))


def test_what_was_wrapped_is_unwrapped(kms: Kms) -> None:
    for plain in (b"k" * 31 + b"e", bytes(range(32))):
        wrapped = kms.wrap(plain)
        assert kms.unwrap(wrapped) == plain
        assert plain not in wrapped


def test_what_others_wrapped_is_refused(kms: Kms) -> None:
    for foreign in (b"", b"x", b"something else altogether, and long enough to be a key"):
        with pytest.raises(VaultUnreadable):
            kms.unwrap(foreign)


def test_every_service_has_a_name_of_its_own(service: str) -> None:
    secrets = Secrets(b"m" * 32)
    assert {open_kms(None, None, secrets).name, open_kms(service, TOKEN, secrets).name} == {"local", "http"}


def test_a_wrong_token_and_a_silent_service_are_an_outage_not_a_wrong_key(service: str) -> None:
    for kms in (HttpKms(service.rstrip("/"), "wrong"), HttpKms("http://127.0.0.1:9", None)):
        for ask in (lambda kms=kms: kms.wrap(b"k" * 32), lambda kms=kms: kms.unwrap(b"w" * 32)):
            with pytest.raises(KmsUnavailable):
                ask()


def test_an_answer_of_another_form_is_an_outage(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Service, "broken", "x")
    for ask in (HttpKms.wrap, HttpKms.unwrap):
        with pytest.raises(KmsUnavailable):
            ask(HttpKms(service.rstrip("/"), TOKEN), b"k" * 32)


@pytest.mark.parametrize("url", ["ftp://x", "https://", "nonsense", "https://u:p@x/", "https://x/?a=b"])
def test_an_impossible_address_is_a_setting_that_cannot_be(url: str) -> None:
    with pytest.raises(SettingsError):
        open_kms(url, None, Secrets(b"m" * 32))


def test_the_local_one_is_the_master_secret() -> None:
    wrapped = LocalKms(Secrets(b"m" * 32)).wrap(b"k" * 32)
    assert LocalKms(Secrets(b"m" * 32)).unwrap(wrapped) == b"k" * 32
    with pytest.raises(VaultUnreadable, match="master secret"):
        LocalKms(Secrets(b"n" * 32)).unwrap(wrapped)
