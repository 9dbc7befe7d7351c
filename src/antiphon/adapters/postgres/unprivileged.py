"""Become somebody other than root, then run a program: PostgreSQL refuses to run as root.

Started as a script (`python -I -S unprivileged.py <way> <program> …`). Two ways:

`namespace`: a user namespace in which root is called 1000. Files keep their owner and no permission changes anywhere;
all capabilities are lost at the exec. Some containers forbid it.
`setuid`: the uid 65534 ("nobody"), with CAP_DAC_OVERRIDE kept where we have it, so that the program and the data are
reached through folders that only root may enter. The data must belong to that uid.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

__all__ = ["NOBODY"]

NOBODY = 65534
_INSIDE = 1000
_CLONE_NEWUSER = 0x10000000
_PR_SET_KEEPCAPS = 8
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAP_VERSION_3 = 0x20080522
_CAP_DAC_OVERRIDE = 1


def _libc() -> Any:
    import ctypes

    return ctypes.CDLL(None, use_errno=True)


def _enter_namespace() -> None:
    import ctypes

    uid, gid = os.geteuid(), os.getegid()
    if _libc().unshare(_CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare(CLONE_NEWUSER)")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{_INSIDE} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{_INSIDE} {gid} 1")
    if os.geteuid() != _INSIDE:
        raise OSError(f"the user namespace calls us {os.geteuid()}")


def _keep_file_access() -> bool:
    import ctypes

    libc = _libc()
    header = (ctypes.c_uint32 * 2)(_CAP_VERSION_3, 0)
    wanted = 1 << _CAP_DAC_OVERRIDE
    data = (ctypes.c_uint32 * 6)(wanted, wanted, wanted, 0, 0, 0)  # effective, permitted, inheritable; upper halves
    return bool(
        libc.capset(header, data) == 0
        and libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0) == 0
    )


def _become_nobody() -> None:
    _libc().prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    # Without the capability the program still starts where every folder on the way is open to it.
    _keep_file_access()


def _main() -> None:
    way, argv = sys.argv[1], sys.argv[2:]
    if way == "namespace":
        _enter_namespace()
    else:
        _become_nobody()
    if argv:
        os.execv(argv[0], argv)  # noqa: S606 — no shell is the point


if __name__ == "__main__":
    _main()
