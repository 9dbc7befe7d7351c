"""Rows are held first and counted then: one statement for both was planned as if there were a handful of them."""

from antiphon.migrations.support import begin

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

NOBODYS = "'00000000-0000-0000-0000-000000000000'"
_COUNT = f"""
    PERFORM FROM catalog.{{works}}s w
    WHERE w.id IN (SELECT {{works}}_id FROM {{after}} a UNION ALL SELECT {{works}}_id FROM {{before}} b)
    ORDER BY w.id FOR NO KEY UPDATE;
    INSERT INTO catalog.genre_counts AS c (genre_id, library_id, {{works}}s)
    SELECT s.genre_id, coalesce(w.library_id, {NOBODYS}), sum(s.step) FROM (
        SELECT {{works}}_id, genre_id, 1 AS step FROM {{after}} a
        UNION ALL SELECT {{works}}_id, genre_id, -1 FROM {{before}} b
    ) s JOIN catalog.{{works}}s w ON w.id = s.{{works}}_id
    WHERE w.published_at IS NOT NULL AND EXISTS (SELECT FROM catalog.genres g WHERE g.id = s.genre_id)
    GROUP BY 1, 2 HAVING sum(s.step) <> 0 ORDER BY 1, 2
    ON CONFLICT (genre_id, library_id) DO UPDATE SET {{works}}s = c.{{works}}s + excluded.{{works}}s;
"""


def upgrade() -> None:
    run = begin()
    for works in ("album", "track"):
        for event in ("insert", "update", "delete"):
            after = "(SELECT * FROM before_rows WHERE false)" if event == "delete" else "after_rows"
            before = "(SELECT * FROM after_rows WHERE false)" if event == "insert" else "before_rows"
            run(
                f"""
                CREATE OR REPLACE FUNCTION catalog.count_{works}_genres_on_{event}() RETURNS trigger
                LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
                BEGIN
                    {_COUNT.format(works=works, after=after, before=before)}
                    RETURN NULL;
                END $$
                """
            )
