"""What was heard in private is a play without a person: in no history, and in nothing that is made of one."""

from antiphon.migrations.support import begin, private

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run(
        """
        CREATE TABLE playback.private_times (
            user_id uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
            started_at timestamptz NOT NULL,
            counted_at timestamptz NOT NULL
        )
        """
    )
    run("COMMENT ON TABLE playback.private_times IS 'When somebody heard something in private, not what; for a month'")
    run("CREATE INDEX private_times_by_beginning ON playback.private_times (user_id, started_at)")
    run("CREATE INDEX private_times_by_count ON playback.private_times (counted_at)")
    private("playback.private_times", "user_id")
    run("ALTER TABLE playback.scrobbles ADD COLUMN private boolean NOT NULL DEFAULT false")
    run("CREATE INDEX scrobbles_in_private ON playback.scrobbles (told_at) WHERE private")
    run("CREATE INDEX sessions_in_private ON playback.sessions (updated_at) WHERE private AND user_id IS NOT NULL")
    _forget_who(run)


def _forget_who(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TEMPORARY TABLE hidden ON COMMIT DROP AS
        SELECT p.session_id, p.user_id, p.track_id, p.started_at, p.counted_at, t.album_id
        FROM playback.plays p LEFT JOIN catalog.tracks t ON t.id = p.track_id
        WHERE p.private AND p.user_id IN (SELECT id FROM identity.users)
        """
    )
    run(
        """
        INSERT INTO playback.private_times (user_id, started_at, counted_at)
        SELECT user_id, started_at, counted_at FROM hidden WHERE counted_at > now() - interval '31 days'
        """
    )
    run(
        "UPDATE playback.scrobbles s SET private = true, play_id = uuidv7() FROM hidden h "
        "WHERE s.play_id = h.session_id"
    )
    run("DELETE FROM playback.plays WHERE private AND imported")
    run("UPDATE playback.plays SET user_id = NULL WHERE private AND user_id IS NOT NULL")
    run("DELETE FROM playback.heard_tracks o USING hidden h WHERE (o.user_id, o.track_id) = (h.user_id, h.track_id)")
    run(
        """
        INSERT INTO playback.heard_tracks (user_id, track_id, plays, last_played_at)
        SELECT p.user_id, p.track_id, count(*), max(p.started_at) FROM playback.plays p
        WHERE (p.user_id, p.track_id) IN (SELECT user_id, track_id FROM hidden) GROUP BY p.user_id, p.track_id
        """
    )
    run("DELETE FROM playback.heard_albums o USING hidden h WHERE (o.user_id, o.album_id) = (h.user_id, h.album_id)")
    run(
        """
        INSERT INTO playback.heard_albums (user_id, album_id, plays, last_played_at)
        SELECT h.user_id, t.album_id, sum(h.plays), max(h.last_played_at)
        FROM playback.heard_tracks h JOIN catalog.tracks t ON t.id = h.track_id
        WHERE (h.user_id, t.album_id) IN (SELECT user_id, album_id FROM hidden) GROUP BY h.user_id, t.album_id
        """
    )
