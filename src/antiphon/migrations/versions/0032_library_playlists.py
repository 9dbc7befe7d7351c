"""Playlist files that lie in libraries become playlists, seen by whoever hears the library."""

from antiphon.migrations.support import begin

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run("ALTER TABLE catalog.playlists ADD COLUMN library_id uuid REFERENCES catalog.libraries (id) ON DELETE CASCADE")
    run("COMMENT ON COLUMN catalog.playlists.library_id IS 'It was made of a file there: who hears that, sees it'")
    run("CREATE INDEX playlists_by_library ON catalog.playlists (library_id) WHERE library_id IS NOT NULL")
    run("DROP INDEX catalog.playlists_listed")
    run(
        "CREATE INDEX playlists_listed ON catalog.playlists (updated_at, id) "
        "WHERE visibility = 'public' OR library_id IS NOT NULL"
    )
    run("DROP POLICY shown ON catalog.playlists")
    run(
        "CREATE POLICY shown ON catalog.playlists FOR SELECT USING (withheld_at IS NULL "
        "AND (visibility <> 'private' OR library_id IN (SELECT catalog.open_libraries())))"
    )
    run(
        """
        ALTER TABLE media.library_files
            ADD COLUMN playlist_id uuid,
            ADD COLUMN playlist_version int,
            ADD COLUMN taken_ns bigint,
            ADD COLUMN unmatched int NOT NULL DEFAULT 0
        """
    )
    run("COMMENT ON COLUMN media.library_files.playlist_version IS 'Another one: somebody has edited the playlist'")
    run("COMMENT ON COLUMN media.library_files.taken_ns IS 'mtime_ns of the playlist file that was taken in'")
    run("COMMENT ON COLUMN media.library_files.unmatched IS 'Lines that no file of the library was found for'")
    run(
        "CREATE INDEX library_files_playlists ON media.library_files (library_id, folder, name) WHERE kind = 'playlist'"
    )
