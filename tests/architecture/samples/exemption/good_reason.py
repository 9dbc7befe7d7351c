# path: src/antiphon/kit/ids.py
import time


def milliseconds() -> int:
    return time.time_ns() // 1_000_000  # allow: no-clock-bypass — the time in a key orders rows and is never shown
