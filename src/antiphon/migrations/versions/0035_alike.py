"""Where works that may be the same are found."""

from antiphon.migrations.support import begin

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run("CREATE INDEX tracks_alike ON catalog.tracks (artist_id, search_key, duration_ms)")
    run("CREATE INDEX tracks_by_work ON catalog.tracks (artist_id, work) WHERE work <> ''")
    run("CREATE INDEX albums_alike ON catalog.albums (artist_id, search_key)")
    run("CREATE INDEX albums_by_upc ON catalog.albums (upc) WHERE upc IS NOT NULL")
