"""The database's history: every earlier state comes to the present one with its data, under two roles."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

import antiphon.migrations as migrations
from antiphon.migrations import current_and_head, migrate
from tests.support.database import TestServer

SCHEMAS = ["kit", "identity", "catalog", "media", "playback", "social", "live", "integrations"]

# What each revision can hold, and how to find it again.
_KEPT = {
    "0001": "INSERT INTO kit.facts VALUES (gen_random_uuid(), 'kept', 1, gen_random_uuid(), '{}', now())",
    "0002": "INSERT INTO identity.users (email, email_key, handle, display_name, created_at, updated_at) "
    "VALUES ('kept@x.org', 'kept@x.org', 'kept', 'kept', now(), now())",
    "0003": "INSERT INTO catalog.artists (name, search_key, created_at, updated_at) VALUES ('kept', 'k', now(), now())",
    "0004": "INSERT INTO media.blobs VALUES ('kept', 1, now())",
    "0005": "INSERT INTO playback.sessions (track_id, event_id, started_at, updated_at) "
    "VALUES (gen_random_uuid(), gen_random_uuid(), now(), now())",
    "0006": "INSERT INTO kit.data_keys (wrapped, wrapped_by, created_at) VALUES (sha256('kept'), 'kept', now())",
    "0007": "INSERT INTO identity.audit_log (at, action, address, user_agent, data) "
    "VALUES (now(), 'a.kept', '', '', '{}')",
    "0008": "INSERT INTO identity.wallets (user_id, address, linked_at) "
    "SELECT id, '0x' || repeat('0', 40), now() FROM identity.users WHERE handle = 'kept'",
    "0009": "INSERT INTO identity.factor_failures (user_id, failures) SELECT id, 7 FROM identity.users",
    "0010": "INSERT INTO catalog.artist_managers (artist_id, user_id, kind, since) "
    "SELECT a.id, u.id, 'label', now() FROM catalog.artists a, identity.users u",
    "0011": "INSERT INTO identity.api_keys (id, user_id, digest, name, scopes, created_at) "
    "SELECT gen_random_uuid(), id, sha256('kept'), 'Kept', '{listen}', now() FROM identity.users",
    "0012": "INSERT INTO identity.consents (user_id, purpose, version, granted, at) "
    "SELECT id, 'kept', '1', true, now() FROM identity.users LIMIT 1",
    "0013": "INSERT INTO playback.plays (session_id, track_id, started_at, counted_at, imported) "
    "VALUES (gen_random_uuid(), gen_random_uuid(), now(), now(), true)",
    "0014": "INSERT INTO identity.linked_identities (user_id, provider, issuer, subject, created_at) "
    "SELECT id, 'kept', 'https://kept', 'kept', now() FROM identity.users WHERE handle = 'kept'",
    "0015": "INSERT INTO identity.apps (name, redirect_uris, created_at) VALUES ('kept', '{http://localhost/}', now())",
    "0016": "INSERT INTO catalog.libraries (name, path, created_at, updated_at) VALUES ('kept', '/kept', now(), now())",
    "0017": "INSERT INTO identity.sign_ups (email, email_key, handle, display_name, language, passkey, created_at) "
    "VALUES ('k@kept', 'k@kept', 'kept', 'Kept', 'en', '{}', now())",
    "0018": "INSERT INTO catalog.artists (name, search_key, sort_key, approval, approval_asked_at, created_at, "
    "updated_at) VALUES ('asked', 'a', 'a', 'waiting', now(), now(), now())",
    "0019": "INSERT INTO catalog.track_stats (track_id, plays) SELECT id, 0 FROM catalog.tracks LIMIT 1",
    "0020": "INSERT INTO media.scans (library_id, asked_at) "
    "SELECT id, now() FROM catalog.libraries WHERE name = 'kept'",
    "0021": "INSERT INTO identity.sessions (user_id, method, name, user_agent, address, created_at, last_seen_at, "
    "authenticated_at) SELECT id, 'password', 'Kept', '', '', now(), now(), now() FROM identity.users LIMIT 1",
    "0022": "INSERT INTO catalog.playlists (owner_id, name, search_key, created_at, updated_at) "
    "SELECT id, 'kept', 'kept', now(), now() FROM identity.users WHERE handle = 'kept'",
    "0023": "WITH track AS (INSERT INTO catalog.tracks (artist_id, title, search_key, created_at, updated_at) "
    "SELECT id, 'kept', 'kept', now(), now() FROM catalog.artists WHERE name = 'kept' LIMIT 1 RETURNING id) "
    "INSERT INTO catalog.lyrics (track_id, synced, document, created_at, updated_at) "
    "SELECT id, false, '{}', now(), now() FROM track",
    "0024": "INSERT INTO catalog.playlist_imports (owner_id, name, lines, created_at) "
    "SELECT id, 'kept', '[]', now() FROM identity.users WHERE handle = 'kept'",
    "0025": "INSERT INTO catalog.genres (name, key) VALUES ('Kept', 'kept genre')",
    "0026": "INSERT INTO social.likes (user_id, work_id, kind, liked_at) "
    "SELECT id, gen_random_uuid(), 'track', now() FROM identity.users WHERE handle = 'kept'",
    "0027": "INSERT INTO playback.bookmarks (user_id, track_id, position_ms, created_at, changed_at) "
    "SELECT id, gen_random_uuid(), 7, now(), now() FROM identity.users WHERE handle = 'kept'",
    "0028": "INSERT INTO live.stations (name, sort_key, stream_url, created_at, updated_at) "
    "VALUES ('kept', 'kept', 'http://kept/', now(), now())",
    "0029": "INSERT INTO catalog.redirects (id, kind, target, since) "
    "VALUES (gen_random_uuid(), 'track', gen_random_uuid(), now())",
    "0030": "UPDATE catalog.genres SET parent_id = NULL WHERE key = 'kept genre'",
    "0031": "INSERT INTO catalog.merges (edit_id, moved) SELECT id, '{}' FROM catalog.edits LIMIT 1",
    "0032": "UPDATE media.library_files SET unmatched = 0",
    "0033": "UPDATE catalog.genres SET parent_id = NULL WHERE key = 'kept genre'",
    "0034": "UPDATE media.library_files SET beyond = true",
    "0035": "UPDATE catalog.tracks SET work = 'kept' WHERE title = 'kept'",
    "0036": "UPDATE identity.preferences SET language_chosen = true",
    "0037": "UPDATE catalog.tracks SET territories = '{DE}' WHERE title = 'kept'",
    "0038": "INSERT INTO catalog.track_genres (track_id, genre_id) "
    "SELECT t.id, g.id FROM catalog.tracks t, catalog.genres g WHERE t.title = 'kept' AND g.key = 'kept genre'",
    "0039": "UPDATE identity.users SET bio = 'kept' WHERE handle = 'kept'",
    "0040": "INSERT INTO kit.topics VALUES ('kept', 1, 1, now())",
    "0041": "UPDATE catalog.tracks SET comment = 'kept' WHERE title = 'kept'",
    "0042": "INSERT INTO playback.queues (user_id, revision) SELECT id, 7 FROM identity.users WHERE handle = 'kept'",
    "0043": "INSERT INTO playback.devices (user_id, id, name, kind, seen_at, until) "
    "SELECT id, gen_random_uuid(), 'kept', 'phone', now(), now() FROM identity.users WHERE handle = 'kept'",
    "0044": "UPDATE catalog.tracks SET taken_down_at = now(), taken_down_reason = 'kept' WHERE title = 'kept'",
    "0045": "INSERT INTO kit.gateways VALUES ('kept', now())",
    "0046": "UPDATE catalog.tracks SET version_title = 'kept' WHERE title = 'kept'",
    "0047": "INSERT INTO catalog.playlist_states (playlist_id, owner_id, name, comment, entry_ids, track_ids, "
    "added_at, changed_at) SELECT id, owner_id, 'kept', '', '{}', '{}', '{}', now() FROM catalog.playlists LIMIT 1",
    "0048": "INSERT INTO playback.now_playing (user_id, player_key, player, track_id, started_at, until, state) "
    "SELECT id, 'kept', 'kept', gen_random_uuid(), now(), now(), 'paused' FROM identity.users WHERE handle = 'kept'",
    "0049": "UPDATE playback.plays SET set_apart = 'rate' WHERE imported",
    "0050": "INSERT INTO integrations.scrobblers (user_id, service, account, sealed, connected_at, told_until, "
    "next_try_at) SELECT id, 'kept', 'kept', '', now(), now(), now() FROM identity.users WHERE handle = 'kept'",
    "0051": "WITH i AS (INSERT INTO identity.imports (user_id, state, bytes, publish, created_at) "
    "SELECT id, 'done', 1, true, now() FROM identity.users WHERE handle = 'kept' RETURNING id) "
    "INSERT INTO identity.import_leftovers (import_id, name, source, reason, label) "
    "SELECT id, 'likes', 'trk_kept', 'work_not_here', 'kept' FROM i",
    "0052": "UPDATE integrations.scrobblers SET failure = 'kept'",
    "0053": "INSERT INTO playback.jam_rooms (id, created_at, playing, position_ms, at, code) "
    "VALUES (gen_random_uuid(), now(), true, 7, now(), 'kept')",
    "0054": "UPDATE catalog.track_artists SET credited_as = 'kept' WHERE position = 0",
    "0055": "UPDATE live.stations SET cover = '{}'",
    "0056": "INSERT INTO integrations.not_taken (connection_id, user_id, title, artist, started_at, reason, "
    "put_aside_at) SELECT id, user_id, 'kept', '', now(), '', now() FROM integrations.scrobblers",
    "0057": "INSERT INTO catalog.track_stats (track_id, plays) SELECT id, 7 FROM catalog.tracks WHERE title = 'kept' "
    "ON CONFLICT (track_id) DO UPDATE SET plays = 7",
    "0058": "UPDATE catalog.libraries SET writes_tags = true",
    "0059": "UPDATE identity.imports SET state = 'review', review = true",
    "0060": "WITH act AS (SELECT set_config('antiphon.system', 'on', true)) "
    "INSERT INTO catalog.playlist_entries (playlist_id, track_id, place, added_at) "
    "SELECT p.id, t.id, 7, now() FROM act, catalog.playlists p, catalog.tracks t WHERE t.title = 'kept' LIMIT 1",
    "0061": "UPDATE playback.devices SET given_name = 'kept'",
    "0062": "INSERT INTO social.pre_saves (user_id, work_id, saved_at) "
    "SELECT id, gen_random_uuid(), now() FROM identity.users WHERE handle = 'kept'",
    "0063": "UPDATE catalog.tracks SET work = 'kept' WHERE title = 'kept'",
    "0064": "INSERT INTO playback.private_times (user_id, started_at, counted_at) "
    "SELECT id, now(), now() FROM identity.users WHERE handle = 'kept'",
    "0065": "INSERT INTO media.measures (track_id, of_bytes, asked_at) "
    "SELECT id, 7, now() FROM catalog.tracks WHERE title = 'kept' LIMIT 1",
    "0066": "UPDATE catalog.tracks SET comment = 'kept' WHERE title = 'kept'",
}
_FOUND = {
    "0001": "SELECT count(*) FROM kit.facts WHERE name = 'kept'",
    "0002": "SELECT count(*) FROM identity.users WHERE handle = 'kept'",
    "0003": "SELECT count(*) FROM catalog.artists WHERE name = 'kept'",
    "0004": "SELECT count(*) FROM media.blobs WHERE key = 'kept'",
    "0005": "SELECT count(*) FROM playback.sessions",
    "0006": "SELECT count(*) FROM kit.data_keys WHERE wrapped_by = 'kept'",
    "0007": "SELECT count(*) FROM identity.audit_log WHERE action = 'a.kept'",
    "0008": "SELECT count(*) FROM identity.wallets",
    "0009": "SELECT count(*) FROM identity.factor_failures WHERE failures = 7",
    "0010": "SELECT count(*) FROM catalog.artist_managers WHERE kind = 'label'",
    "0011": "SELECT count(*) FROM identity.api_keys WHERE name = 'Kept'",
    "0012": "SELECT count(*) FROM identity.consents WHERE purpose = 'kept'",
    "0013": "SELECT count(*) FROM playback.plays WHERE imported",
    "0014": "SELECT count(*) FROM identity.linked_identities WHERE subject = 'kept'",
    "0015": "SELECT count(*) FROM identity.apps WHERE name = 'kept'",
    "0016": "SELECT count(*) FROM catalog.libraries WHERE name = 'kept'",
    "0017": "SELECT count(*) FROM identity.sign_ups WHERE email = 'k@kept'",
    "0018": "SELECT count(*) FROM catalog.artists WHERE approval = 'waiting'",
    "0019": "SELECT count(*) FROM catalog.artists WHERE name = 'kept'",
    "0020": "SELECT count(*) FROM media.scans",
    "0021": "SELECT count(*) FROM identity.sessions WHERE name = 'Kept'",
    "0022": "SELECT count(*) FROM catalog.playlists WHERE name = 'kept'",
    "0023": "SELECT count(*) FROM catalog.lyrics",
    "0024": "SELECT count(*) FROM catalog.playlist_imports WHERE name = 'kept'",
    "0025": "SELECT count(*) FROM catalog.genres WHERE key = 'kept genre'",
    "0026": "SELECT likes FROM social.work_stats",
    "0027": "SELECT count(*) FROM playback.bookmarks",
    "0028": "SELECT count(*) FROM live.stations",
    "0029": "SELECT count(*) FROM catalog.redirects",
    "0030": "SELECT count(*) FROM catalog.genres WHERE parent_id IS NULL",
    "0031": "SELECT count(*) FROM catalog.genres WHERE parent_id IS NULL",
    "0032": "SELECT count(*) FROM catalog.libraries WHERE name = 'kept'",
    "0033": "SELECT count(*) FROM catalog.genres WHERE parent_id IS NULL",
    "0034": "SELECT count(*) FROM catalog.libraries WHERE name = 'kept'",
    "0035": "SELECT count(*) FROM catalog.tracks WHERE work = 'kept'",
    "0036": "SELECT count(*) FROM catalog.tracks WHERE work = 'kept'",
    "0037": "SELECT count(*) FROM catalog.tracks WHERE territories = '{DE}'",
    "0038": "SELECT count(*) FROM catalog.track_genres",
    "0039": "SELECT count(*) FROM catalog.changes WHERE kind = 'person'",
    "0040": "SELECT count(*) FROM kit.topics WHERE topic = 'kept'",
    "0041": "SELECT count(*) FROM catalog.tracks WHERE comment = 'kept'",
    "0042": "SELECT count(*) FROM playback.queues WHERE revision = 7",
    "0043": "SELECT count(*) FROM playback.devices WHERE name = 'kept'",
    "0044": "SELECT count(*) FROM catalog.tracks WHERE taken_down_reason = 'kept'",
    "0045": "SELECT count(*) FROM kit.gateways",
    "0046": "SELECT count(*) FROM catalog.tracks WHERE version_title = 'kept'",
    "0047": "SELECT count(*) FROM catalog.playlist_states WHERE name = 'kept'",
    "0048": "SELECT count(*) FROM playback.now_playing WHERE state = 'paused'",
    "0049": "SELECT count(*) FROM playback.plays WHERE set_apart = 'rate'",
    "0050": "SELECT count(*) FROM integrations.scrobblers",
    "0051": "SELECT count(*) FROM identity.import_leftovers WHERE label = 'kept'",
    "0052": "SELECT count(*) FROM integrations.scrobblers WHERE failure = 'kept' AND forwards",
    "0053": "SELECT count(*) FROM playback.jam_rooms WHERE position_ms = 7",
    "0054": "SELECT count(*) FROM catalog.track_artists WHERE credited_as = 'kept'",
    "0055": "SELECT count(*) FROM live.stations WHERE cover = '{}'",
    "0056": "SELECT count(*) FROM integrations.not_taken WHERE title = 'kept'",
    "0057": "SELECT count(*) FROM catalog.track_stats WHERE plays = 7",
    "0058": "SELECT least(count(*), 1) FROM catalog.libraries WHERE writes_tags",
    "0059": "SELECT count(*) FROM identity.imports WHERE state = 'review' AND unsure = '[]'",
    "0060": "SELECT count(*) FROM catalog.playlist_entries WHERE place = 7",
    "0061": "SELECT count(*) FROM playback.devices WHERE given_name = 'kept'",
    "0062": "SELECT count(*) FROM social.pre_saves",
    "0063": "SELECT count(*) FROM catalog.tracks WHERE work = 'kept'",
    "0064": "SELECT count(*) FROM playback.private_times",
    "0065": "SELECT count(*) FROM media.measures WHERE of_bytes = 7",
    "0066": "SELECT least(count(*), 1) FROM catalog.stirred",
}
REVISIONS = sorted(_KEPT)
_SHAPE = """
    SELECT table_schema, table_name, column_name, data_type, is_nullable, column_default
    FROM information_schema.columns WHERE table_schema = ANY (%s) ORDER BY 1, 2, 3
"""


def _ask(url: str, query: str, *args: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, autocommit=True) as conn:
        found = conn.execute(query, args or None)  # type: ignore[call-overload]
        return list(found.fetchall()) if found.description else []


@pytest.fixture
def empty(server: TestServer) -> Iterator[str]:
    """The owner's URL of a database without anything in it."""
    name = f"empty_{uuid.uuid4().hex}"
    server._run(f"CREATE DATABASE {name} OWNER antiphon_owner")
    try:
        yield server.server.url(name, "antiphon_owner")
    finally:
        server._run(f"DROP DATABASE {name} WITH (FORCE)")


def test_every_earlier_state_comes_to_the_present_with_its_data(
    server: TestServer, empty: str, database_url: str
) -> None:
    expected = _ask(server.owner_url(database_url), _SHAPE, SCHEMAS)
    assert current_and_head(empty) == (None, REVISIONS[-1])
    for at, revision in enumerate(REVISIONS):
        migrate(empty, revision)
        assert current_and_head(empty)[0] == revision
        _ask(empty, _KEPT[revision])
        for earlier in REVISIONS[: at + 1]:
            assert _ask(empty, _FOUND[earlier]) == [(1,)], (revision, earlier)
    migrate(empty)
    migrate(empty)  # nothing left to do
    assert _ask(empty, _SHAPE, SCHEMAS) == expected
    assert len(expected) > 100


def test_artists_that_were_there_count_as_approved(empty: str) -> None:
    migrate(empty, "0015")
    _ask(empty, _KEPT["0003"])
    migrate(empty)
    assert _ask(empty, "SELECT approval, refused_for, decided_by FROM catalog.artists") == [("approved", None, None)]


def test_there_is_no_way_back() -> None:
    assert set(migrations.__all__) == {"current_and_head", "migrate"}


def test_the_application_owns_nothing_and_may_make_nothing(server: TestServer, database_url: str) -> None:
    owner = server.owner_url(database_url)
    role = _ask(
        owner,
        "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, rolreplication FROM pg_roles "
        "WHERE rolname = 'antiphon_app'",
    )
    assert role == [(False,) * 5]
    for catalogue, column in (("pg_class", "relowner"), ("pg_namespace", "nspowner"), ("pg_proc", "proowner")):
        owned = f"SELECT count(*) FROM {catalogue} WHERE {column} = 'antiphon_app'::regrole"
        assert _ask(owner, owned) == [(0,)], catalogue
    assert _ask(database_url, "SELECT current_user") == [("antiphon_app",)]
    refused = [f"CREATE TABLE {schema}.planted (a int)" for schema in [*SCHEMAS, "public"]]
    refused += [
        "CREATE SCHEMA planted", "DROP TABLE catalog.tracks", "ALTER TABLE catalog.tracks ADD COLUMN x int",
        "TRUNCATE catalog.tracks", "ALTER TABLE catalog.tracks DISABLE ROW LEVEL SECURITY",
        "ALTER ROLE antiphon_app BYPASSRLS", "SET ROLE antiphon_owner", "SET ROLE postgres",
        "CREATE FUNCTION public.planted() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "COPY catalog.tracks TO '/tmp/planted'",
    ]  # fmt: skip
    for statement in refused:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            _ask(database_url, statement)


def test_row_level_security_binds_the_application(server: TestServer, database_url: str) -> None:
    owner = server.owner_url(database_url)
    _ask(owner, "CREATE TABLE kit.secret (whose uuid, what text)")
    _ask(owner, "ALTER TABLE kit.secret ENABLE ROW LEVEL SECURITY")
    mine = "whose = nullif(current_setting('antiphon.actor', true), '')::uuid"
    _ask(owner, f"CREATE POLICY mine ON kit.secret USING ({mine})")
    ada, eve = uuid.uuid4(), uuid.uuid4()
    for who in (ada, eve):
        _ask(owner, "INSERT INTO kit.secret VALUES (%s, 'x')", who)
    assert _ask(database_url, "SELECT count(*) FROM kit.secret") == [(0,)]
    with psycopg.connect(database_url) as conn:
        conn.execute("SELECT set_config('antiphon.actor', %s, true)", (str(ada),))
        assert conn.execute("SELECT whose FROM kit.secret").fetchall() == [(ada,)]


def test_new_months_have_their_partitions(server: TestServer, database_url: str) -> None:
    make = "SELECT kit.make_partitions('kit.facts', '2031-12-15', 3)"
    for _ in range(2):
        _ask(database_url, make)
    children = _ask(
        database_url, "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'kit.facts'::regclass"
    )
    names = {name for (name,) in children}
    assert {"kit.facts_2031_12", "kit.facts_2032_01", "kit.facts_2032_02", "kit.facts_otherwise"} <= names
    _ask(database_url, _KEPT["0001"].replace("now()", "'2031-12-31T23:30:00Z'"))
    assert _ask(database_url, "SELECT count(*) FROM kit.facts_2031_12") == [(1,)]
    with pytest.raises(psycopg.errors.RaiseException):
        _ask(database_url, "SELECT kit.make_partitions('catalog.tracks', '2031-12-15', 3)")


def test_a_migration_that_cannot_get_its_locks_gives_up(server: TestServer, empty: str) -> None:
    migrate(empty, "0003")
    with psycopg.connect(empty) as busy:
        busy.execute("LOCK TABLE identity.users IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(Exception, match="lock timeout"):
            migrate(empty)
    assert current_and_head(empty)[0] == "0003"
    migrate(empty)
    assert current_and_head(empty)[0] == REVISIONS[-1]
