"""Whose the playlist is, and that it is there, is asked once for all entries that are put into it, instead of twice for
each: by the trigger that counts them, which holds the playlist anyway."""

from antiphon.migrations.support import begin

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run("CREATE POLICY put_in ON catalog.playlist_entries FOR INSERT WITH CHECK (true)")
    run("COMMENT ON POLICY put_in ON catalog.playlist_entries IS 'count_entries_on_insert refuses what is not theirs'")
    # One after the other in the order of their ids, so that two who put into the same lists wait for each other.
    run(
        """
        CREATE OR REPLACE FUNCTION catalog.count_entries_on_insert() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        DECLARE
            change record;
        BEGIN
            FOR change IN
                SELECT playlist_id, count(*) AS tracks, sum(duration_ms) AS duration FROM after_rows
                GROUP BY playlist_id ORDER BY playlist_id
            LOOP
                UPDATE catalog.playlists p SET track_count = p.track_count + change.tracks,
                    duration_ms = p.duration_ms + change.duration
                WHERE p.id = change.playlist_id AND kit.may_see(p.owner_id);
                IF NOT FOUND THEN
                    PERFORM FROM catalog.playlists p WHERE p.id = change.playlist_id;
                    IF FOUND THEN
                        RAISE 'the playlist is somebody else''s' USING ERRCODE = 'insufficient_privilege';
                    END IF;
                    RAISE 'there is no such playlist' USING ERRCODE = 'foreign_key_violation';
                END IF;
            END LOOP;
            RETURN NULL;
        END $$
        """
    )
    run("ALTER TABLE catalog.playlist_entries DROP CONSTRAINT playlist_entries_playlist_id_fkey")
    run(
        """
        CREATE FUNCTION catalog.take_entries_on_delete() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            DELETE FROM catalog.playlist_entries e USING before_rows b WHERE e.playlist_id = b.id;
            RETURN NULL;
        END $$
        """
    )
    run(
        "CREATE TRIGGER take_entries_on_delete AFTER DELETE ON catalog.playlists REFERENCING OLD TABLE AS before_rows "
        "FOR EACH STATEMENT EXECUTE FUNCTION catalog.take_entries_on_delete()"
    )
