"""HTTP of the keys that check our tokens."""

from __future__ import annotations

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency

from antiphon.domains.identity.signing_keys import PublicKey
from antiphon.domains.identity.tools import IdentityTools

__all__ = ["well_known"]


class KeySet(msgspec.Struct, frozen=True):
    """RFC 7517."""

    keys: list[PublicKey]


@get("/.well-known/jwks.json", summary="The keys that sign tokens", tags=["identity"])
async def jwks(identity: NamedDependency[IdentityTools]) -> Response[KeySet]:
    """Whoever meets a key that is not here asks again: keys are rotated."""
    return Response(KeySet(keys=identity.tokens.keys.public()), headers={"Cache-Control": "public, max-age=300"})


well_known = [jwks]
