"""What the operator wants of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from antiphon.domains.catalog.model import ApprovalRule

__all__ = ["CatalogTools"]


@dataclass(frozen=True, slots=True)
class CatalogTools:
    """`artist_approval`: whether a new artist publishes at once, or once somebody has looked."""

    artist_approval: ApprovalRule
