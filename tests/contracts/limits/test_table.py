"""The file behind the local limits: it grows, it forgets what is over, it fails in one way only."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from antiphon.adapters.limits import table as tables
from antiphon.adapters.limits.local import LocalLimits
from antiphon.adapters.limits.table import Table
from antiphon.kit.limits import Limits, LimitsDown, Policy, Take
from tests.support.clock import FrozenClock

ONCE = Policy("once", 1, 60)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run" / "limits"


async def granted(limits: Limits, names: range) -> int:
    return sum([(await limits.take(Take(ONCE, str(name))))[0].allowed for name in names])


async def test_it_grows_and_loses_nothing(path: Path, clock: FrozenClock) -> None:
    one, other = LocalLimits(path, clock), LocalLimits(path, clock)
    assert await granted(other, range(1)) == 1
    small = path.stat().st_size
    assert await granted(one, range(20_000)) == 19_999
    assert path.stat().st_size > 3 * small
    for limits in (one, other, LocalLimits(path, clock)):
        assert await granted(limits, range(20_000)) == 0


async def test_what_is_over_makes_room(path: Path, clock: FrozenClock) -> None:
    limits = LocalLimits(path, clock)
    sizes = set()
    for round_ in range(6):
        assert await granted(limits, range(round_ * 1000, round_ * 1000 + 1000)) == 1000
        sizes.add(path.stat().st_size)
        clock.move(timedelta(seconds=62))
    assert len(sizes) == 1


async def test_two_new_keys_in_one_set_do_not_share_a_place(
    path: Path, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "STRIPES", 1)  # everything is in one set, and the next segments
    limits = LocalLimits(path, clock)
    for _ in range(2):
        for pair in ((0, 1), (2, 3)):
            assert all(verdict.allowed for verdict in await limits.take(*(Take(ONCE, str(name)) for name in pair)))
        assert await granted(limits, range(5)) == 1
        clock.move(timedelta(seconds=62))


async def test_when_it_is_full_it_says_so(path: Path, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "STRIPES", 1)
    monkeypatch.setattr(tables, "SEGMENTS", 2)
    limits = LocalLimits(path, clock)
    await granted(limits, range(8))
    with pytest.raises(LimitsDown, match="full"):
        await granted(limits, range(8, 100))
    assert await granted(limits, range(8)) == 0
    clock.move(timedelta(seconds=62))
    assert await granted(limits, range(8)) == 8


async def test_a_full_disk_or_a_folder_that_cannot_be(
    path: Path, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_table: Table, _size: int) -> None:
        raise OSError(28, "No space left on device")

    limits = LocalLimits(path, clock)
    await granted(limits, range(1))
    monkeypatch.setattr(Table, "_allocate", full)
    with pytest.raises(LimitsDown, match="No space left"):
        await granted(limits, range(20_000))
    with pytest.raises(LimitsDown, match="No space left"):
        await granted(LocalLimits(path.with_name("other"), clock), range(1))
    with pytest.raises(LimitsDown):
        await granted(LocalLimits(path / "below a file", clock), range(1))


async def test_a_file_whose_maker_died_is_made_anew(path: Path, clock: FrozenClock) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\0" * 100)
    assert await granted(LocalLimits(path, clock), range(10)) == 10
    assert await granted(LocalLimits(path, clock), range(10)) == 0


def test_nobody_can_tell_where_a_key_will_be(path: Path) -> None:
    assert Table(path).digest("a") == Table(path).digest("a")
    assert Table(path).digest("a") != Table(path.with_name("other")).digest("a")
    assert path.stat().st_mode & 0o077 == 0
