"""Which tracks and albums are by several artists, or by one under another name: lists look nowhere else for names."""

from antiphon.migrations.support import begin

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    for kind in ("track", "album"):
        run(
            f"CREATE INDEX {kind}_artists_several ON catalog.{kind}_artists ({kind}_id) "
            "WHERE position > 0 OR credited_as IS NOT NULL OR joined_by <> ''"
        )
