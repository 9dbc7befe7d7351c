"""Versions of editable resources as entity tags (RFC 9110): `"v3"` in ETag and If-Match."""

from __future__ import annotations

import re

from antiphon.kit.errors import FieldProblem, Invalid

__all__ = ["etag", "expected_version"]

_TAG = re.compile(r'^"v([0-9]{1,9})"$')


def etag(version: int) -> dict[str, str]:
    return {"ETag": f'"v{version}"'}


def expected_version(if_match: str | None) -> int | None:
    """The version that the client edits, or None where it does not say or takes any."""
    if if_match is None or if_match.strip() == "*":
        return None
    match = _TAG.match(if_match.strip())
    if match is None:
        raise Invalid(FieldProblem("/If-Match", "invalid_etag", 'If-Match must be an ETag of ours, such as "v3".'))
    return int(match[1])
