"""What a person calls their device stays when the device says what it calls itself."""

from antiphon.migrations.support import begin

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run("ALTER TABLE playback.devices ADD COLUMN given_name text CHECK (char_length(given_name) BETWEEN 1 AND 100)")
