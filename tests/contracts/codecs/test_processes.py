"""Children: kept on a short leash, gone with their parent, never the end of the server."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import numpy as np
import psutil
import pytest

from antiphon.adapters.codecs import Limits, LocalCodecs
from antiphon.domains.media.errors import MediaRejected
from antiphon.domains.media.ports import Rendition
from tests.support.audio import noise, silence, tone, transcode, write_wav

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the fork server runs on Linux")

MP3 = Rendition("mp3_320", "mp3", 320, 44_100, 2)
PATIENCE = 60.0  # seconds until a hung test fails


@pytest.fixture(scope="module")
def long_source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_wav(tmp_path_factory.mktemp("long") / "long.wav", np.tile(noise(1.0), (240, 1)))


@pytest.fixture
async def codecs() -> AsyncIterator[LocalCodecs]:
    codecs = LocalCodecs(concurrency=2)
    yield codecs
    await codecs.close()


@contextlib.asynccontextmanager
async def limited(limits: Limits) -> AsyncIterator[LocalCodecs]:
    codecs = LocalCodecs(limits=limits)
    try:
        yield codecs
    finally:
        await codecs.close()


def fork_servers() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "--fork-server" in child.cmdline()]


async def gone(processes: Sequence[psutil.Process]) -> None:
    """Wait until none of them runs; what nobody has reaped yet does not run."""
    _, alive = await asyncio.to_thread(psutil.wait_procs, processes, PATIENCE)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


async def ended(child: psutil.Process) -> None:
    """Wait for our own child's end and leave its reaping to its owner."""
    await asyncio.to_thread(os.waitid, os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)


def test_the_server_imports_no_codec_library() -> None:
    program = (
        "import sys, antiphon.adapters.codecs\nprint(sorted({'av', 'numpy', 'pyvips', 'mutagen'} & set(sys.modules)))"
    )
    assert subprocess.check_output([sys.executable, "-c", program], text=True).strip() == "[]"


async def test_who_got_ready_starts_nothing_more_for_the_first_call(codecs: LocalCodecs, tmp_path: Path) -> None:
    def children() -> set[int]:
        return {child.pid for child in psutil.Process().children()}

    before = children()
    await codecs.get_ready()
    ready = children() - before
    assert len(ready) == 2  # the fork server, and a child that scales pictures
    await codecs.get_ready()
    await codecs.probe(write_wav(tmp_path / "a.wav", tone(0.1)))
    assert children() - before == ready


async def test_a_dead_fork_server_is_replaced(codecs: LocalCodecs, tmp_path: Path) -> None:
    before = {process.pid for process in fork_servers()}
    source = write_wav(tmp_path / "a.wav", tone(1.0))
    for _ in range(2):
        await codecs.probe(source)
        (server,) = [process for process in fork_servers() if process.pid not in before]
        server.kill()
        await ended(server)
    assert (await codecs.probe(source)).channels == 2


async def test_a_fork_server_that_dies_at_work_costs_time_only(codecs: LocalCodecs, tmp_path: Path) -> None:
    """The file is not to blame: the work is begun anew."""
    source = write_wav(tmp_path / "a.wav", np.tile(noise(1.0), (60, 1)))
    before = {process.pid for process in fork_servers()}
    await codecs.get_ready()
    (server,) = [process for process in fork_servers() if process.pid not in before]
    under_way = asyncio.Event()

    async def note(_: float) -> None:
        under_way.set()

    work = asyncio.create_task(codecs.encode(source, MP3, tmp_path / "a.mp3", note))
    await asyncio.wait_for(under_way.wait(), PATIENCE)
    (child,) = server.children()  # to be found before it is done
    server.kill()
    assert (await work).duration_ms == 60_000
    await gone([child])


async def test_a_request_to_end_is_for_the_parent_to_decide(codecs: LocalCodecs, tmp_path: Path) -> None:
    source = write_wav(tmp_path / "a.wav", tone(1.0))
    before = {process.pid for process in fork_servers()}
    await codecs.probe(source)
    (server,) = [process for process in fork_servers() if process.pid not in before]
    for request in (signal.SIGINT, signal.SIGTERM):
        server.send_signal(request)
    await codecs.probe(source)
    assert [process for process in fork_servers() if process.pid not in before] == [server]


@pytest.mark.parametrize("killed", [signal.SIGSEGV, signal.SIGKILL, signal.SIGABRT])
async def test_a_crash_is_a_rejection(
    codecs: LocalCodecs, long_source: Path, tmp_path: Path, killed: signal.Signals
) -> None:
    before = {process.pid for process in fork_servers()}

    async def crash(_: float) -> None:
        (server,) = [process for process in fork_servers() if process.pid not in before]
        for child in server.children():
            child.send_signal(killed)

    with pytest.raises(MediaRejected) as rejected:
        await codecs.encode(long_source, MP3, tmp_path / "a.mp3", crash)
    assert rejected.value.reason == "codec_crashed"


async def test_cancelling_ends_the_child(codecs: LocalCodecs, long_source: Path, tmp_path: Path) -> None:
    before = {process.pid for process in fork_servers()}
    under_way = asyncio.Event()

    async def note(_: float) -> None:
        under_way.set()

    work = asyncio.create_task(codecs.encode(long_source, MP3, tmp_path / "a.mp3", note))
    await asyncio.wait_for(under_way.wait(), PATIENCE)
    (server,) = [process for process in fork_servers() if process.pid not in before]
    children = server.children()
    assert len(children) == 1
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    await gone(children)
    assert not (tmp_path / "a.mp3").exists()


async def test_nothing_outlives_a_killed_server(long_source: Path, tmp_path: Path) -> None:
    program = f"""
import asyncio, pathlib
from antiphon.adapters.codecs import LocalCodecs
from antiphon.domains.media.ports import Rendition
async def note(_): print("under way", flush=True)
asyncio.run(LocalCodecs().encode(
    pathlib.Path({str(long_source)!r}), Rendition("mp3_320", "mp3", 320, 44100, 2),
    pathlib.Path({str(tmp_path / "a.mp3")!r}), note))
"""
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    assert await asyncio.wait_for(parent.stdout.readline(), PATIENCE) == b"under way\n"
    family = psutil.Process(parent.pid).children(recursive=True)
    assert len(family) == 2
    os.kill(parent.pid, signal.SIGKILL)
    await parent.wait()
    await gone(family)


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(base_cpu_seconds=0.0, cpu_per_audio_second=0.0), "too_complex"),
        (Limits(stall_seconds=0.01), "too_complex"),
        (Limits(output_bytes=200_000), "too_complex"),
        (Limits(audio_seconds=20.0), "too_long"),
    ],
    ids=["processor", "clock", "output", "length"],
)
@pytest.mark.parametrize("fork_server", [True, False])
async def test_limits(long_source: Path, tmp_path: Path, limits: Limits, reason: str, fork_server: bool) -> None:
    codecs = LocalCodecs(limits=limits, fork_server=fork_server)
    with pytest.raises(MediaRejected) as rejected:
        await codecs.encode(long_source, MP3, tmp_path / "a.mp3")
    await codecs.close()
    assert rejected.value.reason == reason
    assert not (tmp_path / "a.mp3").exists()


async def test_memory_is_bounded(long_source: Path) -> None:
    async with limited(Limits(memory_bytes=2 * 1024 * 1024)) as codecs:
        with pytest.raises(MediaRejected) as rejected:
            await codecs.analyse(long_source)
    assert rejected.value.reason in ("too_complex", "codec_crashed")


async def test_a_long_recording_takes_no_more_memory(tmp_path: Path) -> None:
    source = write_wav(tmp_path / "a.wav", silence(900.0, rate=16_000, channels=1), rate=16_000)
    async with limited(Limits(memory_bytes=64 * 1024 * 1024)) as codecs:
        found = await codecs.analyse(source)
        encoded = await codecs.encode(source, Rendition("aac_64", "aac", 32, 16_000, 1), tmp_path / "a.mp4")
    assert found.duration_ms == encoded.duration_ms == 900_000
    assert len(found.peaks) == 1600


async def test_without_a_fork_server(tmp_path: Path) -> None:
    codecs = LocalCodecs(fork_server=False)
    source = write_wav(tmp_path / "a.wav", tone(1.0))
    assert (await codecs.probe(source)).duration_ms == 1000
    (tmp_path / "b.wav").write_bytes(b"no sound" * 20)
    with pytest.raises(MediaRejected) as rejected:
        await codecs.probe(tmp_path / "b.wav")
    assert rejected.value.reason == "not_audio"
    await codecs.close()


async def test_closing_ends_everything_and_the_next_call_begins_anew(codecs: LocalCodecs, tmp_path: Path) -> None:
    before = {process.pid for process in fork_servers()}
    source = write_wav(tmp_path / "a.wav", tone(1.0))
    await codecs.probe(source)
    await codecs.close()
    assert {process.pid for process in fork_servers()} == before
    await codecs.probe(source)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n{path}\n#EXT-X-ENDLIST\n"),
        ("list.wav", "ffconcat version 1.0\nfile '{path}'\n"),
        ("list.mp3", "concat:{path}|{path}"),
        ("stream.sdp", "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n"),
        ("list.mpd", '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>{path}</BaseURL></MPD>'),
    ],
)
async def test_no_file_leads_to_another(local: LocalCodecs, tmp_path: Path, name: str, text: str) -> None:
    secret = write_wav(tmp_path / "secret.wav", tone(3.0))
    source = tmp_path / name
    source.write_text(text.format(path=secret))
    with pytest.raises(MediaRejected) as rejected:
        await local.analyse(source)
    assert rejected.value.reason == "not_audio"


async def test_names_are_files_and_never_protocols(local: LocalCodecs, tmp_path: Path) -> None:
    for name in ("concat:a.wav", "http:a.wav", "-i.wav", "a?b#c%41.wav", "Ünïcödé 道.wav"):
        source = write_wav(tmp_path / name, tone(0.5))
        assert (await local.probe(source)).duration_ms == 500


async def test_damage_in_the_middle_costs_its_own_samples(local: LocalCodecs, tmp_path: Path) -> None:
    source = write_wav(tmp_path / "a.wav", noise(20.0))
    encoded = await local.encode(source, MP3, tmp_path / "a.mp3")
    data = bytearray(encoded.path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 2000] = bytes(2000)
    (tmp_path / "damaged.mp3").write_bytes(data)
    (tmp_path / "short.mp3").write_bytes(data[: middle // 2])
    damaged = await local.analyse(tmp_path / "damaged.mp3")
    short = await local.analyse(tmp_path / "short.mp3")
    assert 19_000 < damaged.duration_ms <= 20_100
    assert 4_500 < short.duration_ms < 5_500


@pytest.mark.parametrize("ending", ["wav", "flac", "mp3", "m4a", "ogg", "opus", "wv", "aiff", "wma"])
async def test_broken_copies_end_in_an_answer(local: LocalCodecs, tmp_path: Path, ending: str) -> None:
    wav = write_wav(tmp_path / "a.wav", noise(2.0))
    whole = wav if ending == "wav" else transcode(wav, tmp_path / "whole", ending)
    generator = np.random.default_rng(5)
    for breaking in (scattered, cut, holed, inflated):
        source = tmp_path / "broken"
        source.write_bytes(breaking(bytearray(whole.read_bytes()), generator))
        try:
            facts = await local.probe(source)
            found = await local.analyse(source)
            assert facts.channels >= 1
            assert found.total_samples > 0
        except MediaRejected as rejected:
            assert rejected.reason in ("damaged", "not_audio", "no_samples")  # noqa: PT017


async def test_a_file_without_its_end_is_called_damaged(local: LocalCodecs, tmp_path: Path) -> None:
    """An MP4 keeps its index at the end: without it there is nothing to be heard, but it says what it was."""
    wav = write_wav(tmp_path / "a.wav", noise(2.0))
    data = transcode(wav, tmp_path / "a.m4a", "m4a").read_bytes()
    (tmp_path / "cut.m4a").write_bytes(data[: len(data) // 2])
    with pytest.raises(MediaRejected) as rejected:
        await local.probe(tmp_path / "cut.m4a")
    assert rejected.value.reason == "damaged"


def scattered(data: bytearray, generator: np.random.Generator) -> bytes:
    for position in generator.integers(0, len(data), len(data) // 300):
        data[position] = generator.integers(0, 256)
    return bytes(data)


def cut(data: bytearray, generator: np.random.Generator) -> bytes:
    return bytes(data[: generator.integers(1, len(data))])


def holed(data: bytearray, generator: np.random.Generator) -> bytes:
    start = generator.integers(0, len(data) // 2)
    data[start : start + 4000] = bytes(4000)
    return bytes(data)


def inflated(data: bytearray, generator: np.random.Generator) -> bytes:
    """Lengths in the header become enormous."""
    position = generator.integers(4, 120) & ~3
    data[position : position + 4] = b"\xff\xff\xff\x7f"
    return bytes(data)
