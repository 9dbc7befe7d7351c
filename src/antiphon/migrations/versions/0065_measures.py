"""How loud the music of libraries is, and what it looks like, measured once somebody has heard it."""

from antiphon.migrations.support import begin

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run(
        """
        CREATE TABLE media.measures (
            track_id uuid PRIMARY KEY REFERENCES catalog.tracks (id) ON DELETE CASCADE,
            of_bytes bigint NOT NULL,
            asked_at timestamptz NOT NULL,
            measured_at timestamptz,
            integrated_lufs real,
            true_peak_dbtp real,
            range_lu real,
            blocks bytea NOT NULL DEFAULT '',
            duration_ms bigint NOT NULL DEFAULT 0,
            peaks bytea NOT NULL DEFAULT '',
            rms bytea NOT NULL DEFAULT ''
        )
        """
    )
    run("COMMENT ON COLUMN media.measures.of_bytes IS 'How long the file was: of another it is measured anew'")
    run("COMMENT ON COLUMN media.measures.blocks IS 'Energies of the 400 ms gating blocks, float32 little-endian'")
    run("COMMENT ON COLUMN media.measures.peaks IS 'Waveform, one byte a bucket'")
