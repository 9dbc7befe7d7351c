"""How the tests of a run are dealt out to its workers."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

__all__ = ["JourneysByFile"]


class JourneysByFile(LoadScopeScheduling):
    """Test by test, but a file of journeys stays on one worker: what its journeys share is started once."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if file.startswith("tests/journeys/") else nodeid
