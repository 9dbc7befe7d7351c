"""Programme loudness out of the energies of gating blocks, so that an album is measured from its tracks' blocks.

ITU-R BS.1770-5 (two gates) and EBU Tech 3342 (loudness range). Energies are channel-weighted mean squares of 400 ms
blocks every 100 ms, float32 little-endian, as `Loudness.blocks` in ports.py carries them.
"""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate

from antiphon.domains.media.ports import Loudness

__all__ = ["album_loudness", "gated_loudness", "loudness_range"]

_OFFSET = -0.691  # BS.1770-5, equation 2
_ABSOLUTE_GATE_LUFS = -70.0
_RELATIVE_GATE = 10.0**-1.0  # 10 LU below
_RANGE_GATE = 10.0**-2.0  # 20 LU below, Tech 3342
_LOW, _HIGH = 0.10, 0.95  # percentiles, Tech 3342
_SHORT_TERM_BLOCKS = 27  # blocks of 400 ms that lie inside 3 s


def gated_loudness(blocks: Sequence[bytes]) -> float | None:
    """Integrated loudness in LUFS of one or more recordings together; None where nothing passes the absolute gate."""
    audible = _above(_energies(blocks), _energy(_ABSOLUTE_GATE_LUFS))
    if not audible:
        return None
    loud = _above(audible, _RELATIVE_GATE * _mean(audible))
    return _lufs(_mean(loud))


def loudness_range(blocks: Sequence[bytes]) -> float | None:
    """Loudness range in LU; None where nothing passes the absolute gate.

    Short-term loudness is the mean of the gating blocks inside 3 s, which weighs the window's edges a little less than
    its middle; on music the result stays within some tenths of a meter's.
    """
    short_term: list[float] = []
    for track in blocks:
        sums = [0.0, *accumulate(_array(track))]
        width = min(_SHORT_TERM_BLOCKS, len(sums) - 1)
        if width:
            pairs = zip(sums, sums[width:], strict=False)
            short_term += [(later - earlier) / width for earlier, later in pairs]
    audible = _above(short_term, _energy(_ABSOLUTE_GATE_LUFS))
    if not audible:
        return None
    spread = sorted(_above(audible, _RANGE_GATE * _mean(audible)))
    low, high = (spread[round((len(spread) - 1) * part)] for part in (_LOW, _HIGH))
    return _lufs(high) - _lufs(low)


def album_loudness(tracks: Sequence[Loudness]) -> Loudness:
    """All tracks as one programme: gated together, the highest of their true peaks."""
    blocks = [track.blocks for track in tracks]
    peaks = [track.true_peak_dbtp for track in tracks if track.true_peak_dbtp is not None]
    return Loudness(
        integrated_lufs=gated_loudness(blocks),
        true_peak_dbtp=max(peaks, default=None),
        range_lu=loudness_range(blocks),
        blocks=b"".join(blocks),
    )


def _array(block: bytes) -> array[float]:
    energies = array("f")
    energies.frombytes(block)
    if sys.byteorder == "big":
        energies.byteswap()
    return energies


def _energies(blocks: Iterable[bytes]) -> list[float]:
    return [energy for block in blocks for energy in _array(block)]


def _above(energies: Iterable[float], gate: float) -> list[float]:
    return [energy for energy in energies if energy > gate]


def _mean(energies: Sequence[float]) -> float:
    return math.fsum(energies) / len(energies)  # fsum: the order of tracks must not matter


def _lufs(energy: float) -> float:
    return _OFFSET + 10.0 * math.log10(energy)


def _energy(lufs: float) -> float:
    return math.pow(10.0, (lufs - _OFFSET) / 10.0)
