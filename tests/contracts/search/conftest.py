"""Every search index."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from antiphon.adapters.search.fake import MemorySearch
from antiphon.adapters.search.local import LocalSearch
from antiphon.domains.discovery.ports import SearchIndex


@pytest.fixture(params=["memory", "local"])
async def index(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SearchIndex]:
    made: SearchIndex = MemorySearch() if request.param == "memory" else LocalSearch(tmp_path / "search")
    yield made
    await made.close()
