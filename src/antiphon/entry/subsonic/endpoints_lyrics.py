"""Lyrics of apps: as plain text by names, and with times by the id of a song."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from antiphon.domains.catalog import api as catalog
from antiphon.domains.catalog.api import lyrics
from antiphon.domains.catalog.model_lyrics import Agent, Line, Lyrics, Word
from antiphon.entry.subsonic.call import Call
from antiphon.entry.subsonic.registry import Answer, endpoint
from antiphon.kit.ids import Kind

__all__: list[str] = []


@endpoint("getLyrics")
async def get_lyrics(call: Call) -> Answer:
    artist, title = call.params.text("artist") or "", call.params.text("title") or ""
    async with call.reading() as conn:
        found = await lyrics.lyrics_of_song(conn, artist, title) if title else None
    if found is None:
        return {"lyrics": {"value": ""}}
    text = "\n".join(line.text for line in found.lines)
    return {"lyrics": {"artist": artist, "title": title, "value": text}}


@endpoint("getLyricsBySongId")
async def get_lyrics_by_song_id(call: Call) -> Answer:
    track_id, enhanced = call.params.id(Kind.TRACK), call.params.flag("enhanced", False)
    async with call.reading() as conn:
        track = await catalog.track(conn, track_id, call.user_id)
        found = await lyrics.lyrics_of_track(conn, track_id, call.user_id)
    names = {"displayArtist": track.artist.name, "displayTitle": track.title}
    shown = [
        names | (_enhanced(one) if enhanced else _plain(one)) for one in found if enhanced or one.text_kind == "main"
    ]
    return {"lyricsList": {"structuredLyrics": shown}}


def _plain(one: Lyrics) -> dict[str, Any]:
    lines = [({"start": line.start_ms} if one.synced else {}) | {"value": line.text} for line in one.lines]
    return {"lang": one.language, "offset": 0, "synced": one.synced, "line": lines}


def _enhanced(one: Lyrics) -> dict[str, Any]:
    """Lines whose words have times again as cue lines; who sings is told only where there are any."""
    shown = _plain(one) | {"kind": one.text_kind}
    agents = _agents(one.agents)
    cue_lines = []
    for index, line in enumerate(one.lines):
        cues = cues_of(line) if one.synced else []
        if cues:
            cue_line = {"index": index, "start": line.start_ms, "value": line.text, "cue": cues}
            if line.end_ms is not None:
                cue_line["end"] = line.end_ms
            if agents:
                cue_line["agentId"] = line.agent or agents[0]["id"]
            cue_lines.append(cue_line)
    if cue_lines:
        shown["cueLine"] = cue_lines
        if agents:
            shown["agents"] = agents
    return shown


def _agents(agents: Sequence[Agent]) -> list[dict[str, Any]]:
    """The main one first; of several only the first is it."""
    ordered = sorted(agents, key=lambda agent: agent.role != "main")
    roles = ["main"] + [agent.role if agent.role != "main" else "voice" for agent in ordered[1:]]
    return [
        {"id": agent.id, "role": role} | ({"name": agent.name} if agent.name else {})
        for agent, role in zip(ordered, roles, strict=False)
    ]


def cues_of(line: Line) -> list[dict[str, Any]]:
    """Words with the places of their first and last byte in the line. Either all say when they end, or none."""
    cues: list[dict[str, Any]] = []
    at, with_ends = 0, any(word.end_ms is not None for word in line.words)
    for index, word in enumerate(line.words):
        said = word.text.rstrip()
        size = len(said.encode())
        if size:
            cue = {"start": word.start_ms, "byteStart": at, "byteEnd": at + size - 1, "value": said}
            if with_ends:
                cue["end"] = _end(line.words, index, line.end_ms)
            cues.append(cue)
        at += len(word.text.encode())
    return cues


def _end(words: Sequence[Word], index: int, line_end: int | None) -> int:
    """Never behind the beginning of the next word."""
    word = words[index]
    following = words[index + 1].start_ms if index + 1 < len(words) else None
    end = word.end_ms if word.end_ms is not None else following if following is not None else line_end
    end = word.start_ms if end is None else max(end, word.start_ms)
    return end if following is None else min(end, max(following, word.start_ms))
