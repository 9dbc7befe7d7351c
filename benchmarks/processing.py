"""From the last byte of an upload to the first note, and to all renditions; and what the AAC encodes cost.

`python -m benchmarks processing` and `python -m benchmarks encodes`.
"""

from __future__ import annotations

import asyncio
import os
import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from antiphon.adapters.codecs.local import LocalCodecs
from antiphon.domains.media import model
from antiphon.domains.media.ports import AudioFacts, Rendition
from benchmarks.fixtures import four_minute_wav
from benchmarks.house import House, Person, house, own_home
from benchmarks.report import Row, Section

__all__ = ["measure", "measure_encodes"]

PLAYABLE_S, COMPLETE_S, AAC_RATIO = 5.0, 60.0, 1.1
_LOOK_S = 0.05
_GIVE_UP_S = 240.0


def measure() -> list[Section]:
    """One upload of four minutes to a server that has done nothing else."""
    section = Section("A 4-minute WAV (44.1 kHz, 16 bit, stereo), from the last byte of its upload")
    with own_home() as home:
        home.parent.mkdir(parents=True, exist_ok=True)
        wav = four_minute_wav(home.parent / "four-minutes.wav")
        with house(home) as running:
            person = Person.register(running)
            before = running.cpu_s("worker") + running.cpu_s("codecs")
            track, sent = person.upload(wav, "Four minutes")
            playable, complete = _follow(person, track, sent)
            spent = _processing_cpu_s(running) - before
    section.rows += [
        Row("first rendition plays", f"{playable:.1f} s", f"≤ {PLAYABLE_S:.0f} s", "", playable <= PLAYABLE_S),
        Row(
            "all renditions are there",
            f"{complete:.1f} s",
            f"≤ {COMPLETE_S:.0f} s",
            f"CPU: {spent:.1f} s on {os.cpu_count()} cores",
            complete <= COMPLETE_S,
        ),
    ]
    section.notes.append("Made: AAC 64, 128 and 320, FLAC, MP3 128 and 320, a preview, loudness and waveform.")
    return [section]


def _follow(person: Person, track: str, since: float) -> tuple[float, float]:
    """Seconds to the first playable rendition and to the last one. Raises RuntimeError where either never comes."""
    playable: float | None = None
    while (passed := time.monotonic() - since) < _GIVE_UP_S:
        found = person.ask("GET", f"/content/{track}")
        if found["status"] == "failed":
            raise RuntimeError(f"the track failed: {found['error']}")
        if playable is None and found["status"] == "ready":
            person.ask("GET", f"/stream/{track}")
            playable = time.monotonic() - since
        if found["renditions_complete"] and playable is not None:
            return playable, time.monotonic() - since
        time.sleep(_LOOK_S)
    raise RuntimeError(f"the track was not complete after {passed:.0f} s")


def _processing_cpu_s(running: House) -> float:
    return running.cpu_s("worker") + running.cpu_s("codecs")


def measure_encodes() -> list[Section]:
    """Each AAC rendition with our encoder, then with one run of ffmpeg."""
    section = Section("CPU time of the AAC encodes of that WAV (64, 128 and 320 kbit/s)")
    with tempfile.TemporaryDirectory(prefix="antiphon-bench-") as name:
        folder = Path(name)
        wav = four_minute_wav(folder / "four-minutes.wav")
        facts, ladder = asyncio.run(_probe(wav))
        rungs = [rung for rung in ladder if rung.codec == "aac" and rung.quality != model.PREVIEW]
        program = shutil.which("ffmpeg")
        start = _ours(wav, (), folder)
        for rung in rungs:
            mine = _ours(wav, (rung,), folder) - start
            section.rows.append(_compared(rung.quality, mine, _ffmpeg(program, wav, rung, folder) if program else None))
    section.notes.append(
        f"Source: {(facts.duration_ms or 0) / 1000:.0f} s. The start of our codec process is taken off."
    )
    if program is None:
        section.notes.append("ffmpeg is not installed on this machine: nothing to compare with.")
    return [section]


def _compared(what: str, mine: float, peer: float | None) -> Row:
    target = f"≤ {AAC_RATIO} times ffmpeg"
    if peer is None:
        return Row(what, f"{mine:.2f} s", target, "no ffmpeg here")
    ratio = mine / peer
    return Row(what, f"{mine:.2f} s = {ratio:.2f} times ffmpeg", target, f"ffmpeg: {peer:.2f} s", ratio <= AAC_RATIO)


async def _probe(wav: Path) -> tuple[AudioFacts, tuple[Rendition, ...]]:
    codecs = LocalCodecs()
    try:
        facts = await codecs.probe(wav)
        return facts, model.ladder(facts)
    finally:
        await codecs.close()


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _ours(wav: Path, rungs: tuple[Rendition, ...], folder: Path) -> float:
    """A whole interpreter of its own, so that its time can be told; without rungs it only looks at the file."""

    async def run() -> float:
        codecs = LocalCodecs(fork_server=False)
        before = _children_cpu_s()
        if rungs:
            await codecs.encode_many(wav, rungs, folder)
        else:
            await codecs.probe(wav)
        return _children_cpu_s() - before

    return asyncio.run(run())


def _ffmpeg(program: str, wav: Path, rung: Rendition, folder: Path) -> float:
    argv = [program, "-v", "error", "-nostdin", "-y", "-threads", "1", "-i", str(wav), "-c:a", "aac"]
    argv += ["-b:a", f"{rung.bitrate_kbps}k", "-ar", str(rung.sample_rate), "-ac", str(rung.channels)]
    argv += ["-movflags", "+empty_moov+delay_moov+default_base_moof", "-frag_duration", "4000000"]
    argv += [str(folder / "theirs.mp4")]
    before = _children_cpu_s()
    subprocess.run(argv, check=True)
    return _children_cpu_s() - before
