"""Apps that people sign in to with their account here: this installation as an OpenID provider."""

from antiphon.migrations.support import begin, private

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run(
        """
        CREATE TABLE identity.apps (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
            redirect_uris text[] NOT NULL CHECK (cardinality(redirect_uris) BETWEEN 1 AND 10),
            secret bytea CHECK (length(secret) = 32),
            made_by uuid REFERENCES identity.users ON DELETE SET NULL,
            created_at timestamptz NOT NULL
        )
        """
    )
    run("COMMENT ON COLUMN identity.apps.secret IS 'Digest; an app on a device of its user has none and shows PKCE'")
    run("CREATE INDEX apps_by_maker ON identity.apps (made_by)")
    private("identity.apps", "NULL::uuid")
    run(
        """
        CREATE TABLE identity.app_grants (
            user_id uuid NOT NULL REFERENCES identity.users ON DELETE CASCADE,
            app_id uuid NOT NULL REFERENCES identity.apps ON DELETE CASCADE,
            scopes text[] NOT NULL,
            granted_at timestamptz NOT NULL,
            PRIMARY KEY (user_id, app_id)
        )
        """
    )
    run("CREATE INDEX app_grants_by_app ON identity.app_grants (app_id)")
    private("identity.app_grants", "user_id")
    run(
        """
        ALTER TABLE identity.sessions
            ADD COLUMN app_id uuid REFERENCES identity.apps ON DELETE CASCADE,
            ADD COLUMN scopes text[],
            ADD COLUMN opened_with uuid,
            ADD CONSTRAINT sessions_of_apps_have_scopes CHECK ((app_id IS NULL) = (scopes IS NULL))
        """
    )
    run("COMMENT ON COLUMN identity.sessions.opened_with IS 'The authorization code of an app: its reuse ends this'")
    run("CREATE INDEX sessions_by_app ON identity.sessions (app_id) WHERE app_id IS NOT NULL")
    run("CREATE INDEX sessions_by_code ON identity.sessions (opened_with) WHERE opened_with IS NOT NULL")
