"""Search indexes: Tantivy in the data folder; a fake in memory for tests."""

from antiphon.adapters.search.local import LocalSearch

__all__ = ["LocalSearch"]
