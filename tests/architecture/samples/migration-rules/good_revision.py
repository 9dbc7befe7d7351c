# path: src/antiphon/migrations/versions/0007_albums.py
"""Albums get a label."""

from antiphon.migrations.support import begin

revision = "0007"


def upgrade() -> None:
    run = begin()
    run("ALTER TABLE catalog.albums ADD COLUMN label text")
