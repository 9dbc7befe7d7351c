"""`antiphon …`: every command, each importing only what it needs, so that the supervisor stays small."""

from __future__ import annotations

import asyncio
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from cyclopts import App

from antiphon.kit.collector import load_undisturbed
from antiphon.kit.errors import AppError
from antiphon.kit.logs import configure_logs
from antiphon.kit.settings import Settings, SettingsError, load_settings

__all__ = ["main"]

app = App(name="antiphon", help="A music platform that you own.", version=version("antiphon"))


def main() -> None:
    """Exit code 0, or 1 with a sentence on stderr; 2 for impossible settings; 130 after Ctrl-C."""
    load_undisturbed()
    try:
        app()
    except KeyboardInterrupt as error:
        raise SystemExit(130) from error
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201
        raise SystemExit(2) from error
    except AppError as error:
        print(f"{error.title}. {error.detail}", file=sys.stderr)  # noqa: T201
        raise SystemExit(1) from error


def _settings(log_level: str | None = None) -> Settings:
    settings = load_settings()
    configure_logs(log_level or settings.log_level, settings.log_format)
    return settings


@app.command
def serve() -> int:
    """Run everything on this machine: database, web server, worker; Ctrl-C stops it."""
    from antiphon.entry.cli.serve import serve as run

    return run(_settings())


@app.command
def web(*, reload: bool = False) -> None:
    """Run the web server alone; the database must be up and migrated."""
    from antiphon.entry.http.server import serve_http

    serve_http(_settings(), reload=reload)


@app.command
def realtime() -> None:
    """Run the gateway alone: `/ws` on a port of its own, for very many connections."""
    from antiphon.entry.cli.realtime import run_realtime

    asyncio.run(run_realtime(_settings()))


@app.command
def worker(*, alone: bool = False) -> None:
    """Run a worker alone. --alone: no other worker runs, so interrupted jobs go on at once."""
    from antiphon.entry.worker import run_worker

    asyncio.run(run_worker(_settings(), alone=alone))


@app.command
def migrate() -> None:
    """Bring the database to the present form, as its owner."""
    from antiphon.entry.database import logins
    from antiphon.migrations import migrate as run

    run(logins(_settings()).owner_url)


@app.command
def demo() -> int:
    """Make the demo's artists, albums and tracks on the running server; goes on where it stopped."""
    from antiphon.entry.cli.demo import make_demo

    return make_demo(_settings())


@app.command
def admin_link(*, first: bool = False) -> None:
    """Print a one-time sign-in link for the administrator, making the account where there is none.

    --first: nothing once they have signed in.
    """
    from antiphon.entry.cli.admin import print_sign_in_link

    asyncio.run(print_sign_in_link(_settings(), only_first=first))


@app.command
def doctor() -> int:
    """Say what is wrong with this machine, its settings or its data, and what to do."""
    from antiphon.entry.cli.doctor import examine

    return examine(_settings(log_level="critical"))  # what goes wrong is its own finding


jobs = App(name="jobs", help="Background jobs that ended badly.")
keys = App(name="keys", help="Keys that seal and sign.")
facts = App(name="facts", help="Facts whose handlers failed again and again.")
mail = App(name="mail", help="The letters that this installation sends.")
library = App(name="library", help="Collections that lie in folders of this machine.")
search = App(name="search", help="The search index.")
explain = App(name="explain", help="Why something is as it is.")
app.command(explain)
app.command(jobs)
app.command(search)
app.command(facts)
app.command(keys)


@keys.command(name="rotate")
def rotate_keys() -> None:
    """Seal with a new data key, and bring everything that is sealed under it; runs beside the server."""
    from antiphon.entry.cli.keys import rotate

    asyncio.run(rotate(_settings()))


@keys.command(name="rotate-signing")
def rotate_signing_keys(*, now: bool = False) -> None:
    """Sign tokens with a new key. --now: an old one was stolen, so what it signed holds no more."""
    from antiphon.entry.cli.keys import rotate_signing

    asyncio.run(rotate_signing(_settings(), now=now))


app.command(mail)
app.command(library)


@explain.command(name="playback")
def explain_playback(
    person: str,
    track: str,
    /,
    *,
    client: Literal["any", "browser", "apple", "mp3"] = "any",
    max_kbps: int | None = None,
    country: str | None = None,
) -> int:
    """Say how somebody hears a track and why: as it is, by a file made for them, or not at all.

    PERSON is a handle, or `guest`. --client: what the device plays. --max-kbps: the most that the network carries.
    --country: where they are (ISO 3166); without it as for a request that says nothing.
    """
    from antiphon.entry.cli.explain import playback_of

    return asyncio.run(playback_of(_settings(log_level="warning"), person, track, client, max_kbps, country))


@library.command(name="add")
def add_library(path: Path, *, name: str = "", access: Literal["everyone", "members", "chosen"] = "members") -> None:
    """Make a folder of this machine a library; its files stay where they are.

    --access: heard by everyone, by whoever has an account, or by people chosen later.
    """
    from antiphon.entry.cli.library import add

    asyncio.run(add(_settings(), path.expanduser().absolute(), name, access))


@library.command(name="list")
def list_libraries() -> None:
    """List libraries, with their numbers and their last scans."""
    from antiphon.entry.cli.library import list_all

    asyncio.run(list_all(_settings()))


@library.command(name="scan")
def scan_library(library: str | None = None, /, *, full: bool = False) -> int:
    """Read in what is new in a library, given by number or name, or in all. --full: read every file anew."""
    from antiphon.entry.cli.library import scan

    return asyncio.run(scan(_settings(log_level="warning"), library, full=full))


@library.command(name="missing")
def missing_tracks(library: str | None = None, /) -> None:
    """List tracks whose files were not found. They are hidden, and come back with their files."""
    from antiphon.entry.cli.library import missing

    asyncio.run(missing(_settings(), library))


@library.command(name="purge")
def purge_library(library: str, /, *tracks: str, yes: bool = False) -> int:
    """Delete tracks whose files were not found for good: those named by id, or all of a library.

    --yes: really; without it, say how many would go.
    """
    from antiphon.entry.cli.library import purge

    return asyncio.run(purge(_settings(), library, tracks, yes=yes))


@library.command(name="write-tags")
def write_library_tags(library: str, /, *, off: bool = False) -> None:
    """Let the worker write what people edit into the files of a library. --off: no longer; files are not touched."""
    from antiphon.entry.cli.library import write_tags

    asyncio.run(write_tags(_settings(), library, off=off))


@library.command(name="watch")
def watch_library(library: str, /, *, off: bool = False) -> None:
    """Let the worker watch a library and scan it whenever something changes. --off: no longer."""
    from antiphon.entry.cli.library import watch

    asyncio.run(watch(_settings(), library, off=off))


@library.command(name="remove")
def remove_library(library: str, /) -> None:
    """Take a library and its tracks out of the catalogue; its files stay where they are."""
    from antiphon.entry.cli.library import remove

    asyncio.run(remove(_settings(), library))


@jobs.command(name="dead")
def dead_jobs() -> None:
    """List dead letters."""
    from antiphon.entry.cli.repair import list_dead_jobs

    asyncio.run(list_dead_jobs(_settings()))


@jobs.command(name="replay")
def replay_job(number: int) -> None:
    """Try a dead letter again."""
    from antiphon.entry.cli.repair import replay_dead_job

    asyncio.run(replay_dead_job(_settings(), number))


@facts.command(name="parked")
def parked_facts() -> None:
    """List parked facts."""
    from antiphon.entry.cli.repair import list_parked

    asyncio.run(list_parked(_settings()))


@facts.command(name="replay")
def replay_facts(handler: str) -> None:
    """Hand the parked facts of a handler over again."""
    from antiphon.entry.cli.repair import replay_parked

    asyncio.run(replay_parked(_settings(), handler))


@mail.command(name="test")
def send_test_letter(address: str, *, language: str = "en") -> int:
    """Send a test letter to an address and say plainly what failed."""
    from antiphon.entry.cli.mail import try_letter

    return asyncio.run(try_letter(_settings(), address, language))


@search.command(name="rebuild")
def rebuild_search() -> None:
    """Make the search index anew from the database; what is there is searched meanwhile."""
    from antiphon.entry.cli.search import rebuild

    asyncio.run(rebuild(_settings()))


@app.command
def recount() -> None:
    """Rebuild the play counters that people see from the plays themselves."""
    from antiphon.entry.cli.repair import recount_plays

    asyncio.run(recount_plays(_settings()))
