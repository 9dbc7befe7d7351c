"""What the server is and can do, and who asks."""

from __future__ import annotations

from antiphon.domains.identity import api as identity
from antiphon.entry.subsonic.call import Call
from antiphon.entry.subsonic.registry import Answer, endpoint
from antiphon.kit.access import PUBLIC

# Announced only when it works; others wait for what they switch on.
EXTENSIONS = {
    "apiKeyAuthentication": [1],
    "formPost": [1],
    "indexBasedQueue": [1],
    "playbackReport": [1],
    "topSongsByArtistId": [1],
    "transcodeOffset": [1],
    "transcoding": [1],
}
_NEVER = "2099-12-31T00:00:00Z"


@endpoint("ping")
async def ping(_call: Call) -> Answer:
    return {}


@endpoint("getLicense")
async def get_license(_call: Call) -> Answer:
    """Free software: apps that know of trials must see that none runs out."""
    return {"license": {"valid": True, "email": "", "licenseExpires": _NEVER, "trialExpires": _NEVER}}


@endpoint("getOpenSubsonicExtensions", permission=PUBLIC)
async def get_open_subsonic_extensions(_call: Call) -> Answer:
    return {"openSubsonicExtensions": [{"name": name, "versions": versions} for name, versions in EXTENSIONS.items()]}


@endpoint("tokenInfo")
async def token_info(call: Call) -> Answer:
    async with call.reading() as conn:
        person = await identity.user_by_id(conn, call.user_id, call.actor)
    return {"tokenInfo": {"username": person.handle}}
