# path: src/antiphon/kit/clock.py
import time


def now() -> float:
    return time.time()
