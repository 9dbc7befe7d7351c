"""What playlists were before they were changed, so that one can go back."""

from antiphon.migrations.support import begin, private

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run(
        """
        CREATE TABLE catalog.playlist_states (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            playlist_id uuid NOT NULL REFERENCES catalog.playlists (id) ON DELETE CASCADE,
            owner_id uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
            name text NOT NULL,
            comment text NOT NULL,
            entry_ids uuid[] NOT NULL,
            track_ids uuid[] NOT NULL,
            added_at timestamptz[] NOT NULL,
            changed_at timestamptz NOT NULL,
            changed_by uuid REFERENCES identity.users (id) ON DELETE SET NULL
        )
        """
    )
    run("COMMENT ON COLUMN catalog.playlist_states.entry_ids IS 'In order; track_ids and added_at are of the same'")
    run("COMMENT ON COLUMN catalog.playlist_states.changed_at IS 'When it ceased to be so, and changed_by by whom'")
    run("CREATE INDEX playlist_states_of ON catalog.playlist_states (playlist_id, id DESC)")
    run("CREATE INDEX playlist_states_by_owner ON catalog.playlist_states (owner_id)")
    run("CREATE INDEX playlist_states_by_person ON catalog.playlist_states (changed_by) WHERE changed_by IS NOT NULL")
    private("catalog.playlist_states", "owner_id")
