"""Libraries into whose files it is written what people edit, and what could not be."""

from antiphon.migrations.support import begin

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run("ALTER TABLE catalog.libraries ADD COLUMN writes_tags boolean NOT NULL DEFAULT false")
    run("ALTER TABLE media.library_files ADD COLUMN unwritten text")
    run("COMMENT ON COLUMN media.library_files.unwritten IS 'Code of why the last tags were not written into it'")
