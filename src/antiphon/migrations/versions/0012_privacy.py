"""Privacy: profiles, preferences, consents, exports and imports of everything a person has."""

from antiphon.migrations.support import begin, private

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    _profiles(run)
    _preferences_and_consents(run)
    _exports(run)
    _imports(run)


def _profiles(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        ALTER TABLE identity.users
            ADD COLUMN bio text NOT NULL DEFAULT '' CHECK (length(bio) <= 2000),
            ADD COLUMN links jsonb NOT NULL DEFAULT '[]',
            ADD COLUMN avatar jsonb,
            ADD COLUMN verified_at timestamptz,
            ADD COLUMN private boolean NOT NULL DEFAULT false,
            ADD COLUMN erasing_at timestamptz,
            ADD CONSTRAINT users_erasing CHECK (erasing_at IS NULL OR closes_at IS NOT NULL)
        """
    )
    run("COMMENT ON COLUMN identity.users.private IS 'Nobody but the person and administrators sees the profile'")
    run("COMMENT ON COLUMN identity.users.erasing_at IS 'The grace is over: from here on there is no way back'")
    run(
        """
        CREATE TABLE identity.user_stats (
            user_id uuid PRIMARY KEY REFERENCES identity.users ON DELETE CASCADE,
            followers bigint NOT NULL DEFAULT 0 CHECK (followers >= 0),
            plays bigint NOT NULL DEFAULT 0 CHECK (plays >= 0),
            likes bigint NOT NULL DEFAULT 0 CHECK (likes >= 0)
        )
        """
    )
    run("COMMENT ON COLUMN identity.user_stats.plays IS 'Counted plays by the person, but for those in private'")


def _preferences_and_consents(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TABLE identity.preferences (
            user_id uuid PRIMARY KEY REFERENCES identity.users ON DELETE CASCADE,
            theme text NOT NULL CHECK (theme IN ('system', 'dark', 'light', 'contrast')),
            reduced_motion boolean NOT NULL,
            single_keys boolean NOT NULL,
            player jsonb NOT NULL,
            private_until timestamptz,
            version int NOT NULL,
            updated_at timestamptz NOT NULL
        )
        """
    )
    private("identity.preferences", "user_id")
    run(
        """
        CREATE TABLE identity.consents (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            user_id uuid NOT NULL REFERENCES identity.users ON DELETE CASCADE,
            purpose text NOT NULL CHECK (purpose ~ '^[a-z_]+$'),
            version text NOT NULL,
            granted boolean NOT NULL,
            at timestamptz NOT NULL,
            imported boolean NOT NULL DEFAULT false
        )
        """
    )
    run("COMMENT ON TABLE identity.consents IS 'What people answered, to which version of a text; rows are only added'")
    run("COMMENT ON COLUMN identity.consents.imported IS 'Answered in another install: kept as history, not in force'")
    run("CREATE INDEX consents_by_user ON identity.consents (user_id, purpose, id DESC)")
    private("identity.consents", "user_id")
    run("REVOKE UPDATE, DELETE, TRUNCATE ON identity.consents FROM antiphon_app")


def _exports(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TABLE identity.exports (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            user_id uuid NOT NULL REFERENCES identity.users ON DELETE CASCADE,
            state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'ready', 'failed', 'expired')),
            percent int NOT NULL DEFAULT 0 CHECK (percent BETWEEN 0 AND 100),
            bytes bigint,
            sha256 bytea CHECK (length(sha256) = 32),
            records jsonb NOT NULL DEFAULT '{}',
            missing int NOT NULL DEFAULT 0,
            created_at timestamptz NOT NULL,
            finished_at timestamptz,
            expires_at timestamptz,
            CHECK (state <> 'ready' OR (bytes IS NOT NULL AND sha256 IS NOT NULL AND expires_at IS NOT NULL))
        )
        """
    )
    run("CREATE INDEX exports_by_user ON identity.exports (user_id, id DESC)")
    run("CREATE INDEX exports_by_expiry ON identity.exports (expires_at) WHERE state = 'ready'")
    run("CREATE UNIQUE INDEX one_running_export ON identity.exports (user_id) WHERE state IN ('waiting', 'running')")
    run("COMMENT ON COLUMN identity.exports.records IS 'How many of each kind the archive holds'")
    private("identity.exports", "user_id")


def _imports(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TABLE identity.imports (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            user_id uuid NOT NULL REFERENCES identity.users ON DELETE CASCADE,
            state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'failed')),
            percent int NOT NULL DEFAULT 0 CHECK (percent BETWEEN 0 AND 100),
            bytes bigint NOT NULL,
            publish boolean NOT NULL,
            taken jsonb NOT NULL DEFAULT '{}',
            left_count int NOT NULL DEFAULT 0,
            error_code text,
            created_at timestamptz NOT NULL,
            finished_at timestamptz
        )
        """
    )
    run("CREATE INDEX imports_by_user ON identity.imports (user_id, id DESC)")
    run("CREATE UNIQUE INDEX one_running_import ON identity.imports (user_id) WHERE state IN ('waiting', 'running')")
    private("identity.imports", "user_id")
    run(
        """
        CREATE TABLE identity.import_leftovers (
            import_id uuid NOT NULL REFERENCES identity.imports ON DELETE CASCADE,
            name text NOT NULL,
            source text NOT NULL,
            reason text NOT NULL,
            PRIMARY KEY (import_id, name, source)
        )
        """
    )
    private("identity.import_leftovers", "(SELECT i.user_id FROM identity.imports i WHERE i.id = import_id)")
    run(
        """
        CREATE TABLE identity.imported (
            user_id uuid NOT NULL REFERENCES identity.users ON DELETE CASCADE,
            name text NOT NULL,
            source text NOT NULL,
            target uuid NOT NULL,
            PRIMARY KEY (user_id, name, source)
        )
        """
    )
    run("COMMENT ON TABLE identity.imported IS 'What became of a record of another install, so that it comes but once'")
    private("identity.imported", "user_id")
