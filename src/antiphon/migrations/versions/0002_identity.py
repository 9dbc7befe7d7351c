"""Identity: users, credentials, roles, sessions, tokens, signing keys."""

from antiphon.migrations.support import begin, grant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run("CREATE SCHEMA identity")
    _people(run)
    _roles(run)
    _sessions(run)
    grant("identity")


def _people(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TABLE identity.users (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            email text NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
            email_key text NOT NULL CONSTRAINT users_email_key UNIQUE,
            handle text NOT NULL CONSTRAINT users_handle_key UNIQUE CHECK (handle ~ '^[a-z0-9_.]{2,30}$'),
            display_name text NOT NULL CHECK (length(display_name) BETWEEN 1 AND 64),
            version int NOT NULL DEFAULT 1,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL
        )
        """
    )
    run("COMMENT ON COLUMN identity.users.email_key IS 'The address case-folded: what two spellings of it share'")
    run(
        """
        CREATE TABLE identity.password_credentials (
            user_id uuid PRIMARY KEY REFERENCES identity.users ON DELETE CASCADE,
            hash text NOT NULL CHECK (hash LIKE '$argon2id$%'),
            changed_at timestamptz NOT NULL
        )
        """
    )
    run(
        """
        CREATE TABLE identity.sign_in_links (
            digest bytea PRIMARY KEY CHECK (length(digest) = 32),
            user_id uuid NOT NULL REFERENCES identity.users ON DELETE CASCADE,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            used_at timestamptz
        )
        """
    )
    run("CREATE INDEX sign_in_links_by_user ON identity.sign_in_links (user_id)")
    run("CREATE INDEX sign_in_links_by_expiry ON identity.sign_in_links (expires_at)")


def _roles(run) -> None:  # type: ignore[no-untyped-def]
    run("CREATE TABLE identity.roles (name text PRIMARY KEY, description text NOT NULL)")
    run(
        """
        CREATE TABLE identity.role_permissions (
            role text NOT NULL REFERENCES identity.roles ON DELETE CASCADE,
            permission text NOT NULL CHECK (permission ~ '^[a-z_]+[.][a-z_]+$'),
            PRIMARY KEY (role, permission)
        )
        """
    )
    run(
        """
        CREATE TABLE identity.user_roles (
            user_id uuid NOT NULL REFERENCES identity.users ON DELETE CASCADE,
            role text NOT NULL REFERENCES identity.roles,
            granted_by uuid REFERENCES identity.users ON DELETE SET NULL,
            granted_at timestamptz NOT NULL,
            PRIMARY KEY (user_id, role)
        )
        """
    )
    run("CREATE INDEX user_roles_by_role ON identity.user_roles (role)")
    run("CREATE INDEX user_roles_by_grantor ON identity.user_roles (granted_by) WHERE granted_by IS NOT NULL")
    run(
        """
        INSERT INTO identity.roles (name, description) VALUES
            ('fan', 'Listens, collects and talks'),
            ('artist', 'Publishes under an artist profile'),
            ('producer', 'Is credited on tracks and works in studio sessions'),
            ('label', 'Looks after a roster of artists'),
            ('moderator', 'Decides about reports'),
            ('admin', 'Runs the installation')
        """
    )
    run(
        """
        INSERT INTO identity.role_permissions (role, permission) VALUES
            ('fan', 'content.listen'),
            ('artist', 'content.upload'), ('artist', 'content.publish'),
            ('producer', 'content.upload'),
            ('label', 'content.upload'), ('label', 'content.publish'),
            ('moderator', 'moderation.decide'),
            ('admin', 'content.edit_any'), ('admin', 'moderation.decide'), ('admin', 'users.manage'),
            ('admin', 'system.operate')
        """
    )


def _sessions(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TABLE identity.sessions (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            user_id uuid NOT NULL REFERENCES identity.users ON DELETE CASCADE,
            method text NOT NULL,
            user_agent text NOT NULL,
            created_at timestamptz NOT NULL,
            last_seen_at timestamptz NOT NULL,
            revoked_at timestamptz,
            revoked_for text,
            CHECK ((revoked_at IS NULL) = (revoked_for IS NULL))
        )
        """
    )
    run("CREATE INDEX sessions_by_user ON identity.sessions (user_id, last_seen_at DESC)")
    run("CREATE INDEX sessions_by_age ON identity.sessions (last_seen_at)")
    run(
        """
        CREATE TABLE identity.refresh_tokens (
            digest bytea PRIMARY KEY CHECK (length(digest) = 32),
            session_id uuid NOT NULL REFERENCES identity.sessions ON DELETE CASCADE,
            issued_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            used_at timestamptz
        )
        """
    )
    run("CREATE INDEX refresh_tokens_by_session ON identity.refresh_tokens (session_id)")
    run("CREATE INDEX refresh_tokens_by_expiry ON identity.refresh_tokens (expires_at)")
    run("CREATE UNIQUE INDEX one_live_refresh_token ON identity.refresh_tokens (session_id) WHERE used_at IS NULL")
    run(
        """
        CREATE TABLE identity.signing_keys (
            kid text PRIMARY KEY,
            sealed bytea NOT NULL,
            created_at timestamptz NOT NULL,
            retired_at timestamptz
        )
        """
    )
    run("COMMENT ON COLUMN identity.signing_keys.sealed IS 'Ed25519 private key, sealed with the master secret'")
