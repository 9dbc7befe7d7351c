"""The realm that tests import into Keycloak, and what people and operators do in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

__all__ = ["CLIENT", "PASSWORD", "SECRET", "Realm", "realm_document"]

CLIENT = "antiphon"
SECRET = "a-secret-of-the-realm"
PASSWORD = "correct horse battery"
PEOPLE = {"ada": True, "eve": False, "grace": True}


def realm_document(name: str, redirect: str) -> dict[str, Any]:
    """One confidential client that must use PKCE, one that asks for consent; ada and grace have proven addresses."""
    client = {
        "secret": SECRET,
        "redirectUris": [redirect],
        "attributes": {"pkce.code.challenge.method": "S256"},
        "directAccessGrantsEnabled": False,
    }
    return {
        "realm": name,
        "enabled": True,
        "sslRequired": "none",
        "clients": [
            {**client, "clientId": CLIENT},
            {**client, "clientId": f"{CLIENT}-asks", "name": "Antiphon", "consentRequired": True},
        ],
        "users": [
            {
                "username": person,
                "email": f"{person}@{name}.example",
                "emailVerified": verified,
                "firstName": person.title(),
                "lastName": "Lovelace",
                "enabled": True,
                "credentials": [{"type": "password", "value": PASSWORD, "temporary": False}],
            }
            for person, verified in PEOPLE.items()
        ],
    }


@dataclass
class Realm:
    """`admin` speaks to Keycloak's admin interface."""

    issuer: str
    admin: httpx.Client
    name: str

    def sign_in(self, address: str, person: str, *, says: str = "yes") -> str:
        """What a browser does on Keycloak's pages: where it is sent back to. `says` answers the page of consent."""
        with httpx.Client(timeout=30, event_hooks=_keeping_cookies()) as browser:
            page = browser.get(address)
            if page.is_redirect:
                return str(page.headers["location"])
            assert page.status_code == 200, page.text
            answer = browser.post(_form(page.text), data={"username": person, "password": PASSWORD})
            if answer.next_request is not None and str(answer.next_request.url).startswith(self.issuer):
                page = browser.send(answer.next_request)
                code = re.search(r'name="code" value="([^"]+)"', page.text)
                assert code is not None, page.text
                button = {"accept": "Yes"} if says == "yes" else {"cancel": "No"}
                answer = browser.post(str(page.url.join(_form(page.text))), data={"code": code[1], **button})
            assert answer.is_redirect, answer.text
            return str(answer.headers["location"])

    def answered(self, address: str, person: str, **more: str) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.sign_in(address, person, **more)).query))

    def rotate_keys(self) -> None:
        """A new key signs from now on; the old ones are gone."""
        kind = "org.keycloak.keys.KeyProvider"
        old = self.admin.get(f"/{self.name}/components", params={"type": kind}).raise_for_status().json()
        config = {"priority": ["200"], "enabled": ["true"], "active": ["true"], "algorithm": ["RS256"]}
        made = {"name": "rotated", "providerId": "rsa-generated", "providerType": kind, "config": config}
        self.admin.post(f"/{self.name}/components", json=made).raise_for_status()
        for component in old:
            if component["providerId"] == "rsa-generated":
                self.admin.delete(f"/{self.name}/components/{component['id']}").raise_for_status()

    def close(self) -> None:
        self.admin.close()


def _keeping_cookies() -> dict[str, list[Any]]:
    """A browser sends Secure cookies to loopback, Python's cookie jar does not."""
    kept: dict[str, str] = {}

    def send(request: httpx.Request) -> None:
        request.headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in kept.items())

    def keep(response: httpx.Response) -> None:
        for header in response.headers.get_list("set-cookie"):
            kept.update({name: morsel.coded_value for name, morsel in SimpleCookie(header).items()})

    return {"request": [send], "response": [keep]}


def _form(page: str) -> str:
    found = re.search(r'<form[^>]* action="([^"]+)"', page)
    assert found is not None, page
    return unescape(found[1])
