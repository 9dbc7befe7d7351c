"""Radio stations have pictures; they are the house's, so a picture need not be somebody's."""

from antiphon.migrations.support import begin

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run("ALTER TABLE live.stations ADD COLUMN cover jsonb")
    run("ALTER TABLE media.pictures ALTER COLUMN user_id DROP NOT NULL")
    run("COMMENT ON COLUMN media.pictures.user_id IS 'Whose it is; nobody''s where it shows what is the house''s'")
