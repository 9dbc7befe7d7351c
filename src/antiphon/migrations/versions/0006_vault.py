"""Data keys, wrapped by a key outside of the database."""

from antiphon.migrations.support import begin

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run(
        """
        CREATE TABLE kit.data_keys (
            id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            wrapped bytea NOT NULL CHECK (length(wrapped) BETWEEN 16 AND 8192),
            wrapped_by text NOT NULL,
            created_at timestamptz NOT NULL,
            retired_at timestamptz
        )
        """
    )
    run("COMMENT ON TABLE kit.data_keys IS 'AES-256 keys that seal values, wrapped by the key service wrapped_by'")
