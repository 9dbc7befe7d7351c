"""Access: devices, ceremonies, letters, the audit log, invitations; private rows are guarded by the database too."""

from antiphon.migrations.support import begin, private

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    _who_may_see(run)
    _people(run)
    _sign_ups(run)
    _ceremonies(run)
    _letters(run)
    _audit(run)
    private("identity.password_credentials", "user_id")
    private("identity.sign_in_links", "user_id")
    private("identity.sessions", "user_id")
    private("identity.refresh_tokens", "(SELECT s.user_id FROM identity.sessions s WHERE s.id = session_id)")


def _who_may_see(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE FUNCTION kit.may_see(owner uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
            SELECT coalesce(current_setting('antiphon.system', true), '') = 'on'
                OR owner = nullif(current_setting('antiphon.actor', true), '')::uuid
        $$
        """
    )
    run("COMMENT ON FUNCTION kit.may_see IS 'The person who asks owns the row, or the house itself is at work'")


def _people(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        ALTER TABLE identity.users
            ADD COLUMN language text NOT NULL DEFAULT 'en' CHECK (language ~ '^[a-z]{2}$'),
            ADD COLUMN email_verified_at timestamptz,
            ADD COLUMN suspended_at timestamptz,
            ADD COLUMN suspended_until timestamptz,
            ADD COLUMN suspended_for text,
            ADD COLUMN closes_at timestamptz,
            ADD CONSTRAINT users_suspended_for CHECK ((suspended_at IS NULL) = (suspended_for IS NULL))
        """
    )
    run("COMMENT ON COLUMN identity.users.closes_at IS 'When the account is erased; until then it can be had back'")
    run("CREATE INDEX users_suspended ON identity.users (suspended_at) WHERE suspended_at IS NOT NULL")
    run("CREATE INDEX users_closing ON identity.users (closes_at) WHERE closes_at IS NOT NULL")
    run(
        """
        ALTER TABLE identity.sessions
            ADD COLUMN device bytea CHECK (length(device) = 32),
            ADD COLUMN address text NOT NULL DEFAULT '',
            ADD COLUMN authenticated_at timestamptz
        """
    )
    run("UPDATE identity.sessions SET authenticated_at = created_at")
    run("ALTER TABLE identity.sessions ALTER COLUMN authenticated_at SET NOT NULL")
    run("CREATE INDEX sessions_revoked ON identity.sessions (revoked_at) WHERE revoked_at IS NOT NULL")
    run("DROP TABLE identity.role_permissions")
    run(
        """
        CREATE TABLE identity.invitations (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            digest bytea NOT NULL UNIQUE CHECK (length(digest) = 32),
            email text,
            note text NOT NULL DEFAULT '',
            invited_by uuid REFERENCES identity.users ON DELETE SET NULL,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            used_at timestamptz,
            used_by uuid REFERENCES identity.users ON DELETE SET NULL
        )
        """
    )
    run("CREATE INDEX invitations_by_inviter ON identity.invitations (invited_by)")
    run("CREATE INDEX invitations_by_guest ON identity.invitations (used_by)")
    private("identity.invitations", "NULL::uuid")


def _sign_ups(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TABLE identity.sign_ups (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            email text NOT NULL,
            email_key text NOT NULL,
            handle text NOT NULL,
            display_name text NOT NULL,
            password_hash text NOT NULL CHECK (password_hash LIKE '$argon2id$%'),
            language text NOT NULL,
            invitation bytea CHECK (length(invitation) = 32),
            created_at timestamptz NOT NULL
        )
        """
    )
    run("COMMENT ON TABLE identity.sign_ups IS 'Forms whose address is yet to be proven; no account exists before'")
    run("CREATE INDEX sign_ups_by_address ON identity.sign_ups (email_key)")
    run("CREATE INDEX sign_ups_by_age ON identity.sign_ups (created_at)")
    private("identity.sign_ups", "NULL::uuid")


def _ceremonies(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TABLE identity.challenges (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            digest bytea NOT NULL UNIQUE CHECK (length(digest) = 32),
            kind text NOT NULL CHECK (kind ~ '^[a-z_]+$'),
            user_id uuid REFERENCES identity.users ON DELETE CASCADE,
            data jsonb NOT NULL,
            attempts int NOT NULL DEFAULT 0,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            used_at timestamptz
        )
        """
    )
    run("COMMENT ON TABLE identity.challenges IS 'Ceremonies under way: tickets, nonces, states, links in letters'")
    run("CREATE INDEX challenges_by_user ON identity.challenges (user_id, kind)")
    run("CREATE INDEX challenges_by_expiry ON identity.challenges (expires_at)")
    private("identity.challenges", "user_id")


def _letters(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TABLE identity.letters (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            purpose text NOT NULL CHECK (purpose ~ '^[a-z_]+$'),
            user_id uuid REFERENCES identity.users ON DELETE CASCADE,
            address text,
            language text NOT NULL,
            data jsonb NOT NULL,
            created_at timestamptz NOT NULL,
            sent_at timestamptz
        )
        """
    )
    run("COMMENT ON COLUMN identity.letters.address IS 'Where it goes when that is not the address of the account'")
    run("CREATE INDEX letters_by_user ON identity.letters (user_id)")
    run("CREATE INDEX letters_by_age ON identity.letters (created_at)")
    private("identity.letters", "user_id")


def _audit(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TABLE identity.audit_log (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            at timestamptz NOT NULL,
            action text NOT NULL CHECK (action ~ '^[a-z_]+[.][a-z_]+$'),
            actor_id uuid,
            subject_id uuid,
            address text NOT NULL,
            user_agent text NOT NULL,
            data jsonb NOT NULL
        )
        """
    )
    run("COMMENT ON TABLE identity.audit_log IS 'Who did what to whom and from where; rows are only ever added'")
    run("CREATE INDEX audit_log_by_subject ON identity.audit_log (subject_id, id DESC)")
    run("CREATE INDEX audit_log_by_actor ON identity.audit_log (actor_id, id DESC)")
    run("ALTER TABLE identity.audit_log ENABLE ROW LEVEL SECURITY")
    run("CREATE POLICY own_rows ON identity.audit_log USING (kit.may_see(subject_id) OR kit.may_see(actor_id))")
    run("REVOKE UPDATE, DELETE, TRUNCATE ON identity.audit_log FROM antiphon_app")
    run(
        """
        CREATE FUNCTION identity.forget_in_audit_log(person uuid) RETURNS void
        LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
            UPDATE identity.audit_log SET address = '', user_agent = '', data = '{}',
                actor_id = CASE WHEN actor_id = person THEN NULL ELSE actor_id END,
                subject_id = CASE WHEN subject_id = person THEN NULL ELSE subject_id END
            WHERE actor_id = person OR subject_id = person
        $$
        """
    )
    run("REVOKE ALL ON FUNCTION identity.forget_in_audit_log FROM PUBLIC")
    run("GRANT EXECUTE ON FUNCTION identity.forget_in_audit_log TO antiphon_app")
