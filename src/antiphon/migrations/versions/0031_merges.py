"""A merge writes what it moved, so that it can be taken back; a track that became another stays, out of sight."""

from antiphon.migrations.support import begin

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_TRAILS = (
    "catalog.artist_managers",
    "catalog.playlist_entries",
    "social.likes",
    "social.ratings",
    "social.share_items",
    "playback.bookmarks",
    "playback.queues",
    "playback.scrobbles",
    "playback.sessions",
    "playback.plays",
)


def upgrade() -> None:
    run = begin()
    for table in _TRAILS:
        run(f"ALTER TABLE {table} ADD COLUMN merged jsonb")
        run(f"COMMENT ON COLUMN {table}.merged IS 'What it pointed at before works became one, the last on top'")
    run(
        """
        CREATE TABLE catalog.merges (
            edit_id uuid PRIMARY KEY REFERENCES catalog.edits (id) ON DELETE CASCADE,
            moved jsonb NOT NULL
        )
        """
    )
    run("COMMENT ON TABLE catalog.merges IS 'What a merge changed, for taking it back'")
    run(
        """
        ALTER TABLE catalog.tracks
            ADD COLUMN merged_into uuid REFERENCES catalog.tracks (id) ON DELETE CASCADE,
            ADD COLUMN published_before_merge timestamptz,
            ADD CONSTRAINT tracks_merged CHECK (merged_into IS NULL OR published_at IS NULL AND album_id IS NULL)
        """
    )
    run("COMMENT ON COLUMN catalog.tracks.merged_into IS 'The track that it is now; it keeps its files, unseen'")
    run("CREATE INDEX tracks_by_merge ON catalog.tracks (merged_into) WHERE merged_into IS NOT NULL")
    run("DROP POLICY published_or_managed ON catalog.tracks")
    run(
        """
        CREATE POLICY published_or_managed ON catalog.tracks USING (
            (published_at IS NOT NULL
                AND (library_id IS NULL OR library_id IN (SELECT catalog.open_libraries())))
            OR (catalog.may_manage(artist_id)
                AND (merged_into IS NULL OR coalesce(current_setting('antiphon.system', true), '') = 'on'))
        )
        """
    )
    run(
        """
        CREATE FUNCTION catalog.merged_tracks(of_track uuid, of_artist uuid) RETURNS TABLE (id uuid, artist_id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
            WITH RECURSIVE part AS (
                SELECT t.id, t.artist_id FROM catalog.tracks t
                WHERE t.merged_into = of_track OR t.merged_into IS NOT NULL AND t.artist_id = of_artist
                UNION SELECT t.id, t.artist_id FROM catalog.tracks t JOIN part ON t.merged_into = part.id
            ) SELECT part.id, part.artist_id FROM part
        $$
        """
    )
    run("COMMENT ON FUNCTION catalog.merged_tracks IS 'What is part of a track, or of an artist; nobody sees it'")
    run("ALTER TABLE media.pictures ADD COLUMN merged_into uuid")
    run("COMMENT ON COLUMN media.pictures.merged_into IS 'What its subject became; it goes when that goes'")
    run("CREATE INDEX pictures_by_merge ON media.pictures (merged_into) WHERE merged_into IS NOT NULL")
