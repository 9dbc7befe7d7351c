"""The ceremonies alone: every algorithm passes, every single thing that can be wrong is refused, rubbish included."""

from __future__ import annotations

import secrets
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from antiphon.domains.identity import passkeys as ceremonies
from antiphon.domains.identity.errors import PasskeyRefused
from antiphon.domains.identity.model_passkeys import (
    NoPasskeys,
    RelyingParty,
    clean_key_name,
    clean_transports,
    counter_went_back,
    maker_of,
    relying_party,
)
from antiphon.domains.identity.passkeys import (
    Assertion,
    AuthenticationCredential,
    KnownKey,
    NewKey,
    RegistrationCredential,
)
from antiphon.kit.errors import Invalid
from tests.support.authenticator import ORIGIN, Authenticator, SoftKey, b64

RP = RelyingParty("localhost", "Antiphon", (ORIGIN,))
ALGORITHMS = ["ES256", "Ed25519", "RS256"]


def creation(**given: Any) -> dict[str, Any]:
    asked = {"challenge": secrets.token_urlsafe(32), "user_handle": b"h" * 64, "exclude": []} | given
    options = ceremonies.creation_options(RP, name="ada", display_name="Ada", **asked)
    return dict(msgspec.json.decode(msgspec.json.encode(options)))


def request(**given: Any) -> dict[str, Any]:
    asked = {"challenge": secrets.token_urlsafe(32), "allow": [], "verify_user": True} | given
    return dict(msgspec.json.decode(msgspec.json.encode(ceremonies.request_options(RP, **asked))))


def registered(options: dict[str, Any], credential: dict[str, Any]) -> NewKey:
    parsed = msgspec.convert(credential, RegistrationCredential)
    return ceremonies.check_registration(RP, parsed, challenge=options["challenge"])


def asserted(
    options: dict[str, Any], credential: dict[str, Any], key: NewKey, *, verify_user: bool = True
) -> Assertion:
    parsed = msgspec.convert(credential, AuthenticationCredential)
    return ceremonies.check_assertion(
        RP,
        parsed,
        challenge=options["challenge"],
        public_key=key.public_key,
        backup_eligible=key.backup_eligible,
        verify_user=verify_user,
    )


def made_with(authenticator: Authenticator) -> NewKey:
    options = creation()
    return registered(options, authenticator.create(options))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("syncs", [False, True])
def test_a_key_of_each_kind_is_made_and_signs(algorithm: Any, syncs: bool) -> None:
    device = Authenticator(algorithm, syncs=syncs)
    key = made_with(device)
    assert key.id == device.keys[0].id
    assert (key.backup_eligible, key.backed_up) == (syncs, syncs)
    assert key.discoverable is True
    assert key.transports == ["hybrid", "internal"]
    options = request()
    found = asserted(options, device.get(options), key)
    assert found == Assertion(sign_count=1, backed_up=syncs, user_verified=True)


def test_the_options_are_those_of_the_specification() -> None:
    known = KnownKey(b"\x01\x02", ["usb"])
    made = creation(exclude=[known])
    assert made["rp"] == {"id": "localhost", "name": "Antiphon"}
    assert made["user"] == {"id": b64(b"h" * 64), "name": "ada", "displayName": "Ada"}
    assert [one["alg"] for one in made["pubKeyCredParams"]] == [-8, -7, -257]
    assert made["excludeCredentials"] == [{"id": "AQI", "type": "public-key", "transports": ["usb"]}]
    assert made["authenticatorSelection"]["residentKey"] == "preferred"
    assert made["attestation"] == "none"
    assert made["extensions"] == {"credProps": True}
    asked = request(allow=[known], verify_user=False)
    assert asked["rpId"] == "localhost"
    assert asked["allowCredentials"] == [{"id": "AQI", "type": "public-key", "transports": ["usb"]}]
    assert asked["userVerification"] == "preferred"
    assert request()["userVerification"] == "required"


def test_the_challenge_says_which_ceremony_is_answered() -> None:
    options = request()
    device = Authenticator()
    made_with(device)
    credential = msgspec.convert(device.get(options), AuthenticationCredential)
    assert ceremonies.challenge_of(credential) == options["challenge"]
    assert ceremonies.user_handle_of(credential) == b"h" * 64


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "http://localhost:8421"},
        {"origin": "https://localhost:8420"},
        {"origin": "http://localhost.evil.example:8420"},
        {"origin": ORIGIN + "/"},
        {"rp_id": "evil.example"},
        {"challenge": b64(b"another challenge of 32 bytes....")},
        {"type": "webauthn.get"},
        {"present": False},
        {"fmt": "tpm"},
        {"fmt": "fido-u2f"},
        {"fmt": "android-key"},
        {"fmt": "apple"},
        {"fmt": 7},
        {"fmt": ["none"]},
        {"statement": {"sig": b"x"}},
        {"fmt": "packed", "statement": {}},
        {"fmt": "packed", "statement": {"alg": -7, "sig": b"x"}},
        {"fmt": "packed", "statement": {"alg": -7, "sig": b"x", "x5c": [b"x"]}},
        {"public": {}},
        {"public": {1: 2, 3: -7, -1: 1, -2: b"x" * 32, -3: b"y" * 32}},
        {"public": {1: 2, 3: -7, -1: 2, -2: b"x" * 32, -3: b"y" * 32}},
        {"public": {1: 1, 3: -8, -1: 6, -2: b"short"}},
        {"public": {1: 3, 3: -7, -1: b"\xff" * 256, -2: b"\x01\x00\x01"}},
        {"public": {1: 1, 3: -257, -1: 6, -2: b"x" * 32}},
        {"public": {1: 7, 3: -48, -1: b"x" * 1312}},
        {"private": rsa.generate_private_key(65537, 1024)},
        {"private": ec.generate_private_key(ec.SECP256R1()), "public": {1: 2, 3: -36, -1: 1, -2: b"", -3: b""}},
    ],
    ids=lambda wrong: ", ".join(f"{name}={value}" for name, value in wrong.items() if name != "private") or "weak",
)
def test_one_wrong_thing_refuses_a_new_key(wrong: dict[str, Any]) -> None:
    options = creation()
    with pytest.raises(PasskeyRefused):
        registered(options, Authenticator().create(options, **wrong))


def test_a_new_key_under_another_id_is_refused() -> None:
    options = creation()
    credential = Authenticator().create(options)
    for name in ("id", "rawId"):
        with pytest.raises(PasskeyRefused):
            registered(options, credential | {name: b64(b"z" * 32)})
    with pytest.raises(PasskeyRefused):
        registered(options, credential | {"id": b64(b"z" * 32), "rawId": b64(b"z" * 32)})


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "http://localhost:8421"},
        {"rp_id": "evil.example"},
        {"challenge": b64(b"another challenge of 32 bytes....")},
        {"type": "webauthn.create"},
        {"present": False},
        {"verified": False},
        {"syncs": True},
        {"signature": b""},
        {"signature": b"x" * 64},
        {"signature": b"x" * 256},
    ],
    ids=str,
)
def test_one_wrong_thing_refuses_a_signature(algorithm: Any, wrong: dict[str, Any]) -> None:
    device = Authenticator(algorithm)
    key = made_with(device)
    options = request()
    credential = device.get(options, **wrong)
    if not credential["response"]["signature"]:
        credential["response"]["signature"] = "AA"
    with pytest.raises(PasskeyRefused):
        asserted(options, credential, key)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_signature_by_another_key_is_refused(algorithm: Any) -> None:
    device, thief = Authenticator(algorithm), Authenticator(algorithm)
    key = made_with(device)
    made_with(thief)
    options = request()
    stolen = SoftKey(key.id, thief.keys[0].private, "localhost", b"h" * 64)
    with pytest.raises(PasskeyRefused):
        asserted(options, thief.get(options, key=stolen), key)


def test_what_was_signed_cannot_be_changed_afterwards() -> None:
    device = Authenticator()
    key = made_with(device)
    options = request()
    good = device.get(options, verified=False)
    better = device.get(options)
    for name in ("authenticatorData", "clientDataJSON", "signature"):
        mixed = good | {"response": good["response"] | {name: better["response"][name]}}
        if mixed["response"] != good["response"]:
            with pytest.raises(PasskeyRefused):
                asserted(options, mixed, key)
    assert asserted(options, good, key, verify_user=False).user_verified is False


def test_a_page_of_another_site_that_embeds_ours_is_refused() -> None:
    device = Authenticator()
    made_with(device)
    credential = msgspec.convert(device.get(request(), cross_origin=True), AuthenticationCredential)
    with pytest.raises(PasskeyRefused):
        ceremonies.challenge_of(credential)


def test_the_counter_is_read_not_judged() -> None:
    """The signature is looked at first: nobody can make a good key look copied without having it."""
    device = Authenticator()
    key = made_with(device)
    options = request()
    assert asserted(options, device.get(options, counter=0), key).sign_count == 0
    assert asserted(options, device.get(options, counter=4_000_000_000), key).sign_count == 4_000_000_000


@pytest.mark.parametrize(
    ("stored", "presented", "back"),
    [(0, 0, False), (0, 1, False), (1, 2, False), (7, 9, False), (1, 1, True), (2, 1, True), (5, 0, True)],
)
def test_when_a_counter_betrays_a_copy(stored: int, presented: int, back: bool) -> None:
    assert counter_went_back(stored, presented) is back


@given(st.binary(max_size=400), st.binary(max_size=400))
def test_rubbish_is_refused_and_never_breaks(first: bytes, second: bytes) -> None:
    text, other = b64(first) or "AA", b64(second) or "AA"
    made = {"clientDataJSON": text, "attestationObject": other}
    credential = {"id": "AAAA", "rawId": "AAAA", "type": "public-key"}
    with pytest.raises(PasskeyRefused):
        registered({"challenge": "AAAA"}, credential | {"response": made})
    answered = {"clientDataJSON": text, "authenticatorData": other, "signature": other}
    with pytest.raises(PasskeyRefused):
        ceremonies.challenge_of(msgspec.convert(credential | {"response": answered}, AuthenticationCredential))


@given(st.integers(0, 600), st.integers(1, 255))
def test_a_changed_byte_anywhere_is_refused_or_was_not_part_of_the_key(place: int, by: int) -> None:
    options = creation()
    credential = Authenticator("Ed25519").create(options)
    for name in ("clientDataJSON", "attestationObject"):
        text = credential["response"][name]
        spoilt = bytearray(ceremonies.base64url_to_bytes(text))
        spoilt[place % len(spoilt)] ^= by
        try:
            registered(options, credential | {"response": credential["response"] | {name: b64(bytes(spoilt))}})
        except PasskeyRefused:
            continue


def test_deep_nesting_is_refused() -> None:
    deep = b64(b"[" * 12_000)
    credential = {"id": "AAAA", "rawId": "AAAA", "type": "public-key"}
    made = {"clientDataJSON": deep, "attestationObject": b64(b"\x81" * 12_000)}
    with pytest.raises(PasskeyRefused):
        registered({"challenge": "AAAA"}, credential | {"response": made})
    parsed = msgspec.convert(credential | {"response": made}, RegistrationCredential)
    with pytest.raises(PasskeyRefused):
        ceremonies.challenge_of(parsed)


@pytest.mark.parametrize(
    ("site", "rp_id", "origin"),
    [
        ("http://localhost:8420", "localhost", "http://localhost:8420"),
        ("http://localhost", "localhost", "http://localhost"),
        ("http://music.localhost:99/", "music.localhost", "http://music.localhost:99"),
        ("https://Music.Example.org", "music.example.org", "https://music.example.org"),
        ("https://music.example.org:443/", "music.example.org", "https://music.example.org"),
        ("https://music.example.org:8443", "music.example.org", "https://music.example.org:8443"),
        ("https://müsik.example", "xn--msik-0ra.example", "https://xn--msik-0ra.example"),
        ("https://studio", "studio", "https://studio"),
    ],
)
def test_whom_a_passkey_is_for(site: str, rp_id: str, origin: str) -> None:
    assert relying_party(site) == RelyingParty(rp_id, "Antiphon", (origin,))


@pytest.mark.parametrize(
    ("site", "because"),
    [
        ("http://127.0.0.1:8420", "IP address"),
        ("https://192.168.1.20", "IP address"),
        ("http://[::1]:8420", "IP address"),
        ("http://music.example.org", "https only"),
        ("http://localhost.example.org", "https only"),
        ("ftp://localhost", "https only"),
        ("https://", "no host name"),
        ("https://" + "a" * 70 + ".org", "no host name"),
    ],
)
def test_where_passkeys_cannot_be_and_why(site: str, because: str) -> None:
    found = relying_party(site)
    assert isinstance(found, NoPasskeys)
    assert because in found.reason


def test_apps_and_other_pages_of_the_same_host() -> None:
    found = relying_party("https://a.example", " android:apk-key-hash:x, https://b.a.example ,")
    assert isinstance(found, RelyingParty)
    assert found.origins == ("https://a.example", "android:apk-key-hash:x", "https://b.a.example")


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "a\x00b", "x" * 65, "\u2028"])
def test_a_name_that_nobody_could_see(name: str) -> None:
    with pytest.raises(Invalid):
        clean_key_name(name)


def test_names_and_transports_are_tidied() -> None:
    assert clean_key_name("  My   phone ") == "My phone"
    assert clean_transports(["usb", "telepathy", "internal", "usb"]) == ["internal", "usb"]
    made = Authenticator(aaguid=ceremonies.UUID("fbfc3007-154e-4ecc-8c0b-6e020557d7bd"))
    assert maker_of(made_with(made).aaguid) == "iCloud Keychain"
    assert maker_of(ceremonies.UUID(int=0)) is None
