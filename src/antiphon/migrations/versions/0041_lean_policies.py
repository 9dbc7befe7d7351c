"""Row-level security that costs less: which libraries are open is planned with the statement instead of called from it,
and an entry looks at its own playlist instead of at all there are."""

from antiphon.migrations.support import begin

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_OPEN = "library_id IN (SELECT open FROM catalog.open_libraries() AS open)"
_AT_WORK = "coalesce(current_setting('antiphon.system', true), '') = 'on'"


def upgrade() -> None:
    run = begin()
    run(f"ALTER POLICY open_libraries ON catalog.folders USING ({_OPEN})")
    published = f"(published_at IS NOT NULL AND (library_id IS NULL OR {_OPEN}))"
    run(f"ALTER POLICY published_or_managed ON catalog.albums USING ({published} OR catalog.may_manage(artist_id))")
    run(
        f"ALTER POLICY published_or_managed ON catalog.tracks USING ({published} "
        f"OR (catalog.may_manage(artist_id) AND (merged_into IS NULL OR {_AT_WORK})))"
    )
    run(f"ALTER POLICY shown ON catalog.playlists USING (withheld_at IS NULL AND (visibility <> 'private' OR {_OPEN}))")
    # EXISTS would be read as "one of all playlists that are seen", and all would be looked at.
    run(
        "ALTER POLICY shown ON catalog.playlist_entries "
        "USING ((SELECT true FROM catalog.playlists p WHERE p.id = playlist_id))"
    )
