"""Playback: bookmarks, the saved queue, what is played now, listens that apps tell of, and what each person heard."""

from antiphon.migrations.support import begin, private

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    _places(run)
    _now(run)
    _listens(run)
    _heard(run)


def _places(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TABLE playback.bookmarks (
            user_id uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
            track_id uuid NOT NULL,
            position_ms bigint NOT NULL CHECK (position_ms >= 0),
            comment text NOT NULL DEFAULT '',
            created_at timestamptz NOT NULL,
            changed_at timestamptz NOT NULL,
            PRIMARY KEY (user_id, track_id)
        )
        """
    )
    run("CREATE INDEX bookmarks_by_track ON playback.bookmarks (track_id)")
    private("playback.bookmarks", "user_id")
    run(
        """
        CREATE TABLE playback.queues (
            user_id uuid PRIMARY KEY REFERENCES identity.users (id) ON DELETE CASCADE,
            track_ids uuid[] NOT NULL,
            current int,
            position_ms bigint NOT NULL DEFAULT 0 CHECK (position_ms >= 0),
            changed_by text NOT NULL DEFAULT '',
            changed_at timestamptz NOT NULL,
            revision int NOT NULL DEFAULT 1,
            CHECK (current IS NULL OR current >= 0 AND current < cardinality(track_ids))
        )
        """
    )
    run("COMMENT ON COLUMN playback.queues.current IS 'The place in it, from 0: a track may be in it twice'")
    private("playback.queues", "user_id")


def _now(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TABLE playback.now_playing (
            user_id uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
            player_key text NOT NULL,
            player text NOT NULL,
            number int GENERATED ALWAYS AS IDENTITY,
            track_id uuid NOT NULL,
            started_at timestamptz NOT NULL,
            until timestamptz NOT NULL,
            private boolean NOT NULL DEFAULT false,
            PRIMARY KEY (user_id, player_key)
        )
        """
    )
    run("COMMENT ON COLUMN playback.now_playing.until IS 'A lease: a player that falls silent is not shown for ever'")
    run("CREATE INDEX now_playing_until ON playback.now_playing (until)")
    private("playback.now_playing", "user_id")
    run(
        "CREATE POLICY shown_to_others ON playback.now_playing FOR SELECT "
        "USING (NOT private AND nullif(current_setting('antiphon.actor', true), '') IS NOT NULL)"
    )


def _listens(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TABLE playback.scrobbles (
            user_id uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
            track_id uuid NOT NULL,
            at timestamptz NOT NULL,
            play_id uuid NOT NULL,
            session_id uuid UNIQUE,
            told_at timestamptz NOT NULL,
            client text NOT NULL DEFAULT '',
            PRIMARY KEY (user_id, track_id, at)
        )
        """
    )
    run("COMMENT ON COLUMN playback.scrobbles.at IS 'When the listen began, in whole seconds'")
    run("COMMENT ON COLUMN playback.scrobbles.play_id IS 'The play that counted for it'")
    run("COMMENT ON COLUMN playback.scrobbles.session_id IS 'The session that told of the same listen by heartbeats'")
    private("playback.scrobbles", "user_id")


def _heard(run) -> None:  # type: ignore[no-untyped-def]
    for what in ("track", "album"):
        table = f"playback.heard_{what}s"
        run(
            f"""
            CREATE TABLE {table} (
                user_id uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
                {what}_id uuid NOT NULL,
                plays bigint NOT NULL CHECK (plays > 0),
                last_played_at timestamptz NOT NULL,
                PRIMARY KEY (user_id, {what}_id)
            )
            """
        )
        run(f"CREATE INDEX heard_{what}s_most ON {table} (user_id, plays DESC, last_played_at DESC, {what}_id)")
        run(f"CREATE INDEX heard_{what}s_last ON {table} (user_id, last_played_at DESC, {what}_id)")
        run(f"CREATE INDEX heard_{what}s_by_{what} ON {table} ({what}_id)")
        private(table, "user_id")
    run(
        """
        INSERT INTO playback.heard_tracks (user_id, track_id, plays, last_played_at)
        SELECT user_id, track_id, count(*), max(started_at) FROM playback.plays
        WHERE user_id IN (SELECT id FROM identity.users) GROUP BY user_id, track_id
        """
    )
    run(
        """
        INSERT INTO playback.heard_albums (user_id, album_id, plays, last_played_at)
        SELECT h.user_id, t.album_id, sum(h.plays), max(h.last_played_at)
        FROM playback.heard_tracks h JOIN catalog.tracks t ON t.id = h.track_id
        WHERE t.album_id IS NOT NULL GROUP BY h.user_id, t.album_id
        """
    )
