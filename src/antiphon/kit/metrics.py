"""Every metric of the house, in one place; exported at `/metrics` over all processes of the machine."""

from __future__ import annotations

import asyncio
import os
from functools import lru_cache

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess

__all__ = [
    "FACTS_HANDLED",
    "FACTS_PARKED",
    "HTTP_TIMES",
    "JOBS_FINISHED",
    "JOB_SECONDS",
    "LETTERS",
    "LIVE_CONNECTIONS",
    "LIVE_DELIVERIES",
    "LIVE_DROPPED",
    "PLAYS_COUNTED",
    "REQUESTS_REFUSED",
    "REQUESTS_UNCOUNTED",
    "UPLOADS_FINISHED",
    "UPLOAD_BYTES",
    "exposition",
]

_GATHER_S, _GATHERED_MAX = 0.25, 1000

_HTTP_SECONDS = Histogram(
    "antiphon_http_request_seconds",
    "Time to answer, by route and status",
    ["method", "route", "status"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
JOB_SECONDS = Histogram(
    "antiphon_job_seconds",
    "Time a job took, by name",
    ["job"],
    buckets=(0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800),
)
JOBS_FINISHED = Counter("antiphon_jobs_finished_total", "Jobs that ended, by outcome", ["job", "outcome"])
FACTS_HANDLED = Counter("antiphon_facts_handled_total", "Facts handed to handlers", ["fact", "handler"])
FACTS_PARKED = Counter("antiphon_facts_parked_total", "Facts set aside after repeated failure", ["fact", "handler"])
LIVE_CONNECTIONS = Gauge("antiphon_live_connections", "Open WebSockets", multiprocess_mode="livesum")
LIVE_DELIVERIES = Counter("antiphon_live_deliveries_total", "Events sent, each once for every WebSocket that heard it")
LIVE_DROPPED = Counter("antiphon_live_dropped_total", "WebSockets that were let go, by reason", ["reason"])
UPLOADS_FINISHED = Counter("antiphon_uploads_finished_total", "Files taken in", ["door"])
UPLOAD_BYTES = Counter("antiphon_upload_bytes_total", "Bytes taken in")
LETTERS = Counter("antiphon_letters_total", "Tries to send a letter, by purpose and outcome", ["purpose", "outcome"])
PLAYS_COUNTED = Counter("antiphon_plays_counted_total", "Plays that counted")
REQUESTS_REFUSED = Counter("antiphon_requests_refused_total", "Requests over their limit", ["cost_class"])
REQUESTS_UNCOUNTED = Counter(
    "antiphon_requests_uncounted_total", "Requests while the store of the limits was away", ["cost_class"]
)


class Times:
    """Of answers, gathered for a moment: to tell the histogram of each at once is a fifth of what a small one costs."""

    def __init__(self) -> None:
        self._gathered: list[tuple[str, str, int, float]] = []

    def add(self, method: str, route: str, status: int, seconds: float) -> None:
        """Within a running loop."""
        gathered = self._gathered
        gathered.append((method, route, status, seconds))
        if len(gathered) == 1:
            asyncio.get_running_loop().call_later(_GATHER_S, self.tell)
        elif len(gathered) >= _GATHERED_MAX:
            self.tell()

    def tell(self) -> None:
        gathered, self._gathered = self._gathered, []
        for method, route, status, seconds in gathered:
            _seconds(method, route, status).observe(seconds)


@lru_cache(1024)
def _seconds(method: str, route: str, status: int) -> Histogram:
    return _HTTP_SECONDS.labels(method, route, str(status))


HTTP_TIMES = Times()


def exposition() -> bytes:
    """Prometheus text format. What other processes measured in the last quarter of a second may be missing."""
    HTTP_TIMES.tell()
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
