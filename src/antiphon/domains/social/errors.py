"""What social refuses."""

from __future__ import annotations

from antiphon.kit.errors import Conflict, NotFound

__all__ = ["ShareExpired", "ShareNotFound", "TooManyShares"]


class ShareNotFound(NotFound):
    code = "share_not_found"
    title = "There is no such shared link"


class ShareExpired(NotFound):
    code = "share_expired"
    status = 410
    title = "This shared link has ended"


class TooManyShares(Conflict):
    code = "too_many_shares"
    title = "There are too many shared links; delete one first"
