"""Whether somebody chose their language, or has the one that their first browser spoke."""

from antiphon.migrations.support import begin

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run("ALTER TABLE identity.preferences ADD COLUMN language_chosen boolean NOT NULL DEFAULT false")
    run("COMMENT ON COLUMN identity.preferences.language_chosen IS 'False: the language came with the first browser'")
