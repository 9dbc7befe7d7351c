"""Live: internet radio stations that the installation knows."""

from antiphon.migrations.support import begin, grant

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run("CREATE SCHEMA live")
    run(
        """
        CREATE TABLE live.stations (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            name text NOT NULL CHECK (name <> ''),
            sort_key text NOT NULL,
            stream_url text NOT NULL CHECK (stream_url <> ''),
            home_page text NOT NULL DEFAULT '',
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            version int NOT NULL DEFAULT 1
        )
        """
    )
    run("CREATE INDEX stations_by_name ON live.stations (sort_key, id)")
    grant("live")
