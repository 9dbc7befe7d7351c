"""The only door of social."""

from antiphon.domains.social.api.chat import Message, NewMessage, messages, say, take_back
from antiphon.domains.social.api.opinions import (
    Like,
    Mark,
    Opinion,
    forget_works,
    highest_rated_albums,
    like,
    likes,
    marks,
    opinions,
    rate,
    starred,
    unlike,
)
from antiphon.domains.social.api.personal import personal_data
from antiphon.domains.social.api.shares import (
    NewShare,
    Share,
    ShareChange,
    SharedWork,
    SharedWorks,
    change_share,
    delete_share,
    make_share,
    open_share,
    share_address,
    shares,
)
from antiphon.domains.social.errors import ShareExpired, ShareNotFound
from antiphon.domains.social.model import ITEMS_MAX, WorkKind

__all__ = [
    "ITEMS_MAX",
    "Like",
    "Mark",
    "Message",
    "NewMessage",
    "NewShare",
    "Opinion",
    "Share",
    "ShareChange",
    "ShareExpired",
    "ShareNotFound",
    "SharedWork",
    "SharedWorks",
    "WorkKind",
    "change_share",
    "delete_share",
    "forget_works",
    "highest_rated_albums",
    "like",
    "likes",
    "make_share",
    "marks",
    "messages",
    "open_share",
    "opinions",
    "personal_data",
    "rate",
    "say",
    "share_address",
    "shares",
    "starred",
    "take_back",
    "unlike",
]
