"""`antiphon demo`: our own music, sent through the same door as everybody's."""

from __future__ import annotations

import asyncio
import base64
import http.client
import time
from collections.abc import Iterator
from typing import Any

import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from antiphon.demo import DemoAlbum, DemoArtist, DemoTrack, demo_albums, render_albums, render_cover, render_portrait
from antiphon.domains.catalog import api as catalog
from antiphon.domains.identity import api as identity
from antiphon.entry.cli.admin import open_house
from antiphon.entry.cli.serve import DEMO_DONE
from antiphon.kit.clients import Client
from antiphon.kit.ids import Kind, parse
from antiphon.kit.settings import Settings

__all__ = ["make_demo"]

EMAIL, HANDLE, NAME = "demo@localhost.localdomain", "demo", "Demo curator"
PATIENCE_S = 900.0


class DemoFailed(Exception):
    """The server refused something; the text says what."""


class Visitor:
    """A signed-in person who talks HTTP with the server, as any client does."""

    def __init__(self, settings: Settings, token: str) -> None:
        host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104 — compared, not bound
        self._address = (host, settings.port)
        self._headers = {"Authorization": f"Bearer {token}"}

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        data = body if isinstance(body, bytes) or body is None else msgspec.json.encode(body)
        kind = {} if body is None or "Content_Type" in headers else {"Content-Type": "application/json"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection(*self._address, timeout=60)
        try:
            connection.request(method, f"/api/v1{path}", data, self._headers | kind | named)
            response = connection.getresponse()
            answer = response.read()
            if response.status >= 400:
                raise DemoFailed(f"{method} {path}: {response.status} {answer[:300].decode()}")
            located = response.headers.get("Content-Location") or response.headers.get("Location")
            return msgspec.json.decode(answer) if answer else located
        finally:
            connection.close()

    def pages(self, path: str) -> Iterator[dict[str, Any]]:
        cursor = ""
        while True:
            page = self.call("GET", f"{path}&limit=100{f'&cursor={cursor}' if cursor else ''}")
            yield from page["items"]
            cursor = page["next"]
            if not cursor:
                return

    def upload(self, track: DemoTrack, artist: str, album: str, audio: bytes) -> str:
        """By tus, as the web client does; answers the content's id."""
        fields = {"filename": f"{track.key}.wav", "artist_id": artist, "album_id": album, "title": track.title}
        encoded = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in fields.items())
        where = self.call(
            "POST", "/uploads", None, Upload_Length=str(len(audio)), Upload_Metadata=encoded, Tus_Resumable="1.0.0"
        )
        done = self.call(
            "PATCH",
            where.removeprefix("/api/v1"),
            audio,
            Upload_Offset="0",
            Content_Type="application/offset+octet-stream",
            Tus_Resumable="1.0.0",
        )
        return str(done).rpartition("/")[2]


async def _sign_in(settings: Settings) -> str:
    house = open_house(settings)
    try:
        await house.start()
        async with house.db.system() as uow:
            user_id = await identity.user_by_handle(uow.conn, HANDLE)
            if user_id is None:
                user_id = await identity.create_user(uow, email=EMAIL, handle=HANDLE, display_name=NAME)
            signed_in = await identity.open_session(uow, house.identity, user_id, method="demo", client=Client())
        assert signed_in.tokens is not None
        return signed_in.tokens.access_token
    finally:
        await house.close()


async def _approve(settings: Settings, artist: str) -> None:
    """Who runs the machine wants the demo, so its artists need nobody else's word."""
    house = open_house(settings)
    try:
        await house.start()
        async with house.db.system() as uow:
            await catalog.approve(uow, parse(Kind.ARTIST, artist), by=None)
    finally:
        await house.close()


def make_demo(settings: Settings) -> int:
    """Needs the running server. Finds what an earlier try made, and goes on there."""
    visitor = Visitor(settings, asyncio.run(_sign_in(settings)))
    console = Console(stderr=True)
    console.print("  Making the demo: composing, recording and processing three albums.\n")
    columns = TextColumn("  {task.description:<34}"), BarColumn(), TaskProgressColumn()
    try:
        with Progress(*columns, console=console, transient=False, redirect_stderr=False) as progress:
            _Maker(settings, visitor, progress).make(demo_albums())
    except (DemoFailed, OSError) as error:
        console.print(f"  The demo is not finished: {error}\n  It goes on with the next start, or `antiphon demo`.")
        return 1
    (settings.home / DEMO_DONE).touch()
    console.print(f"\n  The demo is ready: {settings.site_url}\n")
    return 0


class _Maker:
    def __init__(self, settings: Settings, visitor: Visitor, progress: Progress) -> None:
        self._settings = settings
        self._visitor = visitor
        self._progress = progress

    def make(self, albums: tuple[DemoAlbum, ...]) -> None:
        count = sum(len(album.tracks) for album in albums)
        composing = self._progress.add_task("Composing and recording", total=count)
        processing = self._progress.add_task("Processing", total=100 * count)
        homes = {album.key: self._home(album) for album in albums}
        waiting: dict[str, list[str]] = {album.key: [] for album in albums}
        have = {album.key: self._tracks_of(homes[album.key][1]) for album in albums}
        missing = tuple(album for album in albums if len(have[album.key]) < len(album.tracks))
        self._progress.update(composing, completed=count - sum(len(album.tracks) for album in missing))
        for album in albums:
            waiting[album.key] += [found["id"] for found in have[album.key].values()]
        for album, track, audio in render_albums(missing):
            self._progress.advance(composing)
            if track.title not in have[album.key]:
                artist, album_id = homes[album.key]
                content = self._visitor.upload(track, artist, album_id, audio)
                self._describe(content, album, track)
                waiting[album.key].append(content)
        self._publish(albums, homes, waiting, processing)

    def _home(self, album: DemoAlbum) -> tuple[str, str]:
        artist = self._artist(album.artist)
        for found in self._visitor.pages(f"/albums?mine=true&artist_id={artist}"):
            if found["title"] == album.title:
                return artist, found["id"]
        made = self._visitor.call(
            "POST",
            "/albums",
            {
                "artist_id": artist,
                "title": album.title,
                "album_kind": album.kind,
                "release_date": album.release_date.isoformat(),
                "label": album.label,
                "description": album.description,
            },
        )
        self._visitor.call("PUT", f"/albums/{made['id']}/cover", render_cover(album), Content_Type="image/png")
        return artist, made["id"]

    def _artist(self, artist: DemoArtist) -> str:
        mine = self._visitor.pages("/artists?mine=true")
        found = next((one for one in mine if one["name"] == artist.name), None) or self._make_artist(artist)
        if found["approval"] == "waiting":
            asyncio.run(_approve(self._settings, found["id"]))
        return str(found["id"])

    def _make_artist(self, artist: DemoArtist) -> dict[str, Any]:
        made: dict[str, Any] = self._visitor.call("POST", "/artists", {"name": artist.name, "bio": artist.bio})
        portrait = render_portrait(artist)
        self._visitor.call("PUT", f"/artists/{made['id']}/image", portrait, Content_Type="image/png")
        return made

    def _tracks_of(self, album_id: str) -> dict[str, dict[str, Any]]:
        return {track["title"]: track for track in self._visitor.call("GET", f"/albums/{album_id}")["tracks"]}

    def _describe(self, content: str, album: DemoAlbum, track: DemoTrack) -> None:
        change = {
            "track_number": track.number,
            "disc_number": 1,
            "year": album.release_date.year,
            "genres": list(track.genres),
            "credits": [{"name": credit.name, "role": credit.role} for credit in track.credits],
        }
        self._visitor.call("PUT", f"/content/{content}", change)

    def _publish(
        self,
        albums: tuple[DemoAlbum, ...],
        homes: dict[str, tuple[str, str]],
        waiting: dict[str, list[str]],
        bar: Any,
    ) -> None:
        """Each album as soon as all of it plays; the bar goes on until every rendition is there."""
        unpublished = {album.key for album in albums}
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            states = {key: [self._visitor.call("GET", f"/content/{c}") for c in waiting[key]] for key in waiting}
            for key in sorted(unpublished):
                if all(state["status"] == "ready" for state in states[key]):
                    self._visitor.call("POST", f"/albums/{homes[key][1]}/publish")
                    unpublished.discard(key)
            everything = [state for group in states.values() for state in group]
            self._progress.update(bar, completed=sum(state["progress"]["percent"] for state in everything))
            failed = [state["title"] for state in everything if state["status"] == "failed"]
            if failed:
                raise DemoFailed(f"could not be processed: {', '.join(failed)}")
            if not unpublished and all(state["renditions_complete"] for state in everything):
                return
            time.sleep(0.5)
        raise DemoFailed("processing takes too long")
