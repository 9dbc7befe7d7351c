"""A queue is entries and what was done to them, so that many devices can change it at once."""

from antiphon.migrations.support import begin, private

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run(
        """
        CREATE TABLE playback.queue_entries (
            user_id uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
            id uuid NOT NULL,
            track_id uuid NOT NULL,
            rank bigint NOT NULL,
            mixed bigint,
            gone_at int,
            merged jsonb,
            PRIMARY KEY (user_id, id)
        )
        """
    )
    run("COMMENT ON COLUMN playback.queue_entries.id IS 'Made by the device that added it'")
    run("COMMENT ON COLUMN playback.queue_entries.rank IS 'Its place in the order that was not shuffled'")
    run("COMMENT ON COLUMN playback.queue_entries.mixed IS 'Its place in the shuffled order'")
    run(
        "COMMENT ON COLUMN playback.queue_entries.gone_at IS "
        "'The revision that removed it: what is put behind it comes to where it stood'"
    )
    run("COMMENT ON COLUMN playback.queue_entries.merged IS 'The tracks that it was before they became one'")
    run("CREATE INDEX queue_entries_by_track ON playback.queue_entries (track_id)")
    private("playback.queue_entries", "user_id")
    run(
        """
        CREATE TABLE playback.queue_events (
            user_id uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
            revision int NOT NULL,
            command_id uuid NOT NULL,
            told_by text NOT NULL,
            told_at timestamptz NOT NULL,
            event jsonb NOT NULL,
            PRIMARY KEY (user_id, revision),
            UNIQUE (user_id, command_id)
        )
        """
    )
    run("COMMENT ON TABLE playback.queue_events IS 'What each command changed, the last thousand of a person'")
    private("playback.queue_events", "user_id")
    run(
        """
        ALTER TABLE playback.queues
            ADD COLUMN current_id uuid,
            ADD COLUMN position_at timestamptz,
            ADD COLUMN repeat text NOT NULL DEFAULT 'off' CHECK (repeat IN ('off', 'one', 'all')),
            ADD COLUMN shuffled boolean NOT NULL DEFAULT false,
            ADD COLUMN seed bigint,
            ADD COLUMN radio boolean NOT NULL DEFAULT false,
            ALTER COLUMN changed_at DROP NOT NULL,
            ALTER COLUMN revision SET DEFAULT 0
        """
    )
    run("COMMENT ON COLUMN playback.queues.position_at IS 'When somebody was at the position'")
    _move(run)
    run("ALTER TABLE playback.queues DROP COLUMN track_ids, DROP COLUMN current, DROP COLUMN merged")


def _move(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        INSERT INTO playback.queue_entries (user_id, id, track_id, rank)
        SELECT q.user_id, gen_random_uuid(), t.id, t.place << 32
        FROM playback.queues q, unnest(q.track_ids) WITH ORDINALITY AS t(id, place)
        """
    )
    run(
        """
        UPDATE playback.queues q SET current_id = e.id, position_at = q.changed_at FROM playback.queue_entries e
        WHERE e.user_id = q.user_id AND e.rank = (q.current + 1)::bigint << 32
        """
    )
