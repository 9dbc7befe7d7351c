"""How many published albums and tracks each genre has in each library: kept by trigger, so that a list of genres costs
the same however large the libraries are.

The rows that are counted are held while they are, so that whoever publishes at the same moment waits for it.
"""

from antiphon.migrations.support import begin

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

NOBODYS = "'00000000-0000-0000-0000-000000000000'"  # the library of what was uploaded

# Genres were given to works or taken from them.
_GIVEN = f"""
    WITH held AS (
        SELECT w.id, w.library_id FROM catalog.{{works}}s w
        WHERE w.published_at IS NOT NULL
          AND w.id IN (SELECT {{works}}_id FROM {{after}} a UNION ALL SELECT {{works}}_id FROM {{before}} b)
        ORDER BY w.id FOR NO KEY UPDATE OF w
    ), change AS (
        SELECT s.genre_id, coalesce(h.library_id, {NOBODYS}) AS library_id, sum(s.step) AS step FROM (
            SELECT {{works}}_id, genre_id, 1 AS step FROM {{after}} a
            UNION ALL SELECT {{works}}_id, genre_id, -1 FROM {{before}} b
        ) s JOIN held h ON h.id = s.{{works}}_id
        GROUP BY 1, 2 HAVING sum(s.step) <> 0
    )
"""
# Works that have genres came into sight, went out of it, or into another library.
_SHOWN = f"""
    WITH moved AS (
        SELECT a.id, a.library_id AS seen_in, a.published_at IS NOT NULL AS shown,
               b.library_id AS was_in, b.published_at IS NOT NULL AS was_shown
        FROM after_rows a JOIN before_rows b ON b.id = a.id
        WHERE (a.published_at IS NOT NULL, a.library_id) IS DISTINCT FROM (b.published_at IS NOT NULL, b.library_id)
    ), change AS (
        SELECT g.genre_id, s.library_id, sum(s.step) AS step FROM (
            SELECT id, coalesce(seen_in, {NOBODYS}) AS library_id, 1 AS step FROM moved WHERE shown
            UNION ALL SELECT id, coalesce(was_in, {NOBODYS}), -1 FROM moved WHERE was_shown
        ) s JOIN catalog.{{works}}_genres g ON g.{{works}}_id = s.id
        GROUP BY 1, 2 HAVING sum(s.step) <> 0
    )
"""
_COUNT = """
    INSERT INTO catalog.genre_counts AS c (genre_id, library_id, {works}s)
    SELECT ch.genre_id, ch.library_id, ch.step FROM change ch
    WHERE EXISTS (SELECT FROM catalog.genres g WHERE g.id = ch.genre_id)
    ORDER BY ch.genre_id, ch.library_id
    ON CONFLICT (genre_id, library_id) DO UPDATE SET {works}s = c.{works}s + excluded.{works}s;
"""


def upgrade() -> None:
    run = begin()
    run(
        """
        CREATE TABLE catalog.genre_counts (
            genre_id uuid NOT NULL REFERENCES catalog.genres (id) ON DELETE CASCADE,
            library_id uuid NOT NULL,
            albums int NOT NULL DEFAULT 0,
            tracks int NOT NULL DEFAULT 0,
            PRIMARY KEY (genre_id, library_id)
        )
        """
    )
    run("COMMENT ON TABLE catalog.genre_counts IS 'Published works by library (zero: uploaded), kept by trigger'")
    for works in ("album", "track"):
        _fill(run, works)
        for event in ("insert", "update", "delete"):
            after = "(SELECT * FROM before_rows WHERE false)" if event == "delete" else "after_rows"
            before = "(SELECT * FROM after_rows WHERE false)" if event == "insert" else "before_rows"
            given = (_GIVEN + _COUNT).format(works=works, after=after, before=before)
            _after(run, f"{works}_genres", event, f"count_{works}_genres", given)
        _after(run, f"{works}s", "update", f"count_shown_{works}_genres", (_SHOWN + _COUNT).format(works=works))
        _take_before_it_goes(run, works)


def _fill(run, works: str) -> None:  # type: ignore[no-untyped-def]
    run(
        f"""
        INSERT INTO catalog.genre_counts AS c (genre_id, library_id, {works}s)
        SELECT g.genre_id, coalesce(w.library_id, {NOBODYS}), count(*) FROM catalog.{works}_genres g
        JOIN catalog.{works}s w ON w.id = g.{works}_id AND w.published_at IS NOT NULL GROUP BY 1, 2
        ON CONFLICT (genre_id, library_id) DO UPDATE SET {works}s = excluded.{works}s
        """
    )


def _take_before_it_goes(run, works: str) -> None:  # type: ignore[no-untyped-def]
    """A foreign key would delete them after the work, when nobody knows any more in which library it was."""
    run(
        f"""
        CREATE FUNCTION catalog.take_{works}_genres() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            DELETE FROM catalog.{works}_genres WHERE {works}_id = OLD.id;
            RETURN OLD;
        END $$
        """
    )
    run(
        f"CREATE TRIGGER take_{works}_genres BEFORE DELETE ON catalog.{works}s "
        f"FOR EACH ROW EXECUTE FUNCTION catalog.take_{works}_genres()"
    )


def _after(run, table: str, event: str, name: str, body: str) -> None:  # type: ignore[no-untyped-def]
    rows = {
        "insert": "NEW TABLE AS after_rows",
        "update": "OLD TABLE AS before_rows NEW TABLE AS after_rows",
        "delete": "OLD TABLE AS before_rows",
    }[event]
    run(
        f"""
        CREATE FUNCTION catalog.{name}_on_{event}() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            {body}
            RETURN NULL;
        END $$
        """
    )
    run(
        f"CREATE TRIGGER {name}_on_{event} AFTER {event.upper()} ON catalog.{table} REFERENCING {rows} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION catalog.{name}_on_{event}()"
    )
