"""What a provider, or somebody who plays one, may send and must not get away with."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from joserfc import jws
from joserfc.jwk import ECKey, OctKey, RSAKey

from antiphon.adapters.oidc.providers import OidcProvider
from antiphon.domains.identity.errors import ProviderDenied, ProviderRefused, ProviderUnavailable
from antiphon.domains.identity.ports import ProviderFlow
from tests.support.clock import FrozenClock
from tests.support.provider import CLIENT_ID, StubProvider, as_json, rsa_key, unsigned

Json = dict[str, Any]


async def refusal(provider: OidcProvider, stub: StubProvider, flow: ProviderFlow) -> str:
    answer = stub.approve(await provider.start(flow))
    with pytest.raises(ProviderRefused) as refused:
        await provider.finish(flow, answer)
    return refused.value.reason


async def test_an_honest_answer_is_believed(provider: OidcProvider, stub: StubProvider, flow: ProviderFlow) -> None:
    claims = await provider.finish(flow, stub.approve(await provider.start(flow)))
    assert (claims.issuer, claims.subject) == (stub.url, stub.person["sub"])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"iss": "http://127.0.0.1:1"}, "issuer"),
        ({"aud": "somebody-else"}, "audience"),
        ({"aud": []}, "audience"),
        ({"aud": [CLIENT_ID, "another"]}, "authorized_party"),
        ({"aud": [CLIENT_ID, "another"], "azp": "another"}, "authorized_party"),
        ({"azp": "another"}, "authorized_party"),
        ({"nonce": "of another browser"}, "nonce"),
        ({"nonce": None}, "claims"),
        ({"sub": ""}, "subject"),
        ({"sub": 7}, "claims"),
        ({"sub": "x" * 256}, "subject"),
        ({"sub": "line\nbreak"}, "subject"),
        ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "access_token_hash"),
        ({"exp": "tomorrow"}, "claims"),
        ({"exp": True}, "claims"),
    ],
)
async def test_claims_that_do_not_fit(
    provider: OidcProvider, stub: StubProvider, flow: ProviderFlow, change: Json, reason: str
) -> None:
    stub.change = lambda claims: {name: value for name, value in (claims | change).items() if value is not None}
    assert await refusal(provider, stub, flow) == reason


async def test_several_audiences_with_ourselves_as_the_party(
    provider: OidcProvider, stub: StubProvider, flow: ProviderFlow
) -> None:
    stub.change = lambda claims: claims | {"aud": ["account", CLIENT_ID], "azp": CLIENT_ID}
    assert (await provider.finish(flow, stub.approve(await provider.start(flow)))).subject == stub.person["sub"]


@pytest.mark.parametrize(
    ("claim", "seconds", "reason"),
    [("exp", -60, "expired"), ("iat", 61, "not_yet_valid"), ("nbf", 61, "not_yet_valid")],
)
async def test_times_beyond_the_minute_that_clocks_may_differ(
    provider: OidcProvider,
    stub: StubProvider,
    flow: ProviderFlow,
    clock: FrozenClock,
    claim: str,
    seconds: int,
    reason: str,
) -> None:
    now = int(clock.now().timestamp())
    stub.change = lambda claims: claims | {claim: now + seconds}
    assert await refusal(provider, stub, flow) == reason
    inside = seconds + 1 if seconds < 0 else seconds - 1
    stub.change = lambda claims: claims | {claim: now + inside}
    await provider.finish(flow, stub.approve(await provider.start(flow)))


def without_signature(stub: StubProvider, claims: Json) -> str:
    return unsigned(claims, {"alg": "none", "typ": "JWT", "kid": stub.key.kid})


def signed_with_the_public_key(stub: StubProvider, claims: Json) -> str:
    """Key confusion: the published RSA key, as text, taken for an HMAC secret."""
    public = stub.key.as_pem(private=False)  # type: ignore[attr-defined]
    header = {"alg": "HS256", "typ": "JWT", "kid": stub.key.kid}
    text = unsigned(claims, header).rpartition(".")[0]
    return unsigned(claims, header, hmac.digest(public, text.encode(), hashlib.sha256))


def signed_with_the_client_secret(_stub: StubProvider, claims: Json) -> str:
    key = OctKey.import_key("a secret that is long enough for HMAC with SHA-256")
    return jws.serialize_compact({"alg": "HS256"}, json.dumps(claims), key, algorithms=["HS256"])


def signed_by_a_stranger(stub: StubProvider, claims: Json) -> str:
    return stub.signed(claims, rsa_key("a stranger's"), kid=stub.key.kid)


def with_a_key_of_its_own(stub: StubProvider, claims: Json) -> str:
    """The header brings the key that fits the signature."""
    own = rsa_key("its own")
    return stub.signed(claims, own, kid="unheard-of", jwk=own.as_dict(private=False))


def by_another_algorithm(stub: StubProvider, claims: Json) -> str:
    return stub.signed(claims, ECKey.generate_key("P-256"), alg="ES256", kid=stub.key.kid)


def with_a_changed_word(stub: StubProvider, claims: Json) -> str:
    head, _, tail = stub.signed(claims).split(".")
    return ".".join((head, unsigned(claims | {"sub": "somebody else"}, {}).split(".")[1], tail))


def for_another_use(stub: StubProvider, claims: Json) -> str:
    return stub.signed(claims, typ="at+jwt")


def with_demands(stub: StubProvider, claims: Json) -> str:
    text = stub.signed(claims)
    header = {"alg": "RS256", "kid": stub.key.kid, "crit": ["exp"], "exp": 1}
    return ".".join((unsigned({}, header).split(".")[0], *text.split(".")[1:]))


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (without_signature, "algorithm"),
        (signed_with_the_public_key, "algorithm"),
        (signed_with_the_client_secret, "algorithm"),
        (signed_by_a_stranger, "signature"),
        (with_a_key_of_its_own, "unknown_key"),
        (by_another_algorithm, "algorithm"),
        (with_a_changed_word, "signature"),
        (for_another_use, "token_type"),
        (with_demands, "token_type"),
        (lambda stub, claims: "not.a.token", "token_form"),
        (lambda stub, claims: "", "token_form"),
        (lambda stub, claims: "a" * 40_000, "token_form"),
        (lambda stub, claims: stub.signed(claims) + ".x.y", "token_form"),
    ],
)
async def test_tokens_that_prove_nothing(
    provider: OidcProvider,
    stub: StubProvider,
    flow: ProviderFlow,
    make: Callable[[StubProvider, Json], str],
    reason: str,
) -> None:
    stub.sign = lambda claims: make(stub, claims)
    assert await refusal(provider, stub, flow) == reason


async def test_an_unknown_key_makes_us_ask_once_and_not_again(
    provider: OidcProvider, stub: StubProvider, flow: ProviderFlow, clock: FrozenClock
) -> None:
    await provider.finish(flow, stub.approve(await provider.start(flow)))
    stub.sign = lambda claims: stub.signed(claims, kid="unheard-of")
    for _ in range(3):
        assert await refusal(provider, stub, flow) == "unknown_key"
    assert stub.count("/keys") == 1
    clock.move(timedelta(seconds=30))
    for _ in range(3):
        assert await refusal(provider, stub, flow) == "unknown_key"
    assert stub.count("/keys") == 2


async def test_a_new_key_is_found_when_a_token_names_it(
    provider: OidcProvider, stub: StubProvider, flow: ProviderFlow, clock: FrozenClock
) -> None:
    await provider.finish(flow, stub.approve(await provider.start(flow)))
    stub.key = rsa_key("new")
    clock.move(timedelta(seconds=30))
    await provider.finish(flow, stub.approve(await provider.start(flow)))


@pytest.mark.filterwarnings("ignore:Key size should be:joserfc.errors.SecurityWarning")
@pytest.mark.parametrize("weak", ["oct", "enc", "small", "other"])
async def test_keys_that_are_none(provider: OidcProvider, stub: StubProvider, flow: ProviderFlow, weak: str) -> None:
    listed = stub.key.as_dict(private=False)
    if weak == "oct":
        listed = {"kty": "oct", "k": "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IQ", "kid": stub.key.kid}
    elif weak == "enc":
        listed["use"] = "enc"
    elif weak == "other":
        listed["alg"] = "RS512"
    else:
        stub.key = RSAKey.generate_key(1024, auto_kid=True)
        listed = stub.key.as_dict(private=False)
    stub.answers["/keys"] = lambda _: as_json({"keys": [listed, 7, {"kty": "unheard-of"}]})
    assert await refusal(provider, stub, flow) == "unknown_key"


async def test_a_code_of_another_browser(provider: OidcProvider, stub: StubProvider, flow: ProviderFlow) -> None:
    theirs = msgspec.structs.replace(flow, verifier="verifier-" + "w" * 34)
    stolen = stub.approve(await provider.start(theirs))
    with pytest.raises(ProviderRefused, match=r"does not hold") as refused:
        await provider.finish(flow, stolen)
    assert refused.value.reason == "invalid_grant"


async def test_a_code_of_another_browser_where_pkce_is_ignored(
    provider: OidcProvider, stub: StubProvider, flow: ProviderFlow
) -> None:
    theirs = msgspec.structs.replace(flow, nonce="nonce-" + "m" * 37)
    stolen = stub.approve(await provider.start(theirs))
    with pytest.raises(ProviderRefused) as refused:
        await provider.finish(flow, stolen)
    assert refused.value.reason == "nonce"


async def test_a_code_works_once(provider: OidcProvider, stub: StubProvider, flow: ProviderFlow) -> None:
    answer = stub.approve(await provider.start(flow))
    await provider.finish(flow, answer)
    with pytest.raises(ProviderRefused) as refused:
        await provider.finish(flow, answer)
    assert refused.value.reason == "invalid_grant"


async def test_the_answer_of_another_provider(provider: OidcProvider, stub: StubProvider, flow: ProviderFlow) -> None:
    stub.says_issuer = True
    answer = stub.approve(await provider.start(flow))
    for said in ({"iss": "https://evil.example"}, {"iss": f"{stub.url}/"}, {}):
        with pytest.raises(ProviderRefused) as refused:
            await provider.finish(flow, {"code": answer["code"], "state": answer["state"], **said})
        assert refused.value.reason == "mix_up"
    with pytest.raises(ProviderRefused) as refused:  # an error is believed from nobody else either
        await provider.finish(flow, {"error": "access_denied", "iss": "https://evil.example"})
    assert refused.value.reason == "mix_up"
    assert stub.count("/token") == 0
    await provider.finish(flow, answer)


async def test_a_profile_of_somebody_else(provider: OidcProvider, stub: StubProvider, flow: ProviderFlow) -> None:
    stub.answers["/userinfo"] = lambda _: as_json({"sub": "another", "email": "ada@example.org"})
    assert await refusal(provider, stub, flow) == "userinfo_subject"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("access_denied", ProviderDenied),
        ("user_cancelled_authorize", ProviderDenied),
        ("temporarily_unavailable", ProviderUnavailable),
        ("invalid_scope", ProviderRefused),
        ("<script>alert(1)</script>", ProviderRefused),
    ],
)
async def test_errors_of_the_provider(
    provider: OidcProvider, flow: ProviderFlow, error: str, kind: type[Exception]
) -> None:
    with pytest.raises(kind) as refused:
        await provider.finish(flow, {"error": error, "error_description": "Hm", "state": flow.state})
    assert "script" not in str(vars(refused.value))


@pytest.mark.parametrize("answer", [{}, {"code": ""}, {"code": "x" * 5000}])
async def test_an_answer_without_a_code(provider: OidcProvider, flow: ProviderFlow, answer: dict[str, str]) -> None:
    with pytest.raises(ProviderRefused) as refused:
        await provider.finish(flow, answer)
    assert refused.value.reason == "no_code"
