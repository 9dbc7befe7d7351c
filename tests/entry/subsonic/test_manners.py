"""What apps send that nobody would, and what they need around the answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from antiphon.domains.catalog.api.libraries import LibraryAccess, set_library_access
from antiphon.domains.identity.api import grant_role
from antiphon.entry.application import create_app
from antiphon.entry.bootstrap import House, build
from antiphon.entry.subsonic.endpoints import ENDPOINTS
from antiphon.kit.ids import Kind, parse
from antiphon.kit.settings import Settings
from tests.entry.subsonic.conftest import App, app_of, failed, inside
from tests.entry.subsonic.music import Library, make_library
from tests.entry.subsonic.schema import methods
from tests.support.people import Maker


async def boss_of(house: House, make: Maker) -> App:
    boss = await make.person()
    async with house.db.system() as uow:
        await grant_role(uow, parse(Kind.USER, boss.id), "admin")
    return await app_of(boss)


async def test_probing_with_made_up_credentials_tells_what_this_is(http: httpx.AsyncClient) -> None:
    """Quirks 2 and 3, conclusion 2: `inside` looks for version and type in failures; the extensions are public."""
    probe = {"u": "dummy", "p": "dummy", "c": "Aonsoku", "v": "1.16.0", "f": "json"}
    assert failed(await http.get("/rest/ping.view", params=probe)) == 40
    answer = inside(await http.get("/rest/getOpenSubsonicExtensions.view", params={"f": "json"}))
    named = {one["name"]: one["versions"] for one in answer["openSubsonicExtensions"]}
    assert named["apiKeyAuthentication"] == named["formPost"] == [1]
    assert "template" not in named


@pytest.mark.parametrize("version", ["1.2.0", "1.8.0", "1.16.1", "1.17.0", "2.0.0", "", None])
async def test_no_version_is_refused(app: App, version: str | None) -> None:
    """Quirks 6 and 10."""
    given = app.credentials | {"f": "json"}
    given.pop("v")
    answer = await app.http.get("/rest/ping", params=given if version is None else given | {"v": version})
    assert inside(answer)["status"] == "ok"


async def test_wrong_credentials_are_40_and_no_reason_to_fall_back(app: App) -> None:
    """Quirk 7: 10 and 41 make apps send the password in clear."""
    assert await app.fail("ping", t="0" * 32) == 40


async def test_an_empty_password_beside_a_token_was_not_said(app: App) -> None:
    """Quirk 8."""
    assert (await app.ask("ping", p=""))["status"] == "ok"


async def test_nobody_gets_in_with_nothing(app: App, make: Maker) -> None:
    """Quirk 9: neither an unknown name nor one without app passwords opens with an empty secret."""
    ada = await make.person()
    for name in ("nobody", ada.handle):
        for secret in ({"p": ""}, {"p": "enc:"}, {"t": "d41d8cd98f00b204e9800998ecf8427e", "s": ""}):
            answer = await app.http.get("/rest/ping", params={"u": name, "f": "json", **secret})
            assert failed(answer) in (10, 40)


async def test_names_are_compared_without_case(app: App) -> None:
    """Quirk 10."""
    assert (await app.ask("ping", u=app.person.handle.upper()))["status"] == "ok"


async def test_a_revoked_password_stops_at_once(app: App) -> None:
    await app.ask("ping")
    [made] = (await app.person.get("/users/me/app-passwords")).json()["items"]
    assert (await app.person.delete(f"/users/me/app-passwords/{made['id']}")).status_code == 204
    assert await app.fail("ping") == 40


async def test_secrets_stay_out_of_the_log(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    """Quirk 11."""
    await app.get("ping", p="hunter2", t="")
    await app.get("getSong", id="x", apiKey="ak_hunter3")
    seen = "".join(capsys.readouterr())
    assert "/rest/ping" in seen
    assert "hunter" not in seen
    assert app.credentials["t"] not in seen


async def test_sites_of_others_may_ask_and_read(app: App, music: Library) -> None:
    """Quirk 40: on answers, errors and bytes alike, with what players read from the headers."""
    asked = {"Origin": "https://player.example", "Access-Control-Request-Method": "GET"}
    before = await app.http.options("/rest/getSong", headers=asked)
    assert (before.status_code, before.headers["access-control-allow-origin"]) == (204, "*")
    assert "Content-Type" in before.headers["access-control-allow-headers"]
    for answer in (
        await app.get("ping"),
        await app.get("getSong", id="nothing"),
        await app.get("getCoverArt", id=music.albums["Harbour"]),
        await app.http.get("/rest/ping"),
    ):
        assert answer.headers.get_list("access-control-allow-origin") == ["*"]
        assert "Content-Range" in answer.headers["access-control-expose-headers"]
        assert answer.headers["x-request-id"]


async def test_the_front_page_is_200(house: House, tmp_path: Path) -> None:
    """Quirk 40: an app looks there whether a server is one."""
    (tmp_path / "index.html").write_text("<!doctype html>")
    transport = httpx.ASGITransport(app=create_app(house, client=tmp_path))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8420") as http:
        for method in ("GET", "HEAD"):
            assert (await http.request(method, "/")).status_code == 200


async def test_a_type_on_a_body_that_is_not_there(app: App) -> None:
    """Conclusion 7: Strawberry and the client of npm send one with every GET."""
    for kind in ("application/x-www-form-urlencoded", "application/json"):
        answer = await app.http.get(
            "/rest/ping", params=app.credentials | {"f": "json"}, headers={"Content-Type": kind}
        )
        assert inside(answer)["status"] == "ok"


async def test_pictures_of_what_has_none(app: App, music: Library) -> None:
    """Quirks 25 and 26: bare ids, no id at all, an id with a hexadecimal ending."""
    album = music.albums["Harbour"]
    assert not set(album.rpartition("_")[2]) <= set("0123456789abcdef")
    for thing in (album, music.songs["Pier"], music.artists["The Lanterns"], music.folders["The Lanterns"], "", "x_ff"):
        answer = await app.get("getCoverArt", id=thing, size=300)
        assert (answer.status_code, answer.headers["content-type"].partition("/")[0]) == (200, "image"), thing
    again = await app.http.get(
        "/rest/getCoverArt",
        params=app.credentials | {"id": album, "size": 300},
        headers={"If-None-Match": (await app.get("getCoverArt", id=album, size=300)).headers["etag"]},
    )
    assert again.status_code == 304


async def test_a_user_has_every_role(app: App, music: Library, make: Maker) -> None:
    """Quirk 21."""
    user = (await app.whole("getUser", username=app.person.handle.upper()))["user"]
    assert user["scrobblingEnabled"] is user["shareRole"] is user["streamRole"] is True
    assert (user["adminRole"], user["folder"]) == (False, [0, music.number])
    assert (user["playlistRole"], user["uploadRole"], user["jukeboxRole"]) == (True, False, False)
    other = await make.person()
    assert await app.fail("getUser", username=other.handle) == 50
    assert [one["username"] for one in (await app.whole("getUsers"))["users"]["user"]] == [app.person.handle]


async def test_who_runs_the_house_sees_who_is_there(app: App, house: House, make: Maker) -> None:
    """With an app password too; but no app makes accounts, and no app sets a password."""
    closed = await make_library(house, access="chosen")
    boss = await boss_of(house, make)
    people = {one["username"]: one for one in (await boss.whole("getUsers"))["users"]["user"]}
    assert people.keys() >= {app.person.handle, boss.person.handle}
    assert (people[boss.person.handle]["adminRole"], people[app.person.handle]["adminRole"]) == (True, False)
    assert people[app.person.handle] == (await boss.whole("getUser", username=app.person.handle))["user"]
    assert people[app.person.handle]["folder"] == [0]
    async with house.db.system() as uow:
        access = LibraryAccess(user_ids=[app.person.id])
        await set_library_access(uow, closed.id, access)
    allowed = (await boss.whole("getUser", username=app.person.handle))["user"]
    assert allowed["folder"] == (await app.whole("getUser", username=app.person.handle))["user"]["folder"]
    assert allowed["folder"] == [0, closed.number]
    assert await boss.fail("getUser", username="nobody_here") == 70
    assert await boss.fail("getUser", username="\u2603") == 70
    for method in ("createUser", "updateUser", "deleteUser", "changePassword"):
        assert await boss.fail(method, username=app.person.handle, password="x", email="x@example.org") == 50


async def test_a_licence_that_never_ends(app: App) -> None:
    """Quirk 22."""
    licence = (await app.whole("getLicense"))["license"]
    assert licence["valid"] is True
    assert licence["licenseExpires"] > "2090"


@pytest.mark.parametrize(
    ("method", "given", "code"),
    [
        ("getVideoInfo", {"id": "x"}, 70),
        ("getCaptions", {"id": "x"}, 70),
        ("getPodcastEpisode", {"id": "x"}, 70),
        ("createPodcastChannel", {"url": "https://pod.example"}, 50),
        ("jukeboxControl", {"action": "get"}, 50),
        ("getTranscodeDecision", {}, 10),
    ],
)
async def test_what_is_not_here_is_an_answer(app: App, method: str, given: dict[str, Any], code: int) -> None:
    """Quirk 1, conclusion 3: never a status of HTTP."""
    assert await app.fail(method, **given) == code


async def test_empty_shelves_are_shelves(app: App) -> None:
    """Quirks 20 and 30: wrappers are there, and podcasts need no id."""
    assert (await app.whole("getPodcasts"))["podcasts"] == {"channel": []}
    assert (await app.whole("getNewestPodcasts"))["newestPodcasts"] == {"episode": []}
    assert (await app.whole("getVideos"))["videos"] == {"video": []}
    assert (await app.ask("getSonicSimilarTracks", id="x"))["sonicMatch"] == []


async def test_apps_that_stumble_get_plain_answers(app: App, music: Library) -> None:
    """Quirk 28."""
    song = (await app.whole("getSong", id=music.songs["Pier"], c="DSub"))["song"]
    assert (song["title"], song["artist"]) == ("Pier", "The Lanterns")
    assert {"artists", "genres", "replayGain", "contributors", "mediaType"}.isdisjoint(song)
    assert (await app.whole("getGenres", c="DSub"))["genres"]["genre"]
    assert (await app.whole("getArtists", c="DSub"))["artists"]["index"]


async def test_we_are_nobody_else(app: App) -> None:
    """Quirk 29: features are told by version and extensions, not by another server's name."""
    assert (await app.ask("ping"))["type"] == "antiphon"


async def test_who_may_scan(app: App, house: House, music: Library, make: Maker) -> None:
    assert await app.fail("startScan") == 50
    assert (await app.whole("getScanStatus"))["scanStatus"]["scanning"] is False
    assert (await (await boss_of(house, make)).whole("startScan"))["scanStatus"]["scanning"] is True


async def test_too_many_calls_are_429_in_an_envelope(settings: Settings, database_url: str, app: App) -> None:
    limited = build(
        msgspec.structs.replace(settings, limits="on", limit_rates="read=2/60,sign_in=3/60"), database_url, pool_size=2
    )
    await limited.start()
    transport = httpx.ASGITransport(app=create_app(limited))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8420") as http:
        asked = app.credentials | {"f": "json"}
        assert [(await http.get("/rest/ping", params=asked)).status_code for _ in range(3)] == [200, 200, 429]
        refused = await http.get("/rest/ping", params=asked)
        assert refused.json()["subsonic-response"]["error"]["code"] == 0
        assert int(refused.headers["retry-after"]) > 0
        wrong = asked | {"t": "0" * 32}
        assert [(await http.get("/rest/ping", params=wrong)).status_code for _ in range(4)] == [200, 200, 200, 429]
    await limited.close()


def test_every_method_of_the_reference_is_known() -> None:
    assert methods() - ENDPOINTS.keys() == set()
