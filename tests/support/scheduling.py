"""How the tests of a run are dealt out to its workers."""

from __future__ import annotations

from typing import Any

from xdist.scheduler import LoadScopeScheduling

__all__ = ["JourneysByFile"]


_JOURNEYS = "tests/journeys/"


class JourneysByFile(LoadScopeScheduling):
    """Test by test, but a file of journeys, or a folder of them, stays on one worker: what they share is started once.

    Journeys go first. They are long, and one that came last would leave the other workers without work.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        folder, deeper, _ = file.removeprefix(_JOURNEYS).partition("/")
        return (_JOURNEYS + folder if deeper else file) if file.startswith(_JOURNEYS) else nodeid

    def _assign_work_unit(self, node: Any) -> None:
        journeys = next((scope for scope in self.workqueue if scope.startswith(_JOURNEYS)), None)
        if journeys is not None:
            self.workqueue.move_to_end(journeys, last=False)
        super()._assign_work_unit(node)
