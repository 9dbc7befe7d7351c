"""What was edited and by whom, where merged ids went, and what a take-down took."""

from antiphon.migrations.support import begin

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run(
        """
        CREATE TABLE catalog.edits (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            kind text NOT NULL CHECK (kind IN ('artist', 'album', 'track', 'genre')),
            subject uuid NOT NULL,
            action text NOT NULL DEFAULT 'edit' CHECK (action IN ('edit', 'undo', 'merge', 'split')),
            before jsonb NOT NULL,
            after jsonb NOT NULL,
            batch uuid,
            undoes uuid,
            edited_by uuid REFERENCES identity.users (id) ON DELETE SET NULL,
            edited_at timestamptz NOT NULL
        )
        """
    )
    run("COMMENT ON COLUMN catalog.edits.before IS 'The fields that changed, as people write them, with public ids'")
    run("COMMENT ON COLUMN catalog.edits.batch IS 'The same for all edits that were asked for at once'")
    run("CREATE INDEX edits_by_subject ON catalog.edits (subject, id DESC)")
    run("CREATE INDEX edits_by_batch ON catalog.edits (batch) WHERE batch IS NOT NULL")
    run("CREATE INDEX edits_by_undone ON catalog.edits (undoes) WHERE undoes IS NOT NULL")
    run("CREATE INDEX edits_by_person ON catalog.edits (edited_by) WHERE edited_by IS NOT NULL")
    run(
        """
        CREATE TABLE catalog.redirects (
            id uuid PRIMARY KEY,
            kind text NOT NULL CHECK (kind IN ('artist', 'album', 'track', 'genre')),
            target uuid NOT NULL,
            since timestamptz NOT NULL,
            CHECK (id <> target)
        )
        """
    )
    run("COMMENT ON TABLE catalog.redirects IS 'Ids of what was merged, and what it is now; never through a third one'")
    run("CREATE INDEX redirects_by_target ON catalog.redirects (target)")
    for table in ("albums", "tracks"):
        run(f"ALTER TABLE catalog.{table} ADD COLUMN taken_down_from timestamptz")
        run(f"COMMENT ON COLUMN catalog.{table}.taken_down_from IS 'When it was published, before it was taken down'")
    _forget(run)


def _forget(run) -> None:  # type: ignore[no-untyped-def]
    """With a work its history goes, unless it was merged: then its history is that of what it is now."""
    run(
        """
        CREATE FUNCTION catalog.forget_edits() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            WITH gone AS (
                SELECT r.id FROM before_rows r
                WHERE NOT EXISTS (SELECT FROM catalog.redirects d WHERE d.id = r.id)
            ), merged AS (
                DELETE FROM catalog.redirects d USING gone g WHERE d.target = g.id RETURNING d.id
            )
            DELETE FROM catalog.edits e WHERE e.subject IN (SELECT id FROM gone UNION ALL SELECT id FROM merged);
            RETURN NULL;
        END $$
        """
    )
    for table in ("artists", "albums", "tracks", "genres"):
        run(
            f"CREATE TRIGGER forget_edits AFTER DELETE ON catalog.{table} REFERENCING OLD TABLE AS before_rows "
            "FOR EACH STATEMENT EXECUTE FUNCTION catalog.forget_edits()"
        )
