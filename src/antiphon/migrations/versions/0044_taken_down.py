"""What was taken down is found without looking through all works."""

from antiphon.migrations.support import begin

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    for table in ("albums", "tracks"):
        run(
            f"CREATE INDEX {table}_taken_down ON catalog.{table} (taken_down_at DESC, id DESC) "
            "WHERE taken_down_at IS NOT NULL"
        )
