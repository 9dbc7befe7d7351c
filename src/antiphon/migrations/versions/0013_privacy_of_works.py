"""Works that step out of sight with their person's account, or wait to be published; plays in private."""

from antiphon.migrations.support import begin

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run("ALTER TABLE catalog.artists ADD COLUMN withheld_at timestamptz")
    for table in ("albums", "tracks"):
        run(
            f"""
            ALTER TABLE catalog.{table}
                ADD COLUMN withheld_at timestamptz,
                ADD COLUMN publish_when_ready boolean NOT NULL DEFAULT false,
                ADD CONSTRAINT {table}_withheld CHECK (withheld_at IS NULL OR published_at IS NULL)
            """
        )
        run(
            f"COMMENT ON COLUMN catalog.{table}.withheld_at IS "
            "'When it was published, while it is out of sight because its only manager''s account closes'"
        )
        run(
            f"COMMENT ON COLUMN catalog.{table}.publish_when_ready IS "
            "'Came with an import and was public there: published as soon as it plays'"
        )
    run("ALTER TABLE playback.sessions ADD COLUMN private boolean NOT NULL DEFAULT false")
    run("ALTER TABLE playback.plays ADD COLUMN private boolean NOT NULL DEFAULT false")
    run("ALTER TABLE playback.plays ADD COLUMN imported boolean NOT NULL DEFAULT false")
    run("COMMENT ON COLUMN playback.plays.private IS 'Heard in a private session: nobody else may see who'")
    run("COMMENT ON COLUMN playback.plays.imported IS 'Heard in another install: history, but not counted here'")
