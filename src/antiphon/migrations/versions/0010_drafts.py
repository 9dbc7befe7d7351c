"""Drafts are seen by those who manage their artist only, by the database's word too; managers are of three kinds."""

from antiphon.migrations.support import begin

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run(
        """
        ALTER TABLE catalog.artist_managers
            ADD COLUMN kind text NOT NULL DEFAULT 'owner' CHECK (kind IN ('owner', 'manager', 'label'))
        """
    )
    run("ALTER TABLE catalog.artist_managers ALTER COLUMN kind DROP DEFAULT")
    run(
        """
        CREATE FUNCTION catalog.may_manage(artist uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
            SELECT coalesce(current_setting('antiphon.system', true), '') = 'on'
                OR EXISTS (SELECT FROM catalog.artist_managers m WHERE m.artist_id = artist
                           AND m.user_id = nullif(current_setting('antiphon.actor', true), '')::uuid)
        $$
        """
    )
    for table in ("albums", "tracks"):
        run(f"ALTER TABLE catalog.{table} ENABLE ROW LEVEL SECURITY")
        run(
            f"CREATE POLICY drafts_of_managers ON catalog.{table} "
            "USING (published_at IS NOT NULL OR catalog.may_manage(artist_id))"
        )
