# path: src/antiphon/domains/media/api.py
import datetime as dates
import time
from datetime import UTC, date, datetime
from time import time as seconds


def stamps() -> list[object]:
    return [
        datetime.now(UTC),  # expect
        datetime.utcnow(),  # expect
        dates.datetime.now(),  # expect
        date.today(),  # expect
        time.time(),  # expect
        time.time_ns(),  # expect
        seconds(),  # expect
    ]
