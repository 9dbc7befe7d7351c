"""Signed links: the same for everybody, at least six hours, and not to be bent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.adapters.codecs.fake import fake_audio
from antiphon.domains.media.errors import LinkRefused
from antiphon.domains.media.links import LinkSigner
from antiphon.kit.secrets import Secrets
from tests.support.answers import refused
from tests.support.clock import FrozenClock
from tests.support.people import Maker

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
KEY = Secrets(b"k" * 32)


def _parts(url: str) -> tuple[str, dict[str, str]]:
    parts = urlsplit(url)
    return parts.path, dict(parse_qsl(parts.query))


@given(at=MOMENTS, later=st.integers(0, 6 * 3600), version=st.sampled_from(["", "a" * 64]))
def test_a_link_holds_six_hours_and_not_for_ever(at: datetime, later: int, version: str) -> None:
    clock = FrozenClock(at)
    signer = LinkSigner(KEY, clock)
    path, query = _parts(signer.sign("/audio/x.mp4", version))
    assert signer.expiry() - at >= timedelta(hours=6)
    clock.move(timedelta(seconds=later))
    signer.check(path, version, query["e"], query["s"])
    clock.move(timedelta(hours=12, seconds=1))
    with pytest.raises(LinkRefused):
        signer.check(path, version, query["e"], query["s"])


@given(at=MOMENTS, who=st.uuids(), other=st.uuids(), version=st.text(), bent=st.text())
def test_a_link_of_a_listener_holds_as_it_is_and_tells_nothing_for_long(
    at: datetime, who: UUID, other: UUID, version: str, bent: str
) -> None:
    clock = FrozenClock(at)
    plain = LinkSigner(KEY, clock)
    signer = plain.of(who)
    until, signature = str(int(signer.expiry().timestamp())), signer.sign("/a", version).rpartition("&s=")[2]
    plain.check("/a", version, until, signature, signer.listener)
    for listener in ("", bent, plain.of(other).listener if other != who else ""):
        with pytest.raises(LinkRefused):
            plain.check("/a", version, until, signature, listener)
    with pytest.raises(LinkRefused):
        plain.check("/a", f"{version}\n{until}", until, signature, signer.listener)
    assert plain.of(None) is plain
    clock.move(timedelta(hours=6))
    assert plain.of(who).listener != signer.listener


@given(at=MOMENTS, seconds=st.integers(0, 6 * 3600))
def test_links_of_one_while_are_the_same(at: datetime, seconds: int) -> None:
    first, second = FrozenClock(at), FrozenClock(at + timedelta(seconds=seconds))
    one, two = LinkSigner(KEY, first), LinkSigner(Secrets(b"k" * 32), second)
    assert (one.sign("/a") == two.sign("/a")) == (one.expiry() == two.expiry())


@given(path=st.text(min_size=1), version=st.text(), expires=st.text(), signature=st.text())
def test_no_made_up_link_holds_or_breaks(path: str, version: str, expires: str, signature: str) -> None:
    with pytest.raises(LinkRefused):
        LinkSigner(KEY, FrozenClock()).check(path, version, expires, signature)


async def test_changed_and_expired_links_are_refused(make: Maker, http: httpx.AsyncClient, clock: FrozenClock) -> None:
    ada, eve = await make.person(), await make.person()
    artist = await make.artist(ada)
    track, other = await make.track(ada, artist), await make.track(ada, artist)
    stream = (await ada.get(f"/stream/{track['id']}")).json()
    assert (await eve.get(f"/stream/{track['id']}")).json() == stream
    assert (await http.get(f"/api/v1/stream/{track['id']}")).json() == stream
    assert datetime.fromisoformat(stream["expires_at"]) - clock.now() >= timedelta(hours=6)
    url = stream["progressive"][0]["url"]
    for link in (url, stream["hls"], stream["dash"], stream["waveform_url"]):
        path, query = _parts(link)
        assert (await http.get(link)).status_code == 200
        bent = [
            (path.replace(track["id"], other["id"]), query),
            (path, query | {"e": str(int(query["e"]) + 1)}),
            (path, query | {"e": "x"}),
            (path, query | {"e": "-1"}),
            (path, query | {"e": "9" * 13}),
            (path, query | {"s": query["s"][:-1] + ("A" if query["s"][-1] != "A" else "B")}),
            (path, query | {"s": query["s"][:-1]}),
            (path, query | {"s": "é"}),
        ]
        if "v" in query:
            bent += [(path, query | {"v": "0" * 64}), (path, query | {"v": ""}), (path, {"v": query["v"]})]
        for changed, said in bent:
            answer = await http.get(f"{changed}?{urlencode(said)}")
            assert refused(answer) == (403, "link_refused"), (changed, said)
    clock.move(timedelta(hours=6))
    assert (await http.get(url)).status_code == 200
    clock.move(timedelta(hours=6, seconds=1))
    for link in (url, stream["hls"], stream["dash"], stream["waveform_url"]):
        assert refused(await http.get(link)) == (403, "link_refused")


async def test_bytes_are_served_whole_and_in_part(make: Maker, http: httpx.AsyncClient) -> None:
    ada = await make.person()
    track = await make.track(ada, await make.artist(ada), audio=fake_audio())
    stream = (await http.get(f"/api/v1/stream/{track['id']}")).json()
    for file in [*stream["progressive"], stream["preview"]]:
        whole = await http.get(file["url"])
        assert len(whole.content) == file["bytes"]
        assert whole.headers["content-type"] == ("audio/mpeg" if file["container"] == "mp3" else "audio/mp4")
        head = await http.head(file["url"])
        assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", whole.headers["etag"])
        assert head.headers["content-length"] == str(file["bytes"])
        part = await http.get(file["url"], headers={"Range": "bytes=5-9", "If-Range": whole.headers["etag"]})
        assert (part.status_code, part.content) == (206, whole.content[5:10])
        beyond = await http.get(file["url"], headers={"Range": f"bytes={file['bytes']}-"})
        assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{file['bytes']}")
        same = await http.get(file["url"], headers={"If-None-Match": whole.headers["etag"]})
        assert same.status_code == 304
