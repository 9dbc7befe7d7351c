"""Settings: environment over file over default; what cannot be is said at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from antiphon.kit.settings import Settings, SettingsError, load_settings


def test_defaults_do_without_anything(tmp_path: Path) -> None:
    settings = load_settings({}, tmp_path / "none.toml")
    assert (settings.port, settings.demo, settings.guest_listening) == (8420, True, True)
    assert (settings.upload_max_bytes, settings.quota_bytes) == (4 * 1024**3, 20 * 1024**3)
    assert settings.home.is_absolute()
    assert settings.site_url == "http://localhost:8420"


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / "antiphon.toml"
    file.write_text('port = 1\nhost = "0.0.0.0"\ndemo = true\npublic_url = "https://music.example/"\n')
    environ = {"ANTIPHON_PORT": "2", "ANTIPHON_DEMO": "0", "ANTIPHON_HOST": "", "ANTIPHON_HOME": "~/x", "OTHER": "1"}
    settings = load_settings(environ, file)
    assert (settings.port, settings.host, settings.demo) == (2, "0.0.0.0", False)
    assert settings.home == Path("~/x").expanduser()
    assert settings.site_url == "https://music.example"
    assert load_settings({"ANTIPHON_CONFIG": str(file)}).port == 1


@pytest.mark.parametrize(
    ("environ", "toml", "named"),
    [
        ({}, "prot = 1", "prot"),
        ({}, "port = ", "antiphon.toml"),
        ({}, 'port = "x"', "port"),
        ({}, "home = 5", "home"),
        ({"ANTIPHON_PORT": "0"}, "", "port"),
        ({"ANTIPHON_PORT": "http"}, "", "port"),
        ({"ANTIPHON_DEMO": "perhaps"}, "", "demo"),
        ({"ANTIPHON_QUOTA_BYTES": "-1"}, "", "quota_bytes"),
        ({"ANTIPHON_UPLOAD_MAX_BYTES": "4 GiB"}, "", "upload_max_bytes"),
        ({"ANTIPHON_LOG_LEVEL": "loud"}, "", "log_level"),
        ({"ANTIPHON_WEB_WORKERS": "65"}, "", "web_workers"),
    ],
)
def test_what_cannot_be_is_named(tmp_path: Path, environ: dict[str, str], toml: str, named: str) -> None:
    file = tmp_path / "antiphon.toml"
    file.write_text(toml)
    with pytest.raises(SettingsError, match=named):
        load_settings(environ, file)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    file = tmp_path / "antiphon.toml"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match=r"antiphon\.toml"):
        load_settings({}, file)


def test_every_setting_says_what_it_is() -> None:
    for name, kind in Settings.__annotations__.items():
        assert "description=" in str(kind), name
