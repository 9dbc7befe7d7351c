"""The fork server: everything is imported once, then each connection gets a child of its own in a millisecond.

One thread, no decoding here: foreign bytes are only ever touched by the children.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
from dataclasses import dataclass, field

from antiphon.adapters.codecs.wire import Ended, frame
from antiphon.adapters.codecs.worker.bounds import die_with_parent
from antiphon.adapters.codecs.worker.run import answer

__all__ = ["serve"]


@dataclass
class _Forks:
    control: socket.socket
    wake: socket.socket
    children: dict[int, socket.socket] = field(default_factory=dict)  # pid → its connection


def serve(descriptor: int) -> None:
    """Fork a child for every socket that arrives over `descriptor`; ends, with its children, when that closes."""
    control = socket.socket(fileno=descriptor)
    wake, wake_write = socket.socketpair()
    wake.setblocking(False)
    wake_write.setblocking(False)
    signal.set_wakeup_fd(wake_write.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    for request in (signal.SIGINT, signal.SIGTERM):  # may be sent to the whole group; the parent decides when to end
        signal.signal(request, signal.SIG_IGN)
    forks = _Forks(control, wake)
    while _step(forks):
        pass
    for pid in forks.children:
        os.kill(pid, signal.SIGKILL)


def _step(forks: _Forks) -> bool:
    poll = select.poll()
    poll.register(forks.control, select.POLLIN)
    poll.register(forks.wake, select.POLLIN)
    by_descriptor = {connection.fileno(): pid for pid, connection in forks.children.items()}
    for descriptor in by_descriptor:
        poll.register(descriptor, 0)  # hang-up only
    for descriptor, _ in poll.poll():
        if descriptor == forks.wake.fileno():
            with contextlib.suppress(BlockingIOError):
                forks.wake.recv(4096)
            _reap(forks)
        elif descriptor == forks.control.fileno():
            if not _accept(forks):
                return False
        elif by_descriptor[descriptor] in forks.children:
            os.kill(by_descriptor[descriptor], signal.SIGKILL)  # not reaped yet, so the pid is still the child's
            os.waitpid(by_descriptor[descriptor], 0)
            forks.children.pop(by_descriptor[descriptor]).close()
    return True


def _accept(forks: _Forks) -> bool:
    message, descriptors, _, _ = socket.recv_fds(forks.control, 1, 1)
    if not message:
        return False
    for descriptor in descriptors:
        connection = socket.socket(fileno=descriptor)
        server = os.getpid()
        pid = os.fork()
        if pid == 0:
            _child(forks, connection, server)
        forks.children[pid] = connection
    return True


def _child(forks: _Forks, connection: socket.socket, server: int) -> None:
    status = 1
    try:
        die_with_parent(server)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # the server hung up: nobody waits for the answer
        forks.control.close()
        forks.wake.close()
        for other in forks.children.values():
            other.close()
        with connection.makefile("rb") as incoming, connection.makefile("wb") as outgoing:
            answer(incoming, outgoing)
        status = 0
    finally:
        os._exit(status)


def _reap(forks: _Forks) -> None:
    for pid in list(forks.children):
        ended, status = os.waitpid(pid, os.WNOHANG)
        if not ended:
            continue
        connection = forks.children.pop(pid)
        with contextlib.suppress(OSError):
            connection.setblocking(False)
            connection.send(frame(Ended(os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0)))
        connection.close()
