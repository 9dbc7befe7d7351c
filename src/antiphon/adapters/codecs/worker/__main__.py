"""`--fork-server FD`: serve connections passed over socket FD. `--once`: one request on stdin, answered on stdout."""

from __future__ import annotations

import os
import sys
from typing import BinaryIO

from antiphon.adapters.codecs.worker.bounds import die_with_parent
from antiphon.adapters.codecs.worker.run import answer


def once() -> None:
    """One operation over the standard streams, for platforms without a safe fork."""
    incoming: BinaryIO = os.fdopen(os.dup(0), "rb")
    outgoing: BinaryIO = os.fdopen(os.dup(1), "wb")
    answer(incoming, outgoing)


def main(arguments: list[str]) -> None:
    die_with_parent(os.getppid())
    if arguments == ["--once"]:
        once()
        return
    # forking and its socket calls exist on POSIX only
    from antiphon.adapters.codecs.worker.forks import serve

    serve(int(arguments[1]))


if __name__ == "__main__":
    main(sys.argv[1:])
