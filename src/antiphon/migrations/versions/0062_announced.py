"""Albums that are announced before they are public, and who wants them as soon as they are."""

from antiphon.migrations.support import begin, private

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run(
        """
        ALTER TABLE catalog.albums
            ADD COLUMN announced boolean NOT NULL DEFAULT false,
            ADD CONSTRAINT albums_announced CHECK (NOT announced OR publish_at IS NOT NULL)
        """
    )
    run("COMMENT ON COLUMN catalog.albums.announced IS 'Everybody may read that it is planned; nobody hears it yet'")
    run("CREATE INDEX albums_announced ON catalog.albums (artist_id, publish_at) WHERE announced")
    run(
        """
        CREATE TABLE social.pre_saves (
            user_id uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
            work_id uuid NOT NULL,
            saved_at timestamptz NOT NULL,
            merged jsonb,
            PRIMARY KEY (user_id, work_id)
        )
        """
    )
    run("COMMENT ON TABLE social.pre_saves IS 'Albums that their person will like once they are public'")
    run("COMMENT ON COLUMN social.pre_saves.merged IS 'What it pointed at before works became one, the last on top'")
    run("CREATE INDEX pre_saves_newest ON social.pre_saves (user_id, saved_at DESC, work_id DESC)")
    run("CREATE INDEX pre_saves_by_work ON social.pre_saves (work_id)")
    private("social.pre_saves", "user_id")
