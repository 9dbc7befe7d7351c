"""The whole catalogue: libraries and folders, several artists, genres as a tree, exact counts, notes for the index.

Counts and the list of what changed are kept by statement triggers, because nobody may forget them: a scan writes
thousands of rows at a time and a person one, and both must be counted alike.
"""

from antiphon.migrations.support import begin, private

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

NOBODYS = "'00000000-0000-0000-0000-000000000000'"  # the library of what was uploaded


def upgrade() -> None:
    run = begin()
    _libraries(run)
    _artists(run)
    _albums(run)
    _tracks(run)
    _who_plays(run)
    _genres(run)
    _visibility(run)
    _album_counts(run)
    _artist_counts(run)
    _changes(run)


def _libraries(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TABLE catalog.libraries (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            number int GENERATED ALWAYS AS IDENTITY UNIQUE,
            name text NOT NULL CHECK (name <> ''),
            path text NOT NULL UNIQUE CHECK (path <> ''),
            access text NOT NULL DEFAULT 'members' CHECK (access IN ('everyone', 'members', 'chosen')),
            watched boolean NOT NULL DEFAULT false,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            version int NOT NULL DEFAULT 1
        )
        """
    )
    run("COMMENT ON COLUMN catalog.libraries.number IS 'Subsonic knows music folders by whole numbers'")
    run(
        """
        CREATE TABLE catalog.library_access (
            library_id uuid NOT NULL REFERENCES catalog.libraries (id) ON DELETE CASCADE,
            user_id uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
            since timestamptz NOT NULL,
            PRIMARY KEY (library_id, user_id)
        )
        """
    )
    run("CREATE INDEX library_access_by_user ON catalog.library_access (user_id)")
    private("catalog.library_access", "user_id")
    run(
        """
        CREATE FUNCTION catalog.open_libraries() RETURNS SETOF uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
            SELECT l.id FROM catalog.libraries l
            WHERE l.access = 'everyone'
               OR coalesce(current_setting('antiphon.system', true), '') = 'on'
               OR (l.access = 'members' AND nullif(current_setting('antiphon.actor', true), '') IS NOT NULL)
               OR (l.access = 'chosen' AND EXISTS (
                       SELECT FROM catalog.library_access a WHERE a.library_id = l.id
                       AND a.user_id = nullif(current_setting('antiphon.actor', true), '')::uuid))
        $$
        """
    )
    run("COMMENT ON FUNCTION catalog.open_libraries IS 'Those that the person who asks may listen to'")
    run(
        """
        CREATE TABLE catalog.folders (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            library_id uuid NOT NULL REFERENCES catalog.libraries (id) ON DELETE CASCADE,
            parent_id uuid REFERENCES catalog.folders (id) ON DELETE CASCADE,
            name text NOT NULL,
            sort_key text NOT NULL,
            path text NOT NULL,
            cover jsonb,
            created_at timestamptz NOT NULL,
            UNIQUE (library_id, path)
        )
        """
    )
    run("COMMENT ON COLUMN catalog.folders.path IS 'Under the library, with slashes; the library itself is empty'")
    run("CREATE INDEX folders_by_parent ON catalog.folders (parent_id, sort_key, id)")
    run("ALTER TABLE catalog.folders ENABLE ROW LEVEL SECURITY")
    run("CREATE POLICY open_libraries ON catalog.folders USING (library_id IN (SELECT catalog.open_libraries()))")


def _artists(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        ALTER TABLE catalog.artists
            ADD COLUMN sort_name text,
            ADD COLUMN sort_key text,
            ADD COLUMN kind text NOT NULL DEFAULT '' CHECK (kind IN ('', 'person', 'group', 'orchestra', 'choir',
                'character', 'other')),
            ADD COLUMN disambiguation text NOT NULL DEFAULT '',
            ADD COLUMN mbid uuid,
            ADD COLUMN links jsonb NOT NULL DEFAULT '[]',
            ADD COLUMN import_key text UNIQUE
        """
    )
    run("COMMENT ON COLUMN catalog.artists.sort_name IS 'As it stands in lists, where that is not the name'")
    run("COMMENT ON COLUMN catalog.artists.import_key IS 'By what an import finds the artist again'")
    run("UPDATE catalog.artists SET sort_key = search_key")
    run("ALTER TABLE catalog.artists ALTER COLUMN sort_key SET NOT NULL")
    run("CREATE INDEX artists_by_sort_key ON catalog.artists (sort_key, id)")
    run("CREATE INDEX artists_by_mbid ON catalog.artists (mbid) WHERE mbid IS NOT NULL")
    run(
        """
        CREATE TABLE catalog.artist_aliases (
            artist_id uuid NOT NULL REFERENCES catalog.artists (id) ON DELETE CASCADE,
            name text NOT NULL CHECK (name <> ''),
            search_key text NOT NULL,
            language text CHECK (language ~ '^[a-z]{2,3}$'),
            PRIMARY KEY (artist_id, name)
        )
        """
    )
    run("CREATE INDEX artist_aliases_by_name ON catalog.artist_aliases (search_key)")
    run(
        """
        CREATE TABLE catalog.artist_members (
            group_id uuid NOT NULL REFERENCES catalog.artists (id) ON DELETE CASCADE,
            member_id uuid NOT NULL REFERENCES catalog.artists (id) ON DELETE CASCADE,
            role text NOT NULL DEFAULT '',
            since_year int CHECK (since_year BETWEEN 1000 AND 9999),
            until_year int CHECK (until_year BETWEEN 1000 AND 9999),
            PRIMARY KEY (group_id, member_id, role),
            CHECK (group_id <> member_id)
        )
        """
    )
    run("CREATE INDEX artist_members_by_member ON catalog.artist_members (member_id)")


def _albums(run) -> None:  # type: ignore[no-untyped-def]
    run("ALTER TABLE catalog.albums DROP CONSTRAINT albums_kind_check")
    run(
        """
        ALTER TABLE catalog.albums
            ADD CONSTRAINT albums_kind_check CHECK (kind IN ('album', 'ep', 'single', 'compilation', 'live', 'remix',
                'soundtrack', 'mixtape', 'demo', 'spoken', 'audiobook', 'broadcast', 'other')),
            ADD COLUMN sort_title text,
            ADD COLUMN sort_key text,
            ADD COLUMN edition text NOT NULL DEFAULT '',
            ADD COLUMN disc_titles jsonb NOT NULL DEFAULT '{}',
            ADD COLUMN release_precision text NOT NULL DEFAULT 'day'
                CHECK (release_precision IN ('year', 'month', 'day')),
            ADD COLUMN original_date date,
            ADD COLUMN original_precision text NOT NULL DEFAULT 'day'
                CHECK (original_precision IN ('year', 'month', 'day')),
            ADD COLUMN catalog_number text NOT NULL DEFAULT '',
            ADD COLUMN compilation boolean NOT NULL DEFAULT false,
            ADD COLUMN territories text[],
            ADD COLUMN moods text[] NOT NULL DEFAULT '{}',
            ADD COLUMN tags text[] NOT NULL DEFAULT '{}',
            ADD COLUMN mbid uuid,
            ADD COLUMN release_group_mbid uuid,
            ADD COLUMN publish_at timestamptz,
            ADD COLUMN taken_down_at timestamptz,
            ADD COLUMN taken_down_reason text,
            ADD COLUMN library_id uuid REFERENCES catalog.libraries (id),
            ADD COLUMN folder_id uuid REFERENCES catalog.folders (id) ON DELETE SET NULL,
            ADD COLUMN import_key text,
            ADD COLUMN track_count int NOT NULL DEFAULT 0,
            ADD COLUMN duration_ms bigint NOT NULL DEFAULT 0,
            ADD COLUMN dice real NOT NULL DEFAULT random(),
            ADD CONSTRAINT albums_import_key UNIQUE (library_id, import_key),
            ADD CONSTRAINT albums_taken_down CHECK (taken_down_at IS NULL OR published_at IS NULL)
        """
    )
    run(
        "COMMENT ON COLUMN catalog.albums.territories IS 'ISO 3166 countries where it may be heard; everywhere if none'"
    )
    run("COMMENT ON COLUMN catalog.albums.track_count IS 'Of published tracks, kept by trigger, as is duration_ms'")
    run("COMMENT ON COLUMN catalog.albums.dice IS 'A place in a shuffled order: random albums are an index range'")
    run("UPDATE catalog.albums SET sort_key = search_key")
    run("ALTER TABLE catalog.albums ALTER COLUMN sort_key SET NOT NULL")
    run("CREATE INDEX albums_by_sort_key ON catalog.albums (sort_key, id) WHERE published_at IS NOT NULL")
    run("CREATE INDEX albums_by_date ON catalog.albums (release_date, id) WHERE published_at IS NOT NULL")
    run("CREATE INDEX albums_shuffled ON catalog.albums (dice) WHERE published_at IS NOT NULL")
    run("CREATE INDEX albums_by_folder ON catalog.albums (folder_id) WHERE folder_id IS NOT NULL")
    run("CREATE INDEX albums_due ON catalog.albums (publish_at) WHERE publish_at IS NOT NULL")
    run("CREATE INDEX albums_by_mbid ON catalog.albums (mbid) WHERE mbid IS NOT NULL")


def _tracks(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        ALTER TABLE catalog.tracks
            ADD COLUMN sort_title text,
            ADD COLUMN version_title text NOT NULL DEFAULT '',
            ADD COLUMN disc_title text,
            ADD COLUMN bpm real CHECK (bpm > 0),
            ADD COLUMN musical_key text,
            ADD COLUMN language text,
            ADD COLUMN moods text[] NOT NULL DEFAULT '{}',
            ADD COLUMN tags text[] NOT NULL DEFAULT '{}',
            ADD COLUMN work text NOT NULL DEFAULT '',
            ADD COLUMN movement text NOT NULL DEFAULT '',
            ADD COLUMN comment text NOT NULL DEFAULT '',
            ADD COLUMN copyright text NOT NULL DEFAULT '',
            ADD COLUMN mbid uuid,
            ADD COLUMN publish_at timestamptz,
            ADD COLUMN taken_down_at timestamptz,
            ADD COLUMN taken_down_reason text,
            ADD COLUMN library_id uuid REFERENCES catalog.libraries (id),
            ADD COLUMN folder_id uuid REFERENCES catalog.folders (id) ON DELETE SET NULL,
            ADD COLUMN missing_since timestamptz,
            ADD COLUMN dice real NOT NULL DEFAULT random(),
            ADD CONSTRAINT tracks_taken_down CHECK (taken_down_at IS NULL OR published_at IS NULL)
        """
    )
    run(
        "COMMENT ON COLUMN catalog.tracks.missing_since IS 'Its file was not found by a scan; hidden until it is again'"
    )
    run("COMMENT ON COLUMN catalog.tracks.mbid IS 'Of the recording'")
    run("CREATE INDEX tracks_shuffled ON catalog.tracks (dice) WHERE published_at IS NOT NULL")
    run(
        "CREATE INDEX tracks_by_folder ON catalog.tracks (folder_id, disc_number, track_number) "
        "WHERE folder_id IS NOT NULL"
    )
    run("CREATE INDEX tracks_by_library ON catalog.tracks (library_id, id) WHERE library_id IS NOT NULL")
    run("CREATE INDEX tracks_due ON catalog.tracks (publish_at) WHERE publish_at IS NOT NULL")
    run("CREATE INDEX tracks_by_mbid ON catalog.tracks (mbid) WHERE mbid IS NOT NULL")
    run(
        """
        CREATE TABLE catalog.track_files (
            track_id uuid PRIMARY KEY REFERENCES catalog.tracks (id) ON DELETE CASCADE,
            path text NOT NULL DEFAULT '',
            suffix text NOT NULL DEFAULT '',
            mime text NOT NULL DEFAULT '',
            codec text NOT NULL DEFAULT '',
            bytes bigint NOT NULL DEFAULT 0,
            bitrate_kbps int,
            sample_rate int,
            channels int,
            bit_depth int,
            track_gain real,
            track_peak real,
            album_gain real,
            album_peak real
        )
        """
    )
    run("COMMENT ON TABLE catalog.track_files IS 'What the original file of a track is, as media told'")
    run("COMMENT ON COLUMN catalog.track_files.path IS 'As people know it: folders and name under the library'")
    run("COMMENT ON COLUMN catalog.track_files.track_gain IS 'ReplayGain 2.0 in dB towards -18 LUFS; peaks are linear'")


def _who_plays(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TABLE catalog.track_artists (
            track_id uuid NOT NULL REFERENCES catalog.tracks (id) ON DELETE CASCADE,
            position int NOT NULL,
            artist_id uuid NOT NULL REFERENCES catalog.artists (id),
            credited_as text,
            joined_by text NOT NULL DEFAULT '',
            PRIMARY KEY (track_id, position)
        )
        """
    )
    run("COMMENT ON TABLE catalog.track_artists IS 'Who performs, in order; the first is the artist of the track'")
    run(
        "COMMENT ON COLUMN catalog.track_artists.joined_by IS 'What stands between this name and the next: \" feat. \"'"
    )
    run("CREATE UNIQUE INDEX track_artists_by_artist ON catalog.track_artists (artist_id, track_id)")
    run(
        """
        CREATE TABLE catalog.album_artists (
            album_id uuid NOT NULL REFERENCES catalog.albums (id) ON DELETE CASCADE,
            position int NOT NULL,
            artist_id uuid NOT NULL REFERENCES catalog.artists (id),
            credited_as text,
            joined_by text NOT NULL DEFAULT '',
            counted_in uuid,
            PRIMARY KEY (album_id, position)
        )
        """
    )
    run("COMMENT ON COLUMN catalog.album_artists.counted_in IS 'The library whose counts it is in; none for drafts'")
    run("CREATE UNIQUE INDEX album_artists_by_artist ON catalog.album_artists (artist_id, album_id)")
    run(
        """
        CREATE TABLE catalog.artist_counts (
            artist_id uuid NOT NULL REFERENCES catalog.artists (id) ON DELETE CASCADE,
            library_id uuid NOT NULL,
            albums int NOT NULL DEFAULT 0,
            PRIMARY KEY (artist_id, library_id)
        )
        """
    )
    run("COMMENT ON TABLE catalog.artist_counts IS 'Published albums by library (zero: uploaded), kept by trigger'")


def _genres(run) -> None:  # type: ignore[no-untyped-def]
    run("ALTER TABLE catalog.genres ADD COLUMN parent_id uuid REFERENCES catalog.genres (id) ON DELETE SET NULL")
    run("CREATE INDEX genres_by_parent ON catalog.genres (parent_id)")
    run(
        """
        CREATE TABLE catalog.genre_aliases (
            key text PRIMARY KEY,
            name text NOT NULL,
            genre_id uuid NOT NULL REFERENCES catalog.genres (id) ON DELETE CASCADE
        )
        """
    )
    run("CREATE INDEX genre_aliases_by_genre ON catalog.genre_aliases (genre_id)")


def _visibility(run) -> None:  # type: ignore[no-untyped-def]
    for table in ("albums", "tracks"):
        run(f"DROP POLICY drafts_of_managers ON catalog.{table}")
        run(
            f"""
            CREATE POLICY published_or_managed ON catalog.{table} USING (
                (published_at IS NOT NULL
                    AND (library_id IS NULL OR library_id IN (SELECT catalog.open_libraries())))
                OR catalog.may_manage(artist_id)
            )
            """
        )


def _after_each(run, table: str, name: str, body: str, events: str = "insert update delete") -> None:  # type: ignore[no-untyped-def]
    """A trigger a statement and event. `{after}` and `{before}` stand for the rows as they are and were; none, where
    the event has no such rows."""
    none_after, none_before = "(SELECT * FROM before_rows WHERE false)", "(SELECT * FROM after_rows WHERE false)"
    for event in events.split():
        after = none_after if event == "delete" else "after_rows"
        before = none_before if event == "insert" else "before_rows"
        run(
            f"""
            CREATE FUNCTION catalog.{name}_on_{event}() RETURNS trigger
            LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
            BEGIN
                {body.replace("{after}", after).replace("{before}", before)}
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


def _album_counts(run) -> None:  # type: ignore[no-untyped-def]
    body = """
        WITH seen AS (
            SELECT album_id, count(*) AS tracks, sum(coalesce(duration_ms, 0)) AS duration FROM {after} r
            WHERE album_id IS NOT NULL AND published_at IS NOT NULL GROUP BY album_id
        ), gone AS (
            SELECT album_id, count(*) AS tracks, sum(coalesce(duration_ms, 0)) AS duration FROM {before} r
            WHERE album_id IS NOT NULL AND published_at IS NOT NULL GROUP BY album_id
        ), change AS (
            SELECT album_id, coalesce(s.tracks, 0) - coalesce(g.tracks, 0) AS tracks,
                   coalesce(s.duration, 0) - coalesce(g.duration, 0) AS duration
            FROM seen s FULL JOIN gone g USING (album_id)
        ), held AS (
            SELECT b.id, c.tracks, c.duration FROM catalog.albums b JOIN change c ON c.album_id = b.id
            WHERE c.tracks <> 0 OR c.duration <> 0 ORDER BY b.id FOR UPDATE OF b
        )
        UPDATE catalog.albums b SET track_count = b.track_count + h.tracks, duration_ms = b.duration_ms + h.duration
        FROM held h WHERE b.id = h.id;
    """
    _after_each(run, "tracks", "count_tracks", body)
    run(
        """
        UPDATE catalog.albums b SET track_count = n.tracks, duration_ms = n.duration FROM (
            SELECT album_id, count(*) AS tracks, sum(coalesce(duration_ms, 0)) AS duration FROM catalog.tracks
            WHERE album_id IS NOT NULL AND published_at IS NOT NULL GROUP BY album_id
        ) n WHERE n.album_id = b.id
        """
    )


def _artist_counts(run) -> None:  # type: ignore[no-untyped-def]
    """The first of those who perform is always the work's own artist; the counts follow what is published."""
    count = """
        WITH change AS (
            SELECT artist_id, counted_in, sum(step) AS albums FROM (
                SELECT artist_id, counted_in, 1 AS step FROM {after} a WHERE counted_in IS NOT NULL
                UNION ALL SELECT artist_id, counted_in, -1 FROM {before} b WHERE counted_in IS NOT NULL
            ) steps GROUP BY artist_id, counted_in HAVING sum(step) <> 0 ORDER BY artist_id, counted_in
        )
        INSERT INTO catalog.artist_counts AS c (artist_id, library_id, albums)
        SELECT ch.artist_id, ch.counted_in, ch.albums FROM change ch
        WHERE EXISTS (SELECT FROM catalog.artists x WHERE x.id = ch.artist_id)
        ON CONFLICT (artist_id, library_id) DO UPDATE SET albums = c.albums + excluded.albums;
    """
    _after_each(run, "album_artists", "count_albums", count)
    counted_in = f"CASE WHEN r.published_at IS NOT NULL THEN coalesce(r.library_id, {NOBODYS}) END"
    recount = f"""
        UPDATE catalog.album_artists aa SET counted_in = {counted_in} FROM after_rows r
        WHERE aa.album_id = r.id AND aa.counted_in IS DISTINCT FROM {counted_in};
    """
    _after_each(run, "albums", "recount_albums", _first_artist("album") + recount, "insert update")
    _after_each(run, "tracks", "first_artist", _first_artist("track"), "insert update")
    run(
        f"""
        CREATE FUNCTION catalog.counted_in() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            SELECT {counted_in} INTO NEW.counted_in FROM catalog.albums r WHERE r.id = NEW.album_id;
            RETURN NEW;
        END $$
        """
    )
    run(
        "CREATE TRIGGER counted_in BEFORE INSERT ON catalog.album_artists "
        "FOR EACH ROW EXECUTE FUNCTION catalog.counted_in()"
    )
    run("INSERT INTO catalog.album_artists (album_id, position, artist_id) SELECT id, 0, artist_id FROM catalog.albums")
    run("INSERT INTO catalog.track_artists (track_id, position, artist_id) SELECT id, 0, artist_id FROM catalog.tracks")


def _first_artist(kind: str) -> str:
    return f"""
        DELETE FROM catalog.{kind}_artists x USING {{after}} r
        WHERE x.{kind}_id = r.id AND x.artist_id = r.artist_id AND x.position > 0
          AND NOT EXISTS (SELECT FROM {{before}} o WHERE o.id = r.id AND o.artist_id = r.artist_id);
        INSERT INTO catalog.{kind}_artists AS x ({kind}_id, position, artist_id)
        SELECT r.id, 0, r.artist_id FROM {{after}} r
        WHERE NOT EXISTS (SELECT FROM {{before}} o WHERE o.id = r.id AND o.artist_id = r.artist_id)
        ON CONFLICT ({kind}_id, position) DO UPDATE SET artist_id = excluded.artist_id, credited_as = NULL;
    """


def _changes(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TABLE catalog.changes (
            seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            kind text NOT NULL,
            id uuid NOT NULL
        )
        """
    )
    run("COMMENT ON TABLE catalog.changes IS 'What the search index has not read yet; whoever read a row deletes it'")
    of_itself = """
        INSERT INTO catalog.changes (kind, id)
        SELECT DISTINCT '{kind}', coalesce(a.id, b.id) FROM {after} a FULL JOIN {before} b ON b.id = a.id
        WHERE ({columns}) IS DISTINCT FROM ({before_columns});
        IF FOUND THEN PERFORM pg_notify('antiphon_index', ''); END IF;
    """
    seen = {
        "artist": "name sort_name disambiguation image withheld_at mbid",
        "album": "title sort_title edition kind artist_id release_date original_date cover label moods tags "
        "published_at library_id mbid",
        "track": "title sort_title version_title artist_id album_id year duration_ms bpm musical_key moods tags cover "
        "explicit published_at library_id mbid isrc",
    }
    for kind, columns in seen.items():
        names = columns.split()
        body = of_itself.replace("{kind}", kind)
        body = body.replace("{columns}", ", ".join(f"a.{name}" for name in ["id", *names]))
        body = body.replace("{before_columns}", ", ".join(f"b.{name}" for name in ["id", *names]))
        _after_each(run, f"{kind}s", f"note_{kind}", body)
    of_another = """
        INSERT INTO catalog.changes (kind, id)
        SELECT DISTINCT '{kind}', {kind}_id FROM (
            SELECT * FROM {after} a UNION ALL SELECT * FROM {before} b
        ) touched;
        IF FOUND THEN PERFORM pg_notify('antiphon_index', ''); END IF;
    """
    for table, kind in (
        ("track_artists", "track"),
        ("track_genres", "track"),
        ("track_credits", "track"),
        ("album_artists", "album"),
        ("artist_aliases", "artist"),
    ):
        _after_each(run, table, f"note_{table}", of_another.replace("{kind}", kind))
