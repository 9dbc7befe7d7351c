"""The only door of media for other domains."""

from antiphon.domains.media.api.personal import personal_data
from antiphon.domains.media.api.pictures import drop_picture, hold_picture, scale_picture
from antiphon.domains.media.api.results import MediaRendition, MediaResult, Waveform, media_result, waveform
from antiphon.domains.media.api.uploads import (
    Destination,
    Quota,
    Upload,
    append,
    check_room,
    expire_uploads,
    find_upload,
    finish,
    open_uploads,
    quota,
    receive,
    start_upload,
    terminate,
)
from antiphon.domains.media.errors import LinkRefused
from antiphon.domains.media.model import blob_key, picture_key
from antiphon.domains.media.tools import MediaTools

__all__ = [
    "Destination",
    "LinkRefused",
    "MediaRendition",
    "MediaResult",
    "MediaTools",
    "Quota",
    "Upload",
    "Waveform",
    "append",
    "blob_key",
    "check_room",
    "drop_picture",
    "expire_uploads",
    "find_upload",
    "finish",
    "hold_picture",
    "media_result",
    "open_uploads",
    "personal_data",
    "picture_key",
    "quota",
    "receive",
    "scale_picture",
    "start_upload",
    "terminate",
    "waveform",
]
