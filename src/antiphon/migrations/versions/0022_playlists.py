"""Playlists: lists of tracks that people keep for themselves, or for everybody."""

from antiphon.migrations.support import begin

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    _tables(run)
    _visibility(run)
    _counts(run)
    _durations(run)
    _changes(run)


def _tables(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TABLE catalog.playlists (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            owner_id uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
            name text NOT NULL CHECK (name <> ''),
            search_key text NOT NULL,
            comment text NOT NULL DEFAULT '',
            visibility text NOT NULL DEFAULT 'private' CHECK (visibility IN ('private', 'unlisted', 'public')),
            track_count int NOT NULL DEFAULT 0,
            duration_ms bigint NOT NULL DEFAULT 0,
            withheld_at timestamptz,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            version int NOT NULL DEFAULT 1
        )
        """
    )
    run("COMMENT ON COLUMN catalog.playlists.track_count IS 'Of all entries, kept by trigger, as is duration_ms'")
    run("COMMENT ON COLUMN catalog.playlists.withheld_at IS 'Nobody else sees it while its owner is about to leave'")
    run("CREATE INDEX playlists_by_owner ON catalog.playlists (owner_id, updated_at, id)")
    run("CREATE INDEX playlists_listed ON catalog.playlists (updated_at, id) WHERE visibility = 'public'")
    run(
        """
        CREATE TABLE catalog.playlist_entries (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            playlist_id uuid NOT NULL REFERENCES catalog.playlists (id) ON DELETE CASCADE,
            track_id uuid NOT NULL REFERENCES catalog.tracks (id) ON DELETE CASCADE,
            place bigint NOT NULL,
            duration_ms bigint NOT NULL DEFAULT 0,
            added_at timestamptz NOT NULL
        )
        """
    )
    run(
        "COMMENT ON COLUMN catalog.playlist_entries.place IS "
        "'Places lie far apart, so that what moves finds room between two others'"
    )
    run("COMMENT ON COLUMN catalog.playlist_entries.duration_ms IS 'Of the track, kept by trigger: the list sums it'")
    run("CREATE INDEX playlist_entries_in_order ON catalog.playlist_entries (playlist_id, place, id)")
    run("CREATE INDEX playlist_entries_by_track ON catalog.playlist_entries (track_id)")


def _visibility(run) -> None:  # type: ignore[no-untyped-def]
    """What is unlisted is seen by whoever has its id: lists ask for public ones."""
    for table in ("playlists", "playlist_entries"):
        run(f"ALTER TABLE catalog.{table} ENABLE ROW LEVEL SECURITY")
    run("CREATE POLICY own_rows ON catalog.playlists USING (kit.may_see(owner_id))")
    run("CREATE POLICY shown ON catalog.playlists FOR SELECT USING (visibility <> 'private' AND withheld_at IS NULL)")
    run(
        "CREATE POLICY own_rows ON catalog.playlist_entries USING ("
        "kit.may_see((SELECT p.owner_id FROM catalog.playlists p WHERE p.id = playlist_id)))"
    )
    run(
        "CREATE POLICY shown ON catalog.playlist_entries FOR SELECT "
        "USING (EXISTS (SELECT FROM catalog.playlists p WHERE p.id = playlist_id))"
    )


def _after_each(run, table: str, name: str, event: str, body: str) -> None:  # type: ignore[no-untyped-def]
    run(
        f"""
        CREATE FUNCTION catalog.{name}_on_{event}() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            {body}
            RETURN NULL;
        END $$
        """
    )
    told = {
        "insert": "NEW TABLE AS after_rows",
        "update": "OLD TABLE AS before_rows NEW TABLE AS after_rows",
        "delete": "OLD TABLE AS before_rows",
    }[event]
    run(
        f"CREATE TRIGGER {name}_on_{event} AFTER {event.upper()} ON catalog.{table} REFERENCING {told} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION catalog.{name}_on_{event}()"
    )


def _counts(run) -> None:  # type: ignore[no-untyped-def]
    seen = "SELECT playlist_id, 1 AS step, duration_ms FROM after_rows"
    gone = "SELECT playlist_id, -1 AS step, -duration_ms FROM before_rows"
    steps = {"insert": seen, "update": f"{seen} UNION ALL {gone}", "delete": gone}
    for event, rows in steps.items():
        body = f"""
            WITH change AS (
                SELECT playlist_id, sum(step) AS tracks, sum(duration_ms) AS duration
                FROM ({rows}) AS r (playlist_id, step, duration_ms) GROUP BY playlist_id
            ), held AS (
                SELECT p.id, c.tracks, c.duration FROM catalog.playlists p JOIN change c ON c.playlist_id = p.id
                WHERE c.tracks <> 0 OR c.duration <> 0 ORDER BY p.id FOR UPDATE OF p
            )
            UPDATE catalog.playlists p SET track_count = p.track_count + h.tracks,
                duration_ms = p.duration_ms + h.duration
            FROM held h WHERE p.id = h.id;
        """
        _after_each(run, "playlist_entries", "count_entries", event, body)


def _durations(run) -> None:  # type: ignore[no-untyped-def]
    """A track has no duration before it was read, and another one after its file was exchanged."""
    body = """
        UPDATE catalog.playlist_entries e SET duration_ms = coalesce(a.duration_ms, 0)
        FROM after_rows a JOIN before_rows b ON b.id = a.id
        WHERE a.duration_ms IS DISTINCT FROM b.duration_ms AND e.track_id = a.id
          AND e.duration_ms <> coalesce(a.duration_ms, 0);
    """
    _after_each(run, "tracks", "tell_entries", "update", body)


def _changes(run) -> None:  # type: ignore[no-untyped-def]
    """The index holds public playlists only: of others it is told nothing, but that one stopped being public."""
    listed = "{rows}.visibility = 'public' AND {rows}.withheld_at IS NULL"
    now, before = listed.replace("{rows}", "a"), listed.replace("{rows}", "b")
    wanted = {
        "insert": f"SELECT a.id FROM after_rows a WHERE {now}",
        "update": f"SELECT a.id FROM after_rows a JOIN before_rows b ON b.id = a.id WHERE ({now} OR {before}) AND "
        "(a.name, a.comment, a.visibility, a.owner_id, a.withheld_at IS NULL) IS DISTINCT FROM "
        "(b.name, b.comment, b.visibility, b.owner_id, b.withheld_at IS NULL)",
        "delete": f"SELECT b.id FROM before_rows b WHERE {before}",
    }
    for event, rows in wanted.items():
        body = f"""
            INSERT INTO catalog.changes (kind, id) SELECT 'playlist', r.id FROM ({rows}) r;
            IF FOUND THEN PERFORM pg_notify('antiphon_index', ''); END IF;
        """
        _after_each(run, "playlists", "note_playlist", event, body)
