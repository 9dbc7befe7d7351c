"""Devices of a person that play, and which of them does."""

from antiphon.migrations.support import begin, private

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run(
        """
        CREATE TABLE playback.devices (
            user_id uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
            id uuid NOT NULL,
            name text NOT NULL,
            kind text NOT NULL CHECK (kind IN ('browser', 'phone', 'computer', 'speaker', 'other')),
            playing boolean NOT NULL DEFAULT false,
            volume real CHECK (volume BETWEEN 0 AND 1),
            seen_at timestamptz NOT NULL,
            until timestamptz NOT NULL,
            PRIMARY KEY (user_id, id)
        )
        """
    )
    run("COMMENT ON COLUMN playback.devices.id IS 'Made by the device'")
    run("COMMENT ON COLUMN playback.devices.until IS 'A lease: what falls silent is away, and takes nothing with it'")
    private("playback.devices", "user_id")
    run("ALTER TABLE playback.queues ADD COLUMN active_device uuid")
    run("COMMENT ON COLUMN playback.queues.active_device IS 'The one that plays, or played last'")
