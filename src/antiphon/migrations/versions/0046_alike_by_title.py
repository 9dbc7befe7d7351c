"""Works of one title and one artist are found by both at once: with an index for the title alone beside it, the planner
took that one, and every "Intro" was held against every other."""

from antiphon.migrations.support import begin

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    for works, more in (("albums", ""), ("tracks", ", duration_ms")):
        run(f"DROP INDEX catalog.{works}_alike")
        run(f"CREATE INDEX {works}_alike ON catalog.{works} (search_key, artist_id{more})")
        run(f"DROP INDEX catalog.{works}_by_title")
