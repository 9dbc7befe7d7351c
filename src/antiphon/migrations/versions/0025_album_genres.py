"""The genres of an album, as its songs have them: kept by trigger, for lists of albums that name and ask for them."""

from antiphon.migrations.support import begin

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_GAINED = """
    INSERT INTO catalog.album_genres (album_id, genre_id)
    SELECT DISTINCT t.album_id, g.genre_id FROM {rows} r JOIN catalog.track_genres g ON g.track_id = r.{id}
    JOIN catalog.tracks t ON t.id = g.track_id WHERE t.album_id IS NOT NULL
    ORDER BY t.album_id, g.genre_id ON CONFLICT DO NOTHING;
"""
_LOST = """
    DELETE FROM catalog.album_genres ag USING ({albums}) touched
    WHERE ag.album_id = touched.album_id AND NOT EXISTS (
        SELECT FROM catalog.tracks t JOIN catalog.track_genres g ON g.track_id = t.id
        WHERE t.album_id = ag.album_id AND g.genre_id = ag.genre_id
    );
"""
_OF_SONGS = "SELECT DISTINCT t.album_id FROM before_rows b JOIN catalog.tracks t ON t.id = b.track_id"
_LEFT = "SELECT DISTINCT b.album_id FROM before_rows b LEFT JOIN after_rows a ON a.id = b.id "
_LEFT += "WHERE b.album_id IS DISTINCT FROM a.album_id"
_MOVED = "(SELECT a.* FROM after_rows a JOIN before_rows b ON b.id = a.id WHERE a.album_id IS DISTINCT FROM b.album_id)"


def upgrade() -> None:
    run = begin()
    run(
        """
        CREATE TABLE catalog.album_genres (
            album_id uuid NOT NULL REFERENCES catalog.albums (id) ON DELETE CASCADE,
            genre_id uuid NOT NULL REFERENCES catalog.genres (id) ON DELETE CASCADE,
            PRIMARY KEY (album_id, genre_id)
        )
        """
    )
    run("COMMENT ON TABLE catalog.album_genres IS 'What the songs of an album have between them, kept by trigger'")
    run("CREATE INDEX album_genres_by_genre ON catalog.album_genres (genre_id, album_id)")
    run(
        "INSERT INTO catalog.album_genres (album_id, genre_id) SELECT DISTINCT t.album_id, g.genre_id "
        "FROM catalog.track_genres g JOIN catalog.tracks t ON t.id = g.track_id WHERE t.album_id IS NOT NULL"
    )
    gained, lost = _GAINED.format(rows="after_rows", id="track_id"), _LOST.format(albums=_OF_SONGS)
    _after(run, "track_genres", "insert", gained)
    _after(run, "track_genres", "delete", lost)
    _after(run, "track_genres", "update", lost + gained)
    _after(run, "tracks", "update", _LOST.format(albums=_LEFT) + _GAINED.format(rows=_MOVED, id="id"))
    _after(run, "tracks", "delete", _LOST.format(albums="SELECT DISTINCT album_id FROM before_rows"))


def _after(run, table: str, event: str, body: str) -> None:  # type: ignore[no-untyped-def]
    name = f"genres_of_albums_{table}_{event}"
    run(
        f"""
        CREATE FUNCTION catalog.{name}() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            {body}
            RETURN NULL;
        END $$
        """
    )
    rows = {
        "insert": "NEW TABLE AS after_rows",
        "update": "OLD TABLE AS before_rows NEW TABLE AS after_rows",
        "delete": "OLD TABLE AS before_rows",
    }[event]
    run(
        f"CREATE TRIGGER {name} AFTER {event.upper()} ON catalog.{table} REFERENCING {rows} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION catalog.{name}()"
    )
