"""Where a player is, and how much of the track it has played: as it reports itself."""

from antiphon.migrations.support import begin

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run(
        """
        ALTER TABLE playback.now_playing
            ADD COLUMN state text NOT NULL DEFAULT 'playing' CHECK (state IN ('starting', 'playing', 'paused')),
            ADD COLUMN position_ms bigint NOT NULL DEFAULT 0,
            ADD COLUMN position_at timestamptz,
            ADD COLUMN rate real NOT NULL DEFAULT 1,
            ADD COLUMN heard_ms bigint NOT NULL DEFAULT 0
        """
    )
    run("COMMENT ON COLUMN playback.now_playing.position_at IS 'When it was there; at the start, where null'")
    run("COMMENT ON COLUMN playback.now_playing.heard_ms IS 'Of the track until position_at, pauses left out'")
