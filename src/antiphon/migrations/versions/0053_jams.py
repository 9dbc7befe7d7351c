"""Rooms in which people listen together."""

from antiphon.migrations.support import begin

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    _rooms(run)
    _what_is_in_them(run)
    # Whoever is in the room sees all of it. The function asks past the policy that asks it.
    run(
        """
        CREATE FUNCTION playback.in_jam(room uuid) RETURNS boolean
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
            SELECT coalesce(current_setting('antiphon.system', true), '') = 'on' OR EXISTS (
                SELECT FROM playback.jam_members m WHERE m.room_id = room AND NOT m.removed
                    AND m.user_id = nullif(current_setting('antiphon.actor', true), '')::uuid)
        $$
        """
    )
    for table, room in (("jam_rooms", "id"), *((f"jam_{name}", "room_id") for name in ("members", "entries", "votes"))):
        run(f"ALTER TABLE playback.{table} ENABLE ROW LEVEL SECURITY")
        run(f"CREATE POLICY in_the_room ON playback.{table} USING (playback.in_jam({room}))")


def _rooms(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TABLE playback.jam_rooms (
            id uuid PRIMARY KEY,
            revision int NOT NULL DEFAULT 0,
            created_at timestamptz NOT NULL,
            current_id uuid,
            playing boolean NOT NULL,
            position_ms int NOT NULL,
            at timestamptz NOT NULL,
            everybody_adds boolean NOT NULL DEFAULT true,
            everybody_controls boolean NOT NULL DEFAULT false,
            by_votes boolean NOT NULL DEFAULT true,
            locked boolean NOT NULL DEFAULT false,
            code text UNIQUE,
            code_expires_at timestamptz
        )
        """
    )
    run("COMMENT ON COLUMN playback.jam_rooms.at IS 'When the current entry is at `position_ms`; may lie ahead'")
    run("COMMENT ON COLUMN playback.jam_rooms.code IS 'Of the link by which people join; null where there is none'")
    run(
        """
        CREATE TABLE playback.jam_members (
            room_id uuid NOT NULL REFERENCES playback.jam_rooms (id) ON DELETE CASCADE,
            user_id uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
            role text NOT NULL CHECK (role IN ('host', 'co_host', 'listener')),
            joined_at timestamptz NOT NULL,
            until timestamptz NOT NULL,
            skips uuid,
            removed boolean NOT NULL DEFAULT false,
            PRIMARY KEY (room_id, user_id)
        )
        """
    )
    run("COMMENT ON COLUMN playback.jam_members.until IS 'A lease: who falls silent is away'")
    run("COMMENT ON COLUMN playback.jam_members.skips IS 'The entry that they would rather not hear to its end'")
    run("COMMENT ON COLUMN playback.jam_members.removed IS 'Shown out: the link does not let them in again'")
    run("CREATE INDEX jam_members_by_person ON playback.jam_members (user_id)")


def _what_is_in_them(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TABLE playback.jam_entries (
            room_id uuid NOT NULL REFERENCES playback.jam_rooms (id) ON DELETE CASCADE,
            id uuid NOT NULL,
            track_id uuid NOT NULL,
            duration_ms int NOT NULL,
            rank int NOT NULL,
            added_by uuid REFERENCES identity.users (id) ON DELETE SET NULL,
            played boolean NOT NULL DEFAULT false,
            merged jsonb,
            PRIMARY KEY (room_id, id)
        )
        """
    )
    run("COMMENT ON COLUMN playback.jam_entries.id IS 'Made by the device that added it'")
    run("CREATE INDEX jam_entries_by_track ON playback.jam_entries (track_id)")
    run("CREATE INDEX jam_entries_by_person ON playback.jam_entries (added_by)")
    run(
        """
        CREATE TABLE playback.jam_votes (
            room_id uuid NOT NULL,
            entry_id uuid NOT NULL,
            user_id uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
            value smallint NOT NULL CHECK (value IN (-1, 1)),
            PRIMARY KEY (room_id, entry_id, user_id),
            FOREIGN KEY (room_id, entry_id) REFERENCES playback.jam_entries (room_id, id) ON DELETE CASCADE
        )
        """
    )
    run("CREATE INDEX jam_votes_by_person ON playback.jam_votes (user_id)")
