"""Whether the plays of a track have doubled is seen by their bits: the logarithm of decimals took longer than all else
that counting a play does."""

from antiphon.migrations.support import begin

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    # The highest bit is another one where what differs is more than what is shared.
    run(
        """
        CREATE OR REPLACE FUNCTION catalog.note_plays_on_update() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            INSERT INTO catalog.changes (kind, id)
            SELECT 'track', track_id FROM after_rows a JOIN before_rows b USING (track_id)
            WHERE (1 + a.plays) # (1 + b.plays) > (1 + a.plays) & (1 + b.plays);
            IF FOUND THEN PERFORM pg_notify('antiphon_index', ''); END IF;
            RETURN NULL;
        END $$
        """
    )
