"""What there is none of yet, said so that apps go on: podcasts, videos, a jukebox, likeness by sound."""

from __future__ import annotations

from antiphon.entry.subsonic.call import Call
from antiphon.entry.subsonic.failures import DENIED, NOT_FOUND, Failed
from antiphon.entry.subsonic.registry import Answer, endpoint


@endpoint("getPodcasts")
async def get_podcasts(_call: Call) -> Answer:
    return {"podcasts": {"channel": []}}


@endpoint("getNewestPodcasts")
async def get_newest_podcasts(_call: Call) -> Answer:
    return {"newestPodcasts": {"episode": []}}


@endpoint("getPodcastEpisode")
async def get_podcast_episode(call: Call) -> Answer:
    call.params.needed("id")
    raise Failed(NOT_FOUND, "There is no such episode.")


async def _no_podcasts(_call: Call) -> Answer:
    raise Failed(DENIED, "This server has no podcasts yet.")


for _name in (
    "refreshPodcasts",
    "createPodcastChannel",
    "deletePodcastChannel",
    "deletePodcastEpisode",
    "downloadPodcastEpisode",
):
    endpoint(_name, cost="write")(_no_podcasts)


@endpoint("getVideos")
async def get_videos(_call: Call) -> Answer:
    return {"videos": {"video": []}}


@endpoint("getVideoInfo")
async def get_video_info(call: Call) -> Answer:
    call.params.needed("id")
    raise Failed(NOT_FOUND, "There is no such video.")


@endpoint("getCaptions")
async def get_captions(call: Call) -> Answer:
    call.params.needed("id")
    raise Failed(NOT_FOUND, "There are no captions.")


@endpoint("jukeboxControl")
async def jukebox_control(call: Call) -> Answer:
    call.params.needed("action")
    raise Failed(DENIED, "The jukebox is off: this server plays nothing by itself.")


async def _nothing_alike(_call: Call) -> Answer:
    return {"sonicMatch": []}


for _name in ("getSonicSimilarTracks", "findSonicPath"):
    endpoint(_name)(_nothing_alike)
