"""A sign-in provider on loopback that we wrote: keeps the rules of the real ones, and breaks them when told to."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

from joserfc import jws
from joserfc.jwk import Key, RSAKey

from tests.support.clock import FrozenClock

__all__ = ["Asked", "StubProvider", "as_json", "rsa_key", "running_provider", "unsigned"]

CLIENT_ID = "antiphon-client"
CLIENT_SECRET = "a secret + 100% strange: ü"
Json = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """One question that reached the provider."""

    method: str
    path: str
    headers: dict[str, str]
    query: dict[str, str]
    form: dict[str, str]


Answer = tuple[int, dict[str, str], bytes]
Respond = Callable[[Asked], Answer]


@cache
def rsa_key(name: str) -> RSAKey:
    """Making one takes a tenth of a second, so the same name gets the same key again."""
    return RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256", "kid": name})


def as_json(body: Any, status: int = 200) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(body).encode()


def _part(value: Json) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def unsigned(claims: Json, header: Json, signature: bytes = b"") -> str:
    """A compact token by hand, as no library would make it."""
    ending = base64.urlsafe_b64encode(signature).rstrip(b"=").decode()
    return f"{_part(header)}.{_part(claims)}.{ending}"


@dataclass
class StubProvider:
    """`person` is who signs in. `answers` replaces what a path answers; `change` works on the claims of a token."""

    clock: FrozenClock
    url: str = ""
    person: Json = field(default_factory=lambda: {"sub": "10769150350006150715113082367"})
    key: Key = field(default_factory=lambda: rsa_key("usual"))
    says_issuer: bool = False
    answers: dict[str, Respond] = field(default_factory=dict)
    change: Callable[[Json], Json] = lambda claims: claims
    sign: Callable[[Json], str] | None = None
    prove_client: Callable[[Asked], bool] | None = None
    asked: list[Asked] = field(default_factory=list)
    codes: dict[str, Json] = field(default_factory=dict)
    released: threading.Event = field(default_factory=threading.Event)

    def count(self, path: str) -> int:
        return sum(1 for asked in self.asked if asked.path == path)

    def approve(self, address: str) -> dict[str, str]:
        """The person says yes on the provider's page: what their browser brings back."""
        asked = dict(parse_qsl(urlsplit(address).query))
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return {"code": code, "state": asked["state"], **({"iss": self.url} if self.says_issuer else {})}

    def claims(self, asked: Json, access_token: str) -> Json:
        now = int(self.clock.now().timestamp())
        half = hashlib.sha256(access_token.encode()).digest()[:16]
        return {
            "iss": self.url,
            "aud": asked["client_id"],
            "iat": now,
            "exp": now + 3600,
            "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
            **({"nonce": asked["nonce"]} if "nonce" in asked else {}),
            **self.person,
        }

    def signed(self, claims: Json, key: Key | None = None, **header: Any) -> str:
        key = key or self.key
        full = {"alg": "RS256", "kid": key.kid, **header}
        return jws.serialize_compact(full, json.dumps(claims), key, algorithms=[full["alg"]])

    def respond(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        if asked.path in self.answers:
            return self.answers[asked.path](asked)
        usual: dict[str, Respond] = {
            "/.well-known/openid-configuration": lambda _: as_json(self.document()),
            "/keys": lambda _: as_json({"keys": [self.key.as_dict(private=False)]}),
            "/authorize": self._authorize,
            "/token": self._token,
            "/userinfo": self._profile,
            "/me": self._profile,
        }
        return usual.get(asked.path, lambda _: as_json({"error": "not_found"}, 404))(asked)

    def document(self) -> Json:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": self.says_issuer,
        }

    def _authorize(self, asked: Asked) -> Answer:
        answer = urlencode(self.approve(f"{self.url}/authorize?{urlencode(asked.query)}"))
        return 303, {"Location": f"{asked.query['redirect_uri']}?{answer}"}, b""

    def _token(self, asked: Asked) -> Answer:
        """RFC 6749, 4.1.3, and RFC 7636, 4.6."""
        given = self.codes.pop(asked.form.get("code", ""), None)
        if not self._client_proven(asked):
            return as_json({"error": "invalid_client"}, 401)
        if given is None or given["redirect_uri"] != asked.form.get("redirect_uri"):
            return as_json({"error": "invalid_grant"}, 400)
        digest = hashlib.sha256(asked.form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if given.get("code_challenge", challenge) != challenge:
            return as_json({"error": "invalid_grant"}, 400)
        access_token = secrets.token_urlsafe(16)
        answer = {"access_token": access_token, "token_type": "Bearer", "expires_in": 3600, "refresh_token": "kept"}
        if "nonce" in given:
            claims = self.change(self.claims(given, access_token))
            answer["id_token"] = self.sign(claims) if self.sign else self.signed(claims)
        return as_json(answer)

    def _client_proven(self, asked: Asked) -> bool:
        if self.prove_client is not None:
            return self.prove_client(asked)
        scheme, _, pair = asked.headers.get("authorization", "").partition(" ")
        if scheme == "Basic":
            name, _, secret = base64.b64decode(pair).decode().partition(":")
            return (unquote_plus(name), unquote_plus(secret)) == (CLIENT_ID, CLIENT_SECRET)
        return (asked.form.get("client_id"), asked.form.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)

    def _profile(self, asked: Asked) -> Answer:
        if not asked.headers.get("authorization", "").startswith("Bearer "):
            return as_json({"error": "invalid_token"}, 401)
        return as_json(self.person)

    def silent(self, _asked: Asked) -> Answer:
        """Answers when the test is over."""
        self.released.wait(30)
        return as_json({})


@contextmanager
def running_provider(clock: FrozenClock) -> Iterator[StubProvider]:
    stub = StubProvider(clock)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            address = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            query, form = dict(parse_qsl(address.query)), dict(parse_qsl(body))
            status, more, said = stub.respond(Asked(self.command, address.path, headers, query, form))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(said)), **more}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)

        do_POST = do_GET  # noqa: N815 — the name that the server calls

        def log_message(self, *_: Any) -> None:
            """Tests are quiet."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """Whoever asked has gone away, which is what the test wanted."""

    server = Server(("127.0.0.1", 0), Handler)
    stub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        stub.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
