"""What a web client makes of events is what the server has: random lists of commands, written down for its own tests.

`web/src/player/sync/replays.json` holds queues before, what was told of them, and queues after, in the words of REST;
`web/src/player/sync/replay.test.ts` goes through it. This one sees to it that the file says what the model does.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from antiphon.domains.playback import model_queue as model
from antiphon.domains.playback.api import queue_words as words
from antiphon.domains.playback.model_queue_edits import Queue
from antiphon.domains.playback.store.queue import Told

FILE = Path(__file__).resolve().parents[3] / "web" / "src" / "player" / "sync" / "replays.json"
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
CASES, MOST_COMMANDS, IDS = 40, 8, 9


def _command(draw: random.Random, n: int) -> model.Command:
    def run() -> tuple[UUID, ...]:
        return tuple(UUID(int=draw.randrange(1, IDS)) for _ in range(draw.randrange(4)))

    def tracked() -> tuple[tuple[UUID, UUID], ...]:
        return tuple((one, UUID(int=one.int % 3)) for one in dict.fromkeys(run()))

    one, at = UUID(int=draw.randrange(1, IDS)), NOON + timedelta(seconds=n)
    place: Any = draw.choice([one, "end", "next", "start"])
    made: list[model.Command] = [
        model.Add(tracked(), place),
        model.Add(tracked(), place),
        model.Remove(run()),
        model.Move(run(), place),
        model.Clear(draw.random() < 0.5),
        model.Replace(tracked(), at, one, 7),
        model.Jump(one, 3, at),
        model.Position(one, 5, at),
        model.Shuffle(draw.randrange(1000)),
        model.Unshuffle(),
        model.Repeat("all"),
        model.Radio(True),
    ]
    return draw.choice(made)


def _shown(queue: Queue) -> dict[str, Any]:
    entries = [{"id": str(one.id), "content_id": f"trk_{one.track_id.int}"} for one in queue.order]
    head = msgspec.to_builtins(words.head_words(queue.head))
    return {"revision": queue.revision, "head": head, "entries": entries}


def _cases() -> Iterator[dict[str, Any]]:
    draw = random.Random(7)
    for _ in range(CASES):
        queue = Queue()
        for n in range(draw.randrange(MOST_COMMANDS)):
            queue.do(_command(draw, n))
        before, told = _shown(queue), []
        for n in range(draw.randrange(1, MOST_COMMANDS)):
            event = queue.do(_command(draw, MOST_COMMANDS + n))
            told.append(Told(queue.revision, UUID(int=n), "", NOON, event))
        tracks = {one.id: one.track_id for one in queue.entries.values()}
        events = [msgspec.to_builtins(words.event_words(one, tracks)) for one in told]
        for placed in (run for event in events for run in event["placed"]):
            for entry in placed["entries"]:  # the test's own names: real ones are longer and say nothing more
                known = tracks.get(UUID(entry["id"]))
                entry["content_id"] = None if known is None else f"trk_{known.int}"
        order = [str(one.id) for one in queue.order] if any(one.event.reordered for one in told) else None
        changes = {"revision": queue.revision, "reset": False, "events": events, "order": order}
        yield {"before": before, "changes": changes, "after": _shown(queue)}


def test_the_web_client_replays_what_the_model_does() -> None:
    """`REPLAYS=write` writes the file anew."""
    wanted = json.dumps(list(_cases()), separators=(",", ":")) + "\n"
    if os.environ.get("REPLAYS") == "write":
        FILE.write_text(wanted, encoding="utf-8")
    assert FILE.read_text(encoding="utf-8") == wanted
