"""People are found by the search: the database notes who shows their profile, under which name, and who stops to."""

from antiphon.migrations.support import begin

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

# Where a suspension ends by itself nothing is written: the index keeps the person, and the reader leaves them out.
_SHOWN = (
    "(NOT {row}.private AND {row}.closes_at IS NULL "
    "AND ({row}.suspended_at IS NULL OR {row}.suspended_until IS NOT NULL))"
)


def upgrade() -> None:
    run = begin()
    now, before = _SHOWN.format(row="a"), _SHOWN.format(row="b")
    wanted = {
        "insert": ("NEW TABLE AS after_rows", f"SELECT a.id FROM after_rows a WHERE {now}"),
        "update": (
            "OLD TABLE AS before_rows NEW TABLE AS after_rows",
            f"SELECT a.id FROM after_rows a JOIN before_rows b ON b.id = a.id WHERE ({now} OR {before}) "
            f"AND (a.handle, a.display_name, {now}) IS DISTINCT FROM (b.handle, b.display_name, {before})",
        ),
        "delete": ("OLD TABLE AS before_rows", f"SELECT b.id FROM before_rows b WHERE {before}"),
    }
    for event, (told, rows) in wanted.items():
        run(
            f"""
            CREATE FUNCTION catalog.note_person_on_{event}() RETURNS trigger
            LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
            BEGIN
                INSERT INTO catalog.changes (kind, id) SELECT 'person', r.id FROM ({rows}) r;
                IF FOUND THEN PERFORM pg_notify('antiphon_index', ''); END IF;
                RETURN NULL;
            END $$
            """
        )
        run(
            f"CREATE TRIGGER note_person_on_{event} AFTER {event.upper()} ON identity.users REFERENCING {told} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION catalog.note_person_on_{event}()"
        )
    shown = _SHOWN.format(row="u")
    run(f"INSERT INTO catalog.changes (kind, id) SELECT 'person', u.id FROM identity.users u WHERE {shown}")
