"""docs/reference/ from the living code: settings, errors, facts, jobs, metrics, roles, HTTP."""

from tools.reference.pages import PAGES

__all__ = ["PAGES"]
