"""${message}.

The old code is still running while this does: expand first, backfill in batches, enforce in a later revision.
"""

from antiphon.migrations.support import begin

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    ${upgrades if upgrades else 'run("")'}
