"""Playback: sessions of listening, and the plays that counted."""

from antiphon.migrations.support import begin, grant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run("CREATE SCHEMA playback")
    run(
        """
        CREATE TABLE playback.sessions (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            track_id uuid NOT NULL,
            user_id uuid REFERENCES identity.users (id) ON DELETE SET NULL,
            event_id uuid NOT NULL UNIQUE,
            started_at timestamptz NOT NULL,
            threshold_ms bigint,
            position_ms bigint NOT NULL DEFAULT 0,
            played_ms bigint NOT NULL DEFAULT 0,
            counted_at timestamptz,
            updated_at timestamptz NOT NULL
        )
        """
    )
    run("COMMENT ON COLUMN playback.sessions.threshold_ms IS 'Heard time from which it counts; none for drafts'")
    run("CREATE INDEX sessions_by_user ON playback.sessions (user_id, started_at) WHERE user_id IS NOT NULL")
    run(
        """
        CREATE TABLE playback.plays (
            session_id uuid NOT NULL,
            track_id uuid NOT NULL,
            user_id uuid,
            started_at timestamptz NOT NULL,
            counted_at timestamptz NOT NULL,
            PRIMARY KEY (session_id, counted_at)
        ) PARTITION BY RANGE (counted_at)
        """
    )
    run("CREATE INDEX plays_by_track ON playback.plays (track_id, counted_at)")
    run("CREATE INDEX plays_by_user ON playback.plays (user_id, counted_at) WHERE user_id IS NOT NULL")
    run("CREATE TABLE playback.plays_otherwise PARTITION OF playback.plays DEFAULT")
    run("SELECT kit.make_partitions('playback.plays', current_date, 3)")
    grant("playback")
