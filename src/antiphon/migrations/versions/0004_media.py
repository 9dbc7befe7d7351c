"""Media: uploads, stored bytes, what was measured, what was encoded."""

from antiphon.migrations.support import begin, grant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run("CREATE SCHEMA media")
    run(
        """
        CREATE TABLE media.uploads (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            user_id uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
            filename text NOT NULL,
            artist_id uuid NOT NULL,
            album_id uuid,
            title text,
            length bigint NOT NULL CHECK (length > 0),
            track_id uuid,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL
        )
        """
    )
    run("CREATE INDEX uploads_by_user ON media.uploads (user_id, id)")
    run("CREATE INDEX uploads_by_expiry ON media.uploads (expires_at)")
    run(
        """
        CREATE TABLE media.blobs (
            key text PRIMARY KEY,
            bytes bigint NOT NULL,
            touched_at timestamptz NOT NULL
        )
        """
    )
    run("CREATE INDEX blobs_by_age ON media.blobs (touched_at)")
    run("COMMENT ON COLUMN media.blobs.touched_at IS 'Last time a reference was about to be made; the collector waits'")
    run(
        """
        CREATE TABLE media.sources (
            track_id uuid PRIMARY KEY,
            user_id uuid NOT NULL REFERENCES identity.users (id),
            filename text NOT NULL,
            bytes bigint NOT NULL,
            staged text,
            title_given boolean NOT NULL,
            blob text,
            facts jsonb,
            ladder jsonb,
            created_at timestamptz NOT NULL
        )
        """
    )
    run("COMMENT ON COLUMN media.sources.staged IS 'Name of the received file in the staging folder, until stored'")
    run("CREATE INDEX sources_by_user ON media.sources (user_id)")
    run("CREATE INDEX sources_by_blob ON media.sources (blob)")
    _made(run)
    grant("media")


def _made(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TABLE media.renditions (
            track_id uuid NOT NULL REFERENCES media.sources (track_id) ON DELETE CASCADE,
            quality text NOT NULL,
            blob text NOT NULL,
            codec text NOT NULL,
            container text NOT NULL,
            mime text NOT NULL,
            bytes bigint NOT NULL,
            bitrate_kbps int NOT NULL,
            sample_rate int NOT NULL,
            channels int NOT NULL,
            delay_samples bigint NOT NULL,
            padding_samples bigint NOT NULL,
            total_samples bigint NOT NULL,
            duration_ms bigint NOT NULL,
            init_start bigint,
            init_end bigint,
            index_start bigint,
            index_end bigint,
            segments jsonb NOT NULL,
            made_at timestamptz NOT NULL,
            PRIMARY KEY (track_id, quality)
        )
        """
    )
    run("CREATE INDEX renditions_by_blob ON media.renditions (blob)")
    run(
        """
        CREATE TABLE media.analyses (
            track_id uuid PRIMARY KEY REFERENCES media.sources (track_id) ON DELETE CASCADE,
            integrated_lufs real,
            true_peak_dbtp real,
            range_lu real,
            blocks bytea NOT NULL,
            duration_ms bigint NOT NULL,
            peaks bytea NOT NULL,
            rms bytea NOT NULL
        )
        """
    )
    run("COMMENT ON COLUMN media.analyses.blocks IS 'Energies of the 400 ms gating blocks, float32 little-endian'")
    run("COMMENT ON COLUMN media.analyses.peaks IS 'Waveform, one byte a bucket'")
    run(
        """
        CREATE TABLE media.pictures (
            subject uuid NOT NULL,
            size int NOT NULL,
            key text NOT NULL,
            user_id uuid NOT NULL REFERENCES identity.users (id),
            bytes bigint NOT NULL,
            PRIMARY KEY (subject, size)
        )
        """
    )
    run("CREATE INDEX pictures_by_key ON media.pictures (key)")
