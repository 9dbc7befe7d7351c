"""What can go wrong with somebody's file, in codes a person understands."""

from __future__ import annotations

from typing import ClassVar

from antiphon.kit.errors import AppError

__all__ = ["MediaRejected", "ObjectMissing"]


class ObjectMissing(AppError):
    code = "object_missing"
    status = 404
    title = "Stored object not found"


class MediaRejected(AppError):
    """The file cannot be taken; `reason` is one of REASONS and becomes the content's error code."""

    code = "media_rejected"
    status = 422
    title = "The file cannot be used"

    REASONS: ClassVar[dict[str, str]] = {
        "not_audio": "This file holds no sound that we can read.",
        "damaged": "The file is damaged: its sound cannot be decoded.",
        "no_samples": "The file holds no sound: it decodes to nothing.",
        "too_long": "The recording is longer than this server takes.",
        "too_complex": "Decoding this file takes more time or memory than is allowed.",
        "codec_crashed": "The decoder gave up on this file.",
        "bad_picture": "This picture cannot be read.",
    }

    def __init__(self, reason: str, detail: str | None = None) -> None:
        self.reason = reason
        super().__init__(detail or self.REASONS[reason], reason=reason)
