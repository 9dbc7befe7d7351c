"""Who is there on topics, as long as the process that holds their connection renews its lease."""

from antiphon.migrations.support import begin

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run("CREATE UNLOGGED TABLE kit.gateways (id text PRIMARY KEY, until timestamptz NOT NULL)")
    run("COMMENT ON TABLE kit.gateways IS 'Processes that hold WebSockets; one that does not renew its lease is gone'")
    run(
        """
        CREATE UNLOGGED TABLE kit.present (
            topic text NOT NULL CHECK (length(topic) <= 200),
            id text NOT NULL,
            gateway text NOT NULL,
            user_id text NOT NULL,
            data text NOT NULL CHECK (length(data) <= 4000),
            number bigint GENERATED ALWAYS AS IDENTITY,
            PRIMARY KEY (topic, id)
        )
        """
    )
    run("COMMENT ON TABLE kit.present IS 'Connections that show themselves on a topic'")
    run("CREATE INDEX present_by_gateway ON kit.present (gateway)")
