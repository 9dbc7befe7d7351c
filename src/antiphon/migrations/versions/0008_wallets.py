"""Wallets that people sign in with; an account need not have an e-mail address any more."""

from antiphon.migrations.support import begin, private

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run("ALTER TABLE identity.users ALTER COLUMN email DROP NOT NULL, ALTER COLUMN email_key DROP NOT NULL")
    run(
        """
        ALTER TABLE identity.users ADD CONSTRAINT users_email_and_key CHECK ((email IS NULL) = (email_key IS NULL))
        """
    )
    run(
        """
        CREATE TABLE identity.wallets (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            user_id uuid NOT NULL REFERENCES identity.users ON DELETE CASCADE,
            address text NOT NULL UNIQUE CHECK (address ~ '^0x[0-9a-f]{40}$'),
            contract_chain bigint CHECK (contract_chain > 0),
            linked_at timestamptz NOT NULL,
            last_used_at timestamptz
        )
        """
    )
    run("COMMENT ON COLUMN identity.wallets.contract_chain IS 'Where its contract says yes; null: it has a key'")
    run("CREATE INDEX wallets_by_user ON identity.wallets (user_id)")
    private("identity.wallets", "user_id")
