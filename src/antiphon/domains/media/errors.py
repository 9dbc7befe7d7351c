"""What can go wrong with somebody's file, in codes a person understands."""

from __future__ import annotations

from typing import ClassVar

from antiphon.kit.errors import AppError

__all__ = [
    "ChecksumMismatch",
    "EmptyFile",
    "LinkRefused",
    "MediaRejected",
    "NoScan",
    "NotFromHere",
    "ObjectMissing",
    "OffsetMismatch",
    "OriginalMissing",
    "QuotaExceeded",
    "TooManyTranscodes",
    "UnsupportedMediaType",
    "UploadGone",
    "UploadLocked",
    "UploadTooLarge",
]


class UploadTooLarge(AppError):
    code = "upload_too_large"
    status = 413
    title = "This file is larger than this server takes"


class QuotaExceeded(AppError):
    code = "quota_exceeded"
    status = 413
    title = "There is no room left in your storage for this file"


class UnsupportedMediaType(AppError):
    code = "unsupported_media_type"
    status = 415
    title = "This is not a sound file"


class EmptyFile(AppError):
    code = "empty_file"
    status = 422
    title = "The file is empty"


class NotFromHere(AppError):
    code = "unsupported_tus_version"
    status = 412
    title = "This server speaks tus 1.0.0"


class UploadGone(AppError):
    code = "upload_not_found"
    status = 404
    title = "There is no such upload, or it has expired"


class UploadLocked(AppError):
    code = "upload_locked"
    status = 423
    title = "Another request is writing to this upload"


class OffsetMismatch(AppError):
    code = "offset_mismatch"
    status = 409
    title = "The upload is at another offset"


class ChecksumMismatch(AppError):
    code = "checksum_mismatch"
    status = 460
    title = "The bytes that arrived are not the bytes that were sent"


class LinkRefused(AppError):
    code = "link_refused"
    status = 403
    title = "This link is not valid"


class ObjectMissing(AppError):
    code = "object_missing"
    status = 404
    title = "Stored object not found"


class OriginalMissing(AppError):
    """The catalogue knows the track, but its file is not where it was, or lies outside its library."""

    code = "original_missing"
    status = 404
    title = "The file of this track is not there"


class TooManyTranscodes(AppError):
    """`Retry-After` says when to come again, in seconds."""

    code = "too_many_transcodes"
    status = 429
    title = "Too many people wait for files to be made; try again in a moment"


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


class NoScan(AppError):
    code = "no_scan"
    status = 404
    title = "This library was not scanned, or no scan of it is under way"
