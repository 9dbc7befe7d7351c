"""What can go wrong while somebody takes their things out, brings them in, or is asked something."""

from __future__ import annotations

from typing import ClassVar

from antiphon.kit.archives import ArchiveRefused
from antiphon.kit.errors import AppError, Conflict, Forbidden

__all__ = [
    "ArchiveInvalid",
    "ArchiveTooLarge",
    "ConsentOutdated",
    "DownloadRefused",
    "ExportNotReady",
    "ExportRunning",
    "ImportRunning",
    "UnknownPurpose",
]


class ExportRunning(Conflict):
    code = "export_running"
    title = "An export of yours is being made already"


class ExportNotReady(Conflict):
    code = "export_not_ready"
    title = "This archive is not there yet, or not any more"


class DownloadRefused(Forbidden):
    code = "download_refused"
    title = "This link to an archive is not valid any more; get a new one on the privacy page"


class ImportRunning(Conflict):
    code = "import_running"
    title = "An archive of yours is being taken in already"


class ImportNotReviewed(Conflict):
    code = "import_not_reviewed"
    title = "This archive does not wait to be looked through"


class ArchiveTooLarge(AppError):
    code = "archive_too_large"
    status = 413
    title = "This archive is larger than this server takes"


class ArchiveInvalid(AppError):
    """`reason` is one of REASONS."""

    code = "archive_invalid"
    status = 422
    title = "This archive cannot be taken in"

    REASONS: ClassVar[dict[str, str]] = {
        **ArchiveRefused.REASONS,
        "no_manifest": "The archive does not say what it is: manifest.json is missing.",
        "wrong_format": "This is not an archive of an Antiphon account.",
        "newer_version": "The archive was made by a newer Antiphon than this one.",
    }

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(self.REASONS[reason], reason=reason)


class UnknownPurpose(AppError):
    code = "unknown_purpose"
    status = 422
    title = "Nobody is asked about such a thing here"


class ConsentOutdated(Conflict):
    """`version` is the present one."""

    code = "consent_outdated"
    title = "The text has changed; read it again before you answer"
