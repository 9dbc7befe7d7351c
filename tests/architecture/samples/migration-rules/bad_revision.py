# path: src/antiphon/migrations/versions/0007_albums.py
from alembic import op

from antiphon.domains.catalog.tables import albums  # expect
from antiphon.migrations.support import begin


def upgrade() -> None:  # expect
    op.execute("ALTER TABLE catalog.albums ADD COLUMN label text")
    begin()
