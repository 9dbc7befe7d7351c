"""Memory that is given back and wanted again."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

_PROGRAM = """
import resource
from antiphon.kit.memory import keep_what_was_freed
keep_what_was_freed()
def pieces():
    for _ in range(50):
        held = [bytearray(256 << 10) for _ in range(16)]
        for piece in held:
            piece[:: 4096] = bytes(64)
pieces()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
pieces()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries keep what they keep")
def test_pieces_of_songs_find_the_memory_of_those_before() -> None:
    faults = subprocess.run([sys.executable, "-c", _PROGRAM], check=True, capture_output=True, text=True).stdout
    assert int(faults) < 1_000  # of 51,200 pages
