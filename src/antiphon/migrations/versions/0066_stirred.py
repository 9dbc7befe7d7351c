"""Lists are shown from what was read before, for as long as nothing that they show was touched: each transaction that
touches such leaves its number."""

from antiphon.migrations.support import begin

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

# A new track, album or artist is in no list that was read before; what says something of others is.
_TOUCHED = {
    "UPDATE OR DELETE": ("tracks", "albums", "artists", "genres", "libraries"),
    "INSERT OR UPDATE OR DELETE": (
        "track_files",
        "track_artists",
        "track_genres",
        "track_credits",
        "album_artists",
        "album_genres",
        "artist_counts",
        "artist_managers",
        "library_access",
    ),
}


def upgrade() -> None:
    run = begin()
    run(
        """
        CREATE TABLE catalog.stirred (
            transaction xid8 PRIMARY KEY,
            at timestamptz NOT NULL DEFAULT clock_timestamp()
        )
        """
    )
    run(
        "COMMENT ON TABLE catalog.stirred IS 'Transactions that touched what lists show. What was read when one of "
        "them could not be seen yet may say something else now'"
    )
    run("CREATE INDEX stirred_by_age ON catalog.stirred (at)")
    run(
        """
        CREATE FUNCTION catalog.stir() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            INSERT INTO catalog.stirred (transaction) VALUES (pg_current_xact_id()) ON CONFLICT DO NOTHING;
            RETURN NULL;
        END $$
        """
    )
    for event, tables in _TOUCHED.items():
        for table in tables:
            run(
                f"CREATE TRIGGER stir AFTER {event} ON catalog.{table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION catalog.stir()"
            )
