"""Search: who keeps the index may ask how many changes there ever were, and hears when a track is played much more."""

from antiphon.migrations.support import begin

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run("GRANT SELECT ON SEQUENCE catalog.changes_seq_seq TO antiphon_app")
    _plays(run)


def _plays(run) -> None:  # type: ignore[no-untyped-def]
    """Not every play: when they have doubled, the place among the found may be another."""
    doubled = "floor(log(2.0, 1 + a.plays)) <> floor(log(2.0, 1 + b.plays))"
    for event, told, joined, matters in (
        ("insert", "NEW TABLE AS after_rows", "", "a.plays > 0"),
        ("update", "OLD TABLE AS before_rows NEW TABLE AS after_rows", "JOIN before_rows b USING (track_id)", doubled),
    ):
        run(
            f"""
            CREATE FUNCTION catalog.note_plays_on_{event}() RETURNS trigger
            LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
            BEGIN
                INSERT INTO catalog.changes (kind, id)
                SELECT 'track', track_id FROM after_rows a {joined} WHERE {matters};
                IF FOUND THEN PERFORM pg_notify('antiphon_index', ''); END IF;
                RETURN NULL;
            END $$
            """
        )
        run(
            f"CREATE TRIGGER note_plays_on_{event} AFTER {event.upper()} ON catalog.track_stats REFERENCING {told} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION catalog.note_plays_on_{event}()"
        )
