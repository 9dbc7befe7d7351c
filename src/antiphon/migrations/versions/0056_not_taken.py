"""Plays that a service will never take, put aside so that the others go on."""

from antiphon.migrations.support import begin, private

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run(
        """
        CREATE TABLE integrations.not_taken (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            connection_id uuid NOT NULL REFERENCES integrations.scrobblers (id) ON DELETE CASCADE,
            user_id uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
            title text NOT NULL,
            artist text NOT NULL,
            started_at timestamptz NOT NULL,
            reason text NOT NULL,
            put_aside_at timestamptz NOT NULL
        )
        """
    )
    run("COMMENT ON COLUMN integrations.not_taken.reason IS 'In the words of the service'")
    run("CREATE INDEX not_taken_of ON integrations.not_taken (connection_id, id DESC)")
    run("CREATE INDEX not_taken_by_person ON integrations.not_taken (user_id)")
    private("integrations.not_taken", "user_id")
