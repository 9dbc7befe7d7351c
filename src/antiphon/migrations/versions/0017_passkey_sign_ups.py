"""Sign-ups with a passkey in place of a password, which wait for their address like any other."""

from antiphon.migrations.support import begin

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run(
        """
        ALTER TABLE identity.sign_ups
            ADD COLUMN passkey jsonb,
            DROP CONSTRAINT sign_ups_way_in,
            ADD CONSTRAINT sign_ups_way_in
                CHECK (password_hash IS NOT NULL OR linked IS NOT NULL OR passkey IS NOT NULL)
        """
    )
    run("COMMENT ON COLUMN identity.sign_ups.passkey IS 'The key that opens the account to be, and its handle'")
