#!/bin/sh
# Pins every dependency with its hashes and without the address of an index.
set -eu
pins="--group build --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header"
.venv/bin/uv pip compile -q pyproject.toml $pins -o requirements.lock
.venv/bin/uv pip compile -q pyproject.toml $pins --group dev -c requirements.lock -o requirements-dev.lock
