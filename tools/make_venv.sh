#!/bin/sh
# Makes .venv with the first Python that is new enough, or says what to install.
set -u
for python in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
    command -v "$python" >/dev/null 2>&1 || continue
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || continue
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        echo "This Python cannot make virtual environments. On Debian or Ubuntu:" >&2
        echo "    apt-get install python$version-venv" >&2
        exit 1
    fi
    rm -rf .venv
    "$python" -m venv .venv && exit 0
    rm -rf .venv
    echo "Making .venv with $python failed; the lines above say why." >&2
    exit 1
done
echo "Antiphon needs Python 3.11 or newer; found: $(python3 --version 2>&1 || echo none)." >&2
echo "Install one, or name it: make run PYTHON=/path/to/python3.13" >&2
exit 1
