"""Second factors: authenticator apps, recovery codes, telephones, trusted devices; signing keys move into the vault."""

from antiphon.migrations.support import begin, private

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    _apps(run)
    _telephones(run)
    _trust(run)
    for table in ("totp_factors", "recovery_codes", "phones", "text_codes", "factor_failures", "trusted_devices"):
        private(f"identity.{table}", "user_id")
    run("ALTER TABLE identity.signing_keys ADD COLUMN in_vault boolean NOT NULL DEFAULT false")
    run("COMMENT ON COLUMN identity.signing_keys.in_vault IS 'False: sealed by a version from before the vault'")


def _apps(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TABLE identity.totp_factors (
            user_id uuid PRIMARY KEY REFERENCES identity.users ON DELETE CASCADE,
            sealed_seed bytea NOT NULL,
            created_at timestamptz NOT NULL,
            confirmed_at timestamptz,
            last_step bigint NOT NULL DEFAULT 0
        )
        """
    )
    run("COMMENT ON COLUMN identity.totp_factors.last_step IS 'The newest time step whose code was taken; none twice'")
    run(
        """
        CREATE TABLE identity.recovery_codes (
            user_id uuid NOT NULL REFERENCES identity.users ON DELETE CASCADE,
            digest bytea NOT NULL CHECK (length(digest) = 32),
            created_at timestamptz NOT NULL,
            used_at timestamptz,
            PRIMARY KEY (user_id, digest)
        )
        """
    )
    run(
        """
        CREATE TABLE identity.factor_failures (
            user_id uuid PRIMARY KEY REFERENCES identity.users ON DELETE CASCADE,
            failures int NOT NULL,
            locked_until timestamptz
        )
        """
    )
    run("COMMENT ON TABLE identity.factor_failures IS 'Wrong codes in a row since the last right one'")


def _telephones(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TABLE identity.phones (
            user_id uuid PRIMARY KEY REFERENCES identity.users ON DELETE CASCADE,
            sealed_number bytea NOT NULL,
            created_at timestamptz NOT NULL,
            verified_at timestamptz
        )
        """
    )
    run(
        """
        CREATE TABLE identity.text_codes (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            user_id uuid NOT NULL REFERENCES identity.users ON DELETE CASCADE,
            number_digest bytea NOT NULL CHECK (length(number_digest) = 32),
            digest bytea NOT NULL CHECK (length(digest) = 32),
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            attempts int NOT NULL DEFAULT 0,
            used_at timestamptz
        )
        """
    )
    run("CREATE INDEX text_codes_by_user ON identity.text_codes (user_id, id DESC)")
    run("CREATE INDEX text_codes_by_number ON identity.text_codes (number_digest, created_at)")
    run("CREATE INDEX text_codes_by_age ON identity.text_codes (created_at)")


def _trust(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TABLE identity.trusted_devices (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            user_id uuid NOT NULL REFERENCES identity.users ON DELETE CASCADE,
            device bytea NOT NULL CHECK (length(device) = 32),
            user_agent text NOT NULL,
            created_at timestamptz NOT NULL,
            last_used_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            CONSTRAINT trusted_once UNIQUE (user_id, device)
        )
        """
    )
    run("CREATE INDEX trusted_devices_by_expiry ON identity.trusted_devices (expires_at)")
