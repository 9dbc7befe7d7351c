"""What an operator may write, what is refused at the start, and that no secret is ever repeated."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from antiphon.adapters.oidc import open_providers
from antiphon.adapters.oidc.config import configured
from antiphon.adapters.oidc.presets import PRESETS
from antiphon.kit.settings import ProviderSettings, Settings, SettingsError, load_settings
from tests.support.clock import FrozenClock

SECRET = "do-not-show-this"
GOOGLE = {"id": "google", "preset": "google", "client_id": "c", "client_secret": SECRET}
HOUSE = {"id": "house", "client_id": "c", "client_secret": SECRET, "issuer": "https://id.example.org/realms/house"}


def loaded(tmp_path: Path, given: Any) -> Settings:
    return load_settings({"ANTIPHON_PROVIDERS": json.dumps(given)}, tmp_path / "none.toml")


async def test_from_the_environment_and_from_the_file(tmp_path: Path, clock: FrozenClock) -> None:
    file = tmp_path / "antiphon.toml"
    file.write_text(
        f'[[providers]]\nid = "google"\npreset = "google"\nclient_id = "c"\nclient_secret = "{SECRET}"\n'
        '[[providers]]\nid = "spotify"\npreset = "spotify"\nclient_id = "c"\nclient_secret = "s"\n'
    )
    for settings in (load_settings({}, file), loaded(tmp_path, [GOOGLE, GOOGLE | {"id": "g2", "name": "Work"}])):
        assert SECRET not in repr(settings)
        assert SECRET not in str(settings.providers)
        assert SECRET not in repr(configured(settings.providers[0]))
        opened = open_providers(settings.providers, clock)
        assert next(iter(opened)) == "google"
        assert opened["google"].name == "Google"
        for provider in opened.values():
            await provider.close()
    assert opened["g2"].name == "Work"


@pytest.mark.parametrize(
    "given",
    [
        {"id": "google"},
        [GOOGLE | {"id": "Not An Id"}],
        [GOOGLE | {"client_secret": 7}],
        [GOOGLE | {"clientsecret": SECRET}],
        [{**GOOGLE, "client_id": ""}],
        [{name: value for name, value in GOOGLE.items() if name != "client_id"}],
    ],
)
def test_what_cannot_be_read_is_refused_without_repeating_it(tmp_path: Path, given: Any) -> None:
    with pytest.raises(SettingsError) as refused:
        loaded(tmp_path, given)
    assert SECRET not in str(refused.value)


def test_text_that_is_no_json(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ANTIPHON_PROVIDERS") as refused:
        load_settings({"ANTIPHON_PROVIDERS": f"[{SECRET}"}, tmp_path / "none.toml")
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("given", "member"),
    [
        (HOUSE | {"preset": "myspace"}, "preset"),
        ({name: value for name, value in HOUSE.items() if name != "issuer"}, "issuer"),
        (HOUSE | {"issuer": "http://id.example.org"}, "issuer"),
        (HOUSE | {"issuer": "https://user:pass@id.example.org"}, "issuer"),
        (HOUSE | {"issuer": "https://id.example.org?x=1"}, "issuer"),
        (HOUSE | {"issuer": "id.example.org"}, "issuer"),
        (HOUSE | {"issuer": "https://id.example.org:port"}, "issuer"),
        (GOOGLE | {"issuer": "https://evil.example"}, "issuer"),
        (HOUSE | {"client_secret": ""}, "client_secret"),
        (HOUSE | {"algorithms": ["none"]}, "algorithms"),
        (HOUSE | {"algorithms": ["RS256", "HS256"]}, "algorithms"),
        (HOUSE | {"algorithms": []}, "algorithms"),
        (HOUSE | {"scopes": ["email"]}, "scopes"),
        (HOUSE | {"token_auth": "magic"}, "token_auth"),
        (HOUSE | {"token_auth": "private_key_jwt"}, "private_key"),
        (HOUSE | {"token_auth": "private_key_jwt", "private_key": SECRET}, "key_id"),
        (HOUSE | {"token_auth": "private_key_jwt", "private_key": SECRET, "key_id": "k"}, "private_key"),
        (HOUSE | {"private_key_file": "/there/is/none"}, "private_key_file"),
        ({"id": "apple", "preset": "apple", "client_id": "c", "private_key": SECRET, "key_id": "k"}, "team_id"),
    ],
)
def test_a_configuration_that_cannot_work(
    tmp_path: Path, clock: FrozenClock, given: dict[str, Any], member: str
) -> None:
    with pytest.raises(SettingsError, match=rf"providers: {given['id']}: .*{member}") as refused:
        open_providers(loaded(tmp_path, [given]).providers, clock)
    assert SECRET not in str(refused.value)


def test_two_of_one_name(clock: FrozenClock) -> None:
    given = msgspec.convert(HOUSE, ProviderSettings)
    with pytest.raises(SettingsError, match="two are called house"):
        open_providers([given, given], clock)


def test_no_preset_believes_in_shared_secrets() -> None:
    for preset in PRESETS.values():
        assert not {name for name in preset.algorithms if name.startswith("HS") or name == "none"}
