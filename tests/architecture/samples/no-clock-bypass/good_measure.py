# path: src/antiphon/domains/media/jobs.py
import time
from datetime import datetime


def run(clock) -> tuple[datetime, float]:
    started = time.perf_counter()
    return clock.now(), time.monotonic() - started
