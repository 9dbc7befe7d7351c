"""What a store can answer, sorted by what the caller does next; and the translation of foreign errors at this wall.

Missing object: `ObjectMissing` (media/errors.py). Try again: `StorageUnavailable`. Ask the operator: `StorageRefused`,
`StorageFull`. A fault of ours: `StorageMisused`.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from antiphon.domains.media.errors import ObjectMissing
from antiphon.kit.errors import AppError

__all__ = [
    "FILE_ERRORS",
    "StorageFull",
    "StorageMisused",
    "StorageRefused",
    "StorageUnavailable",
    "translated",
]


class StorageUnavailable(AppError):
    code = "storage_unavailable"
    status = 503
    title = "The store does not answer now"


class StorageRefused(AppError):
    code = "storage_refused"
    status = 503
    title = "The store does not let us in"


class StorageFull(AppError):
    code = "storage_full"
    status = 507
    title = "The store is full"


class StorageMisused(AppError):
    code = "storage_misused"
    status = 500
    title = "The store was asked for something that cannot be"


Table = Mapping[type[Exception], type[AppError]]

FILE_ERRORS: Final[Table] = {
    FileNotFoundError: ObjectMissing,
    NotADirectoryError: ObjectMissing,
    PermissionError: StorageRefused,
    OSError: StorageUnavailable,
}
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def translated(key: str, table: Table = FILE_ERRORS) -> Iterator[None]:
    """Turn the errors of a store that `table` names into ours; `key` is what was asked for."""
    try:
        yield
    except tuple(table) as error:
        if isinstance(error, OSError) and error.errno in _FULL:
            raise StorageFull(f"no room left for {key}", key=key) from error
        kind = next(table[base] for base in type(error).__mro__ if base in table)
        raise kind(f"{key}: {error}", key=key) from error
