"""Search as it is installed: Tantivy in the data folder."""

from __future__ import annotations

import pytest

from antiphon.adapters.search import LocalSearch
from antiphon.domains.discovery.ports import SearchIndex
from antiphon.kit.settings import Settings


@pytest.fixture
def search(settings: Settings) -> SearchIndex:
    return LocalSearch(settings.home / "search")
