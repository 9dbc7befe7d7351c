"""Passkeys, API keys and app passwords."""

from antiphon.migrations.support import begin, private

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    _passkeys(run)
    _api_keys(run)
    _app_passwords(run)
    for table in ("passkey_owners", "passkeys", "api_keys", "app_passwords"):
        private(f"identity.{table}", "user_id")


def _passkeys(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TABLE identity.passkey_owners (
            user_id uuid PRIMARY KEY REFERENCES identity.users ON DELETE CASCADE,
            handle bytea NOT NULL UNIQUE CHECK (length(handle) = 64),
            second_factor boolean NOT NULL DEFAULT false
        )
        """
    )
    run(
        "COMMENT ON COLUMN identity.passkey_owners.handle IS 'What authenticators know the person by: random, for ever'"
    )
    run("COMMENT ON COLUMN identity.passkey_owners.second_factor IS 'A passkey is asked for after the password'")
    run(
        """
        CREATE TABLE identity.passkeys (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            user_id uuid NOT NULL REFERENCES identity.users ON DELETE CASCADE,
            credential_id bytea NOT NULL
                CONSTRAINT passkeys_credential_id UNIQUE CHECK (length(credential_id) BETWEEN 1 AND 1023),
            public_key bytea NOT NULL,
            sign_count bigint NOT NULL CHECK (sign_count >= 0),
            transports text[] NOT NULL,
            aaguid uuid NOT NULL,
            name text NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
            discoverable boolean,
            user_verified boolean NOT NULL,
            backup_eligible boolean NOT NULL,
            backed_up boolean NOT NULL,
            created_at timestamptz NOT NULL,
            last_used_at timestamptz,
            suspected_at timestamptz
        )
        """
    )
    run("COMMENT ON COLUMN identity.passkeys.suspected_at IS 'When its counter went back: it may have been copied'")
    run("CREATE INDEX passkeys_by_user ON identity.passkeys (user_id, id)")


def _api_keys(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TABLE identity.api_keys (
            id uuid PRIMARY KEY,
            user_id uuid NOT NULL REFERENCES identity.users ON DELETE CASCADE,
            digest bytea NOT NULL CHECK (length(digest) = 32),
            name text NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
            scopes text[] NOT NULL CHECK (cardinality(scopes) > 0),
            created_at timestamptz NOT NULL,
            expires_at timestamptz,
            last_used_at timestamptz
        )
        """
    )
    run("CREATE INDEX api_keys_by_user ON identity.api_keys (user_id, id DESC)")
    run(
        """
        CREATE FUNCTION identity.use_api_key(key uuid, its_digest bytea, at timestamptz)
        RETURNS TABLE (user_id uuid, scopes text[], expires_at timestamptz, roles text[])
        LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
            WITH found AS (
                SELECT k.id, k.user_id, k.scopes, k.expires_at, k.last_used_at FROM identity.api_keys k
                WHERE k.id = key AND k.digest = its_digest AND (k.expires_at IS NULL OR k.expires_at > at)
            ), noted AS (
                UPDATE identity.api_keys k SET last_used_at = at FROM found f
                WHERE k.id = f.id AND (f.last_used_at IS NULL OR f.last_used_at < at - interval '10 minutes')
            )
            SELECT f.user_id, f.scopes, f.expires_at,
                array(SELECT r.role FROM identity.user_roles r WHERE r.user_id = f.user_id ORDER BY r.role)
            FROM found f
        $$
        """
    )
    run(
        "COMMENT ON FUNCTION identity.use_api_key IS 'Whose key it is, for whoever shows it; its use is noted coarsely'"
    )


def _app_passwords(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TABLE identity.app_passwords (
            id uuid PRIMARY KEY,
            user_id uuid NOT NULL REFERENCES identity.users ON DELETE CASCADE,
            sealed bytea NOT NULL,
            name text NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
            scopes text[] NOT NULL CHECK (cardinality(scopes) > 0),
            created_at timestamptz NOT NULL,
            last_used_at timestamptz
        )
        """
    )
    run("COMMENT ON COLUMN identity.app_passwords.sealed IS 'Sealed by the vault: token sign-in needs its plain text'")
    run("CREATE INDEX app_passwords_by_user ON identity.app_passwords (user_id, id DESC)")
    run(
        """
        CREATE FUNCTION identity.app_passwords_for(known_as text)
        RETURNS TABLE (user_id uuid, roles text[], id uuid, sealed bytea, scopes text[], last_used_at timestamptz)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
            SELECT p.user_id,
                array(SELECT r.role FROM identity.user_roles r WHERE r.user_id = p.user_id ORDER BY r.role),
                p.id, p.sealed, p.scopes, p.last_used_at
            FROM identity.users u JOIN identity.app_passwords p ON p.user_id = u.id
            WHERE u.handle = known_as OR u.email_key = known_as
            ORDER BY p.last_used_at DESC NULLS LAST, p.id
        $$
        """
    )
    _for_the_application(run, "identity.app_passwords_for")
    run("COMMENT ON FUNCTION identity.app_passwords_for IS 'What an app may sign in with under a handle or an address'")


def _for_the_application(run, function: str) -> None:  # type: ignore[no-untyped-def]
    """It runs as the owner of the tables, whom row-level security does not bind."""
    run(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
    run(f"GRANT EXECUTE ON FUNCTION {function} TO antiphon_app")
