"""What was left of an archive is called what people call it."""

from antiphon.migrations.support import begin

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run("ALTER TABLE identity.import_leftovers ADD COLUMN label text NOT NULL DEFAULT ''")
