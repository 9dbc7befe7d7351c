"""A Redis of one's own, on a Unix socket, that ends with whoever started it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["ABSENT", "redis_server"]

ABSENT = "redis-server is not installed (Debian: apt-get install redis-server)"


@contextmanager
def redis_server(folder: Path | None = None) -> Iterator[str]:
    """Its URL, once it answers. It keeps nothing on disk; `folder` only holds the socket."""
    program = shutil.which("redis-server")
    assert program is not None, ABSENT
    with tempfile.TemporaryDirectory(prefix="antiphon-redis-") as made:
        socket = (folder or Path(made)) / "redis.sock"
        options = ["--port", "0", "--unixsocket", str(socket), "--save", "", "--appendonly", "no", "--dir", made]
        with subprocess.Popen([program, *options], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            try:
                if not any("accept connections" in line for line in process.stdout):
                    raise RuntimeError(f"redis-server ended with {process.wait()}")
                yield f"unix://{socket}"
            finally:
                process.terminate()
                process.stdout.read()
