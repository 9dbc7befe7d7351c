"""Sign-ins elsewhere that lead into an account, and sign-ups that come from there."""

from antiphon.migrations.support import begin, private

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run(
        """
        CREATE TABLE identity.linked_identities (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            user_id uuid NOT NULL REFERENCES identity.users ON DELETE CASCADE,
            provider text NOT NULL,
            issuer text NOT NULL,
            subject text NOT NULL,
            email text,
            sealed_token bytea,
            created_at timestamptz NOT NULL,
            last_used_at timestamptz,
            UNIQUE (issuer, subject)
        )
        """
    )
    run("COMMENT ON COLUMN identity.linked_identities.email IS 'What the provider said when it was linked; a hint'")
    run("COMMENT ON COLUMN identity.linked_identities.sealed_token IS 'Refresh token, where the operator keeps them'")
    run("CREATE INDEX linked_identities_by_user ON identity.linked_identities (user_id)")
    private("identity.linked_identities", "user_id")
    run(
        """
        ALTER TABLE identity.sign_ups
            ALTER COLUMN password_hash DROP NOT NULL,
            ADD COLUMN linked jsonb,
            ADD CONSTRAINT sign_ups_way_in CHECK (password_hash IS NOT NULL OR linked IS NOT NULL)
        """
    )
    run("COMMENT ON COLUMN identity.sign_ups.linked IS 'The sign-in elsewhere that opens the account to be'")
