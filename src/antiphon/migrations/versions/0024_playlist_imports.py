"""Playlist files that wait for somebody to look at what their lines mean, and what finds the tracks that they mean."""

from antiphon.migrations.support import begin, private

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run(
        """
        CREATE TABLE catalog.playlist_imports (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            owner_id uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
            name text NOT NULL,
            lines jsonb NOT NULL,
            created_at timestamptz NOT NULL
        )
        """
    )
    run("CREATE INDEX playlist_imports_by_owner ON catalog.playlist_imports (owner_id, created_at)")
    private("catalog.playlist_imports", "owner_id")
    run(
        "CREATE INDEX track_files_by_end_of_path ON catalog.track_files "
        "((reverse(lower('/' || path)) COLLATE \"C\")) WHERE path <> ''"
    )
    run("CREATE INDEX tracks_by_isrc ON catalog.tracks (isrc) WHERE isrc IS NOT NULL")
