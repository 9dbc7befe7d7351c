"""Lists of tracks by title leave leading articles aside, as those of artists and albums do."""

from antiphon.migrations.support import begin

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run(
        "CREATE INDEX tracks_by_sorted_title ON catalog.tracks "
        "((regexp_replace(search_key, '^(the|el|la|los|las|le|les) ', '')), id)"
    )
