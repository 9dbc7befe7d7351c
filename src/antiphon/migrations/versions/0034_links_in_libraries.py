"""Links in libraries are followed to where they may lead: which files lie there is known."""

from antiphon.migrations.support import begin

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run("ALTER TABLE media.library_files ADD COLUMN beyond boolean NOT NULL DEFAULT false")
    run("COMMENT ON COLUMN media.library_files.beyond IS 'A link led out of the library to it'")
