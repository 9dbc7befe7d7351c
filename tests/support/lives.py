"""Somebody who did everything that can be done here, and the words by which they would be known again."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text

from antiphon.adapters.sms.fake import FakeTextMessages
from antiphon.domains.identity import api as identity
from antiphon.domains.identity.api import people
from antiphon.entry.bootstrap import House
from antiphon.kit.clients import Client
from antiphon.kit.ids import Kind, new_uuid, out, parse
from tests.support.answers import rows
from tests.support.archives import changed, exported, heard, with_everything
from tests.support.audio import png
from tests.support.authenticator import Authenticator
from tests.support.clock import FrozenClock
from tests.support.elsewhere import linked_in, opened, place
from tests.support.factors import enrol, last_code, second_step
from tests.support.passkeys import add, begin
from tests.support.people import Maker, Person, good
from tests.support.provider import StubProvider
from tests.support.signing import KEY, sign

__all__ = ["Life"]

ADDRESS = "203.0.113.77"
AGENT = "MoneypennyPlayer/9.9"
NAME, BIO, NOTE = "Evelyn Quisling Moneypenny", "Words of Moneypenny", "A friend of Moneypenny"
KEY_NAME, STICK, NUMBER = "Moneypenny's program", "Moneypenny's stick", "+4915112345678"
FIRST_ADDRESS, ADDRESS_NOW = "Miss.Moneypenny@example.org", "Eve.Moneypenny@example.org"
AT_HOME = {"sub": "quisling-at-home", "email": "quisling@elsewhere.example", "email_verified": True}
PICTURE = png(700, 700, (77, 11, 204))
DEVICE = {"Antiphon-Device": "a secret of this telephone"}
# No door opens a library to somebody yet.
_OPENED = text(
    """
    WITH library AS (
        INSERT INTO catalog.libraries (name, path, access, created_at, updated_at)
        VALUES ('Vinyl', '/vinyl', 'chosen', now(), now()) RETURNING id)
    INSERT INTO catalog.library_access (library_id, user_id, since) SELECT id, :user, now() FROM library
    """
)
# It takes a service that refuses what it is told.
_NOT_TAKEN = text(
    """
    INSERT INTO integrations.not_taken (connection_id, user_id, title, artist, started_at, reason, put_aside_at)
    SELECT id, user_id, 'Song', 'Choir', now(), 'refused', now() FROM integrations.scrobblers WHERE user_id = :user
    """
)


@dataclass
class Life:
    """`admin` is a friend who keeps the house. `audio` and `ids` are there once it was lived."""

    make: Maker
    house: House
    clock: FrozenClock
    stub: StubProvider
    texts: FakeTextMessages
    admin: Person
    settle: Callable[[], Awaitable[None]]
    audio: bytes = b""
    ids: dict[str, str] = field(default_factory=dict)

    async def live(self) -> Person:
        """Invited, settled, at work, well known to apps and programs, cautious, and an administrator in the end."""
        eve = await self._arrive()
        await self._sign_in(eve)
        await self._ways_in(eve)
        await self._apps(eve)
        await self._work(eve)
        await self._factors(eve)
        await self._office(eve)
        await self._remember_ids(eve)
        return eve

    async def _arrive(self) -> Person:
        asked = {"email": FIRST_ADDRESS, "note": NOTE}
        invited = good(await self.admin.post("/invitations", json=asked))
        eve = await self.make.person(
            email=FIRST_ADDRESS, handle="eve_moneypenny", display_name=NAME, invitation=invited["token"]
        )
        await self._invite(self.admin, FIRST_ADDRESS)
        app = eve.http._transport.app  # type: ignore[attr-defined]
        elsewhere = httpx.ASGITransport(app=app, client=(ADDRESS, 4711))
        eve.http = httpx.AsyncClient(
            transport=elsewhere, base_url="http://localhost:8420", headers={"User-Agent": AGENT}
        )
        return eve

    async def _invite(self, by: Person, email: str) -> None:
        """By letter, as where mail is set up."""
        actor = identity.Actor(parse(Kind.USER, by.id), None, frozenset({"admin"}))
        async with self.house.db.system() as uow:
            await people.invite(uow, email=email, note=NOTE, by=actor, client=Client(), mail=True)

    async def _sign_in(self, eve: Person) -> None:
        login = {"email": eve.email, "password": eve.password}
        eve.tokens = good(await eve.http.post("/api/v1/auth/login", json=login))["tokens"]

    async def _ways_in(self, eve: Person) -> None:
        assert (await eve.post("/users/me/email", json={"email": ADDRESS_NOW})).status_code < 300
        eve.email = ADDRESS_NOW
        await add(eve, Authenticator(), STICK)
        await begin(eve.http, "register", headers=eve.headers)
        message = good(await eve.post("/users/me/wallets/nonce", json={"address": KEY.address}))["message"]
        good(await eve.post("/users/me/wallets", json={"message": message, "signature": sign(message)}))
        message = good(await eve.http.post("/api/v1/auth/wallet/nonce", json={"address": KEY.address}))["message"]
        wrong = {"message": message, "signature": sign(message + " ")}
        assert (await eve.http.post("/api/v1/auth/wallet/verify", json=wrong)).status_code == 401
        self.stub.person = AT_HOME
        async with opened(self.house) as tab:
            signed_in = await tab.call("POST", "/auth/login", json={"email": eve.email, "password": eve.password})
            assert signed_in.status_code == 200, signed_in.text
            assert place(await linked_in(tab, self.stub)) == "/settings/security"
        async with self.house.db.system() as uow:
            await identity.make_sign_in_link(uow, parse(Kind.USER, eve.id))
        await eve.http.post("/api/v1/auth/login", json={"email": eve.email, "password": "wrong horse"})
        await eve.http.post("/api/v1/auth/password/forgot", json={"email": eve.email})

    async def _apps(self, eve: Person) -> None:
        key = {"name": KEY_NAME, "scopes": ["listen"]}
        assert (await eve.post("/users/me/api-keys", json=key)).status_code == 201
        assert (await eve.post("/users/me/app-passwords", json=key)).status_code == 201
        back = "http://127.0.0.1/back"
        app = good(await self.admin.post("/apps", json={"name": "Pocket", "redirect_uris": [back]}))
        asked = {
            "client_id": app["id"],
            "redirect_uri": back,
            "response_type": "code",
            "scope": "openid listen",
            "code_challenge": base64.urlsafe_b64encode(bytes(32)).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            "allow": True,
        }
        good(await eve.post("/oauth/authorize", json=asked))

    async def _work(self, eve: Person) -> None:
        made = await with_everything(self.make, eve)
        self.audio = made["audio"]
        good(await eve.put("/users/me/avatar", content=PICTURE, headers={"Content-Type": "image/png"}))
        good(await eve.put("/users/me", json={"bio": BIO}))
        good(await eve.put("/users/me/consents", json={"purpose": "newsletter", "version": "1", "granted": True}))
        await heard(eve, made["track"], self.clock)
        await self._keepsakes(eve, made["track"]["id"])
        await self._look_forward(eve, made["artist"])
        await self._sign_in(eve)
        archive = await exported(eve, self.settle)
        packed = (await eve.http.get(archive["download_url"])).content
        brought = changed(packed, data__albums_dot_jsonl=b'{"id": "alb_x"}')  # so that something is left
        began = await eve.post("/users/me/import", content=brought, headers={"Content-Type": "application/zip"})
        assert began.status_code == 202, began.text
        await self.settle()
        tus = {"Tus-Resumable": "1.0.0", "Upload-Length": "5000", "Content-Type": "application/offset+octet-stream"}
        said = f"artist_id {base64.b64encode(made['artist']['id'].encode()).decode()}"
        await eve.post("/uploads", headers=tus | {"Upload-Metadata": said}, content=self.audio[:3000])
        await eve.post("/artists", json={"name": "Another"}, headers={"Idempotency-Key": "moneypenny"})

    async def _keepsakes(self, eve: Person, track: str) -> None:
        """What a listener leaves: opinions, words, lists, places."""
        assert (await eve.put(f"/social/likes/{track}")).status_code == 204
        good(await eve.put(f"/social/ratings/{track}", json={"rating": 5}))
        good(await eve.post("/social/shares", json={"content_ids": [track], "description": BIO}))
        good(await eve.post("/social/chat", json={"text": BIO}))
        kept = good(await eve.post("/playlists", json={"name": NAME, "track_ids": [track]}))
        good(await eve.put(f"/playlists/{kept['id']}", json={"comment": BIO}))
        good(await eve.post("/playlists/import?filename=list.m3u", content=b"#EXTM3U\nsong.wav\n"))
        assert (await eve.put(f"/stream/bookmarks/{track}", json={"position_ms": 7, "comment": BIO})).status_code == 204
        good(await eve.put("/stream/queue", json={"content_ids": [track], "changed_by": AGENT}))
        good(await eve.put(f"/stream/devices/{new_uuid()}", json={"name": STICK}))
        jam = good(await eve.post("/jams", json={"entries": [{"id": str(new_uuid()), "content_id": track}]}))
        more = {"kind": "add", "entries": [{"id": str(new_uuid()), "content_id": track}]}
        added = good(await eve.post(f"/jams/{jam['id']}/commands", json={"commands": [more]}))
        vote = {"kind": "vote", "entry": added["coming"][0]["id"], "value": 1}
        good(await eve.post(f"/jams/{jam['id']}/commands", json={"commands": [vote]}))
        connected = await eve.put("/integrations/scrobblers/listenbrainz", json={"token": "good"})
        assert connected.status_code == 204
        async with self.house.db.system() as uow:
            await uow.conn.execute(_NOT_TAKEN, {"user": parse(Kind.USER, eve.id)})
        good(await eve.post("/stream/listens", json={"listens": [{"content_id": track}], "client": AGENT}))
        await self._listen_in_private(eve, track)

    async def _listen_in_private(self, eve: Person, track: str) -> None:
        now = self.clock.now()
        until = (now + timedelta(hours=1)).isoformat()
        good(await eve.put("/users/me/preferences", json={"private_session_until": until}))
        told = {"content_id": track, "at": (now - timedelta(hours=3)).isoformat()}
        assert good(await eve.post("/stream/listens", json={"listens": [told], "client": AGENT}))["new"] == 1
        good(await eve.put("/users/me/preferences", json={"private_session_until": None}))

    async def _look_forward(self, eve: Person, artist: dict[str, Any]) -> None:
        """To what one's own artist announced."""
        coming = await self.make.album(eve, artist, "Coming")
        at = {"publish_at": (self.clock.now() + timedelta(days=7)).isoformat()}
        good(await eve.put(f"/content/{coming['id']}/schedule", json=at))
        good(await eve.put(f"/albums/{coming['id']}/announcement"))
        assert (await eve.put(f"/social/pre-saves/{coming['id']}")).status_code == 204

    async def _factors(self, eve: Person) -> None:
        await self._sign_in(eve)
        app = await enrol(eve, self.clock)
        assert (await eve.post("/auth/mfa/sms/enrol", json={"number": NUMBER})).status_code == 202
        good(await eve.post("/auth/mfa/sms/confirm", json={"code": last_code(self.texts)}))
        login = {"email": eve.email, "password": eve.password}
        ticket = (await eve.http.post("/api/v1/auth/login", json=login, headers=DEVICE)).json()["ticket"]
        code = app.recovery[0]
        entered = await second_step(eve.http, ticket, "recovery", code, trust_device=True, headers=DEVICE)
        eve.tokens = good(entered)["tokens"]
        ticket = (await eve.http.post("/api/v1/auth/login", json=login)).json()["ticket"]
        assert (await second_step(eve.http, ticket, "totp", "nope")).status_code == 422

    async def _office(self, eve: Person) -> None:
        async with self.house.db.system() as uow:
            for role in ("label", "admin"):
                await identity.grant_role(uow, parse(Kind.USER, eve.id), role)
            await uow.conn.execute(_OPENED, {"user": parse(Kind.USER, eve.id)})
        renewed = await eve.http.post(
            "/api/v1/auth/refresh", json={"refresh_token": eve.tokens["refresh_token"]}, headers=DEVICE
        )
        eve.tokens = good(renewed)["tokens"]
        good(await eve.post("/apps", json={"name": "Desk", "redirect_uris": ["http://127.0.0.1/desk"]}))
        await self._invite(eve, "friend@example.org")
        bob = await self.make.person()
        assert (await eve.put(f"/users/{bob.id}/roles/label")).status_code < 300
        assert (await eve.delete(f"/users/{bob.id}/sessions")).status_code == 204

    async def _remember_ids(self, eve: Person) -> None:
        user = parse(Kind.USER, eve.id)
        self.ids = {"id": eve.id, "uuid": str(user), "uuid in bytes": user.hex}
        for table in ("sessions", "imports", "exports", "passkeys", "api_keys"):
            found = await rows(self.house.db, f"SELECT id FROM identity.{table} WHERE user_id = :user", user=user)
            self.ids |= {f"{table} {number}": str(row.id) for number, row in enumerate(found)}
        self.ids["archive"] = out(Kind.EXPORT, UUID(self.ids["exports 0"]))

    def words(self) -> dict[str, str]:
        """By what it is. Those that say "in bytes" stand nowhere while all is well."""
        return self.ids | {
            "address": ADDRESS_NOW,
            "first address": FIRST_ADDRESS,
            "address elsewhere": AT_HOME["email"],
            "number elsewhere": AT_HOME["sub"],
            "wallet": KEY.address,
            "handle": "eve_moneypenny",
            "name": "Quisling",
            "words": BIO,
            "note": NOTE,
            "program": AGENT,
            "network": ADDRESS,
            "key": KEY_NAME,
            "stick": STICK,
        }
