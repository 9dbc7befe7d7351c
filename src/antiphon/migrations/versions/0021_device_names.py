"""Devices can be called something by who signed in on them."""

from antiphon.migrations.support import begin

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run("ALTER TABLE identity.sessions ADD COLUMN name text NOT NULL DEFAULT '' CHECK (length(name) <= 64)")
