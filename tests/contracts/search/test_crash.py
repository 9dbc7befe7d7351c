"""What was saved is there, however the process that wrote ended."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from antiphon.adapters.search import LocalSearch
from antiphon.domains.discovery.asking import ask_of
from antiphon.domains.discovery.ports import Filters, Page

_WRITER = """
import asyncio, sys
from pathlib import Path
from antiphon.adapters.search import LocalSearch
from antiphon.domains.discovery.ports import Document
from antiphon.kit.ids import new_uuid

async def write():
    writer = LocalSearch(Path(sys.argv[1])).writer()
    fresh = await writer.anew("first")
    await fresh.save(0)
    await writer.replace(fresh)
    for seq in range(1, 10_000):
        await writer.write([Document("track", new_uuid(), ("song",)) for _ in range(20)])
        await writer.save(seq)
        print(seq, flush=True)

asyncio.run(write())
"""


@pytest.mark.parametrize("saves", [1, 7, 23])
async def test_a_writer_that_is_killed_loses_nothing_that_it_saved(tmp_path: Path, saves: int) -> None:
    folder = tmp_path / "search"
    argv = [sys.executable, "-c", _WRITER, str(folder)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as writer:  # noqa: ASYNC220
        assert writer.stdout is not None
        told = 0
        for line in writer.stdout:
            told = int(line)
            if told == saves:
                writer.send_signal(signal.SIGKILL)
        told = max(told, saves)
    index = LocalSearch(folder)
    after = index.writer()
    assert after is not None, "the lock died with its holder"
    mark = await after.mark()
    assert mark is not None
    assert mark.seq >= told
    assert mark.counts["track"] in {20 * mark.seq, 20 * (mark.seq + 1)}  # the last save may have lost its note
    ask = ask_of("song", {"track": Page(1)}, Filters(), counted=True)
    assert ask is not None
    assert (await index.find(ask))["track"].total == mark.counts["track"]
    await after.close()
    await index.close()
