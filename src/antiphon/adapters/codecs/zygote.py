"""The server's hold on its fork server: started when first needed, started again when it dies."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

__all__ = ["MODULE", "ForkServer", "child_environment"]

MODULE = "antiphon.adapters.codecs.worker"


def child_environment() -> dict[str, str]:
    """Ours, with the numeric libraries kept to one thread: a fork server must have no other threads."""
    single = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VIPS_CONCURRENCY")
    return {**os.environ, **dict.fromkeys(single, "1")}


class ForkServer:
    """Hands out connections, each to a fresh child. One event loop may use it at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def connect(self) -> socket.socket:
        """Our end of a connection whose other end a new child holds. Raises `OSError` when no child can be had."""
        ours, theirs = socket.socketpair()
        try:
            for attempt in (1, 2):
                control = self._started()
                try:
                    # the byte and the descriptor go into an empty buffer of a live peer: this does not block
                    socket.send_fds(control, [b"c"], [theirs.fileno()])
                    break
                except OSError:
                    self.stop()
                    if attempt == 2:
                        raise
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        ours.setblocking(False)
        return ours

    def start(self) -> None:
        """Raises `OSError`."""
        self._started()

    def stop(self) -> None:
        """End the fork server and all its children."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.kill()  # its children die with it
            self._process.wait()
            self._process = None

    def _started(self) -> socket.socket:
        if self._control is not None and self.pid is not None:
            return self._control
        self.stop()
        ours, theirs = socket.socketpair()
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", MODULE, "--fork-server", str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=child_environment(),
            )
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        self._control = ours
        return ours
