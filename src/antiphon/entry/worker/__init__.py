"""The worker: jobs, and facts on their way to handlers."""

from antiphon.entry.worker.run import run_worker

__all__ = ["run_worker"]
