"""Forwarding that rests without being disconnected, and what went wrong last."""

from antiphon.migrations.support import begin

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run(
        """
        ALTER TABLE integrations.scrobblers
            ADD COLUMN forwards boolean NOT NULL DEFAULT true,
            ADD COLUMN failure text,
            ADD COLUMN failed_at timestamptz
        """
    )
    run("COMMENT ON COLUMN integrations.scrobblers.failure IS 'Code of the last error, also where all is well again'")
