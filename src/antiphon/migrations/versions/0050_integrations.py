"""Integrations: services that are told what people hear."""

from antiphon.migrations.support import begin, grant, private

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run("CREATE SCHEMA integrations")
    run(
        """
        CREATE TABLE integrations.scrobblers (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            user_id uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
            service text NOT NULL,
            account text NOT NULL,
            sealed bytea NOT NULL,
            connected_at timestamptz NOT NULL,
            told_until timestamptz NOT NULL,
            told_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
            told_at timestamptz,
            failures int NOT NULL DEFAULT 0,
            next_try_at timestamptz NOT NULL,
            refused boolean NOT NULL DEFAULT false,
            UNIQUE (user_id, service)
        )
        """
    )
    run("COMMENT ON COLUMN integrations.scrobblers.told_until IS 'What counted up to here and `told_id` was told'")
    run("CREATE INDEX scrobblers_due ON integrations.scrobblers (next_try_at) WHERE NOT refused")
    private("integrations.scrobblers", "user_id")
    grant("integrations")
