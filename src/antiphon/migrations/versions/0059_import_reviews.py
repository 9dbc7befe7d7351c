"""Archives that are looked through by their person before opinions, lists and history are made of them."""

from antiphon.migrations.support import begin

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run(
        """
        ALTER TABLE identity.imports
            ADD COLUMN review boolean NOT NULL DEFAULT false,
            ADD COLUMN found jsonb NOT NULL DEFAULT '{}',
            ADD COLUMN unsure jsonb NOT NULL DEFAULT '[]',
            DROP CONSTRAINT imports_state_check,
            ADD CONSTRAINT imports_state_check CHECK (state IN ('waiting', 'running', 'review', 'done', 'failed'))
        """
    )
    run("COMMENT ON COLUMN identity.imports.review IS 'Its person is to be asked before it is taken in whole'")
    run("COMMENT ON COLUMN identity.imports.unsure IS 'Works that may be several here, with those'")
    run("DROP INDEX identity.one_running_import")
    run(
        "CREATE UNIQUE INDEX one_running_import ON identity.imports (user_id) "
        "WHERE state IN ('waiting', 'running', 'review')"
    )
