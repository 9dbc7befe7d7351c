"""New artists may have to be approved before they publish; those that are there already are."""

from antiphon.migrations.support import begin

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run(
        """
        ALTER TABLE catalog.artists
            ADD COLUMN approval text NOT NULL DEFAULT 'approved' CHECK (approval IN ('waiting', 'approved', 'refused')),
            ADD COLUMN approval_asked_at timestamptz,
            ADD COLUMN refused_for text,
            ADD COLUMN decided_at timestamptz,
            ADD COLUMN decided_by uuid REFERENCES identity.users (id) ON DELETE SET NULL,
            ADD CONSTRAINT artists_asked CHECK (approval <> 'waiting' OR approval_asked_at IS NOT NULL),
            ADD CONSTRAINT artists_refused_for CHECK (approval <> 'refused' OR refused_for IS NOT NULL)
        """
    )
    run("COMMENT ON COLUMN catalog.artists.refused_for IS 'Kept while it is asked for again, for whoever decides then'")
    run("CREATE INDEX artists_waiting ON catalog.artists (approval_asked_at, id) WHERE approval = 'waiting'")
    run("CREATE INDEX artists_by_decider ON catalog.artists (decided_by) WHERE decided_by IS NOT NULL")
