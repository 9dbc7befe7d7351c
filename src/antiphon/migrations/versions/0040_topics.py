"""What is said on topics is kept for a while, so that a client that was away hears the rest."""

from antiphon.migrations.support import begin

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    # Unlogged: after a crash of the database both are empty, topics begin anew, and clients are told to read afresh.
    run(
        """
        CREATE UNLOGGED TABLE kit.topics (
            topic text PRIMARY KEY CHECK (length(topic) <= 200),
            epoch bigint NOT NULL,
            position bigint NOT NULL,
            said_at timestamptz NOT NULL
        ) WITH (fillfactor = 50)
        """
    )
    run("COMMENT ON TABLE kit.topics IS 'How much was said on each topic; its row is locked by whoever says more'")
    run("COMMENT ON COLUMN kit.topics.epoch IS 'Drawn when the topic begins: positions of another epoch mean nothing'")
    run(
        """
        CREATE UNLOGGED TABLE kit.said (
            topic text NOT NULL,
            epoch bigint NOT NULL,
            position bigint NOT NULL,
            event text NOT NULL,
            data text NOT NULL,
            said_at timestamptz NOT NULL,
            PRIMARY KEY (topic, epoch, position)
        )
        """
    )
    run("COMMENT ON TABLE kit.said IS 'What was said on topics in the last quarter of an hour'")
    run("CREATE INDEX said_by_age ON kit.said (said_at)")
