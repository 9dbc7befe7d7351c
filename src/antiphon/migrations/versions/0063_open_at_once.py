"""Which libraries are open is an array that each statement makes once, and only where it comes to a work of a library:
as a subquery it was a table of its own, made anew for every statement before the first row."""

from antiphon.migrations.support import begin

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

_OPEN = "library_id = ANY (ARRAY (SELECT open FROM catalog.open_libraries() AS open))"
_AT_WORK = "coalesce(current_setting('antiphon.system', true), '') = 'on'"


def upgrade() -> None:
    run = begin()
    published = f"(published_at IS NOT NULL AND (library_id IS NULL OR {_OPEN}))"
    run(f"ALTER POLICY published_or_managed ON catalog.albums USING ({published} OR catalog.may_manage(artist_id))")
    run(
        f"ALTER POLICY published_or_managed ON catalog.tracks USING ({published} "
        f"OR (catalog.may_manage(artist_id) AND (merged_into IS NULL OR {_AT_WORK})))"
    )
    run(f"ALTER POLICY shown ON catalog.playlists USING (withheld_at IS NULL AND (visibility <> 'private' OR {_OPEN}))")
