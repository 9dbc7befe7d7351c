"""Plays that nobody can have heard so are kept, and paid for to nobody."""

from antiphon.migrations.support import begin

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run("ALTER TABLE playback.plays ADD COLUMN set_apart text CHECK (set_apart IN ('overlap', 'rate'))")
    run("COMMENT ON COLUMN playback.plays.set_apart IS 'Why nobody is paid for it; none where somebody is'")
    run("CREATE INDEX plays_by_beginning ON playback.plays (user_id, started_at) WHERE user_id IS NOT NULL")
