"""From when in which country a work may be heard; tracks have countries of their own."""

from antiphon.migrations.support import begin

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run("ALTER TABLE catalog.tracks ADD COLUMN territories text[]")
    run("COMMENT ON COLUMN catalog.tracks.territories IS 'Countries where it may be heard; as its album if none'")
    for table in ("albums", "tracks"):
        run(f"ALTER TABLE catalog.{table} ADD COLUMN embargoes jsonb NOT NULL DEFAULT '{{}}'")
        run(f"COMMENT ON COLUMN catalog.{table}.embargoes IS 'Country to the moment from which it may be heard there'")
