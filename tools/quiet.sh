#!/bin/sh
# quiet.sh "What is being done" command…: says what, and shows the command's output only when it fails.
set -u
what=$1
shift
printf '%s … ' "$what"
out=$(mktemp)
trap 'rm -f "$out"' EXIT
started=$(date +%s)
if "$@" >"$out" 2>&1 </dev/null; then
    printf 'done (%s s)\n' "$(($(date +%s) - started))"
else
    code=$?
    printf 'FAILED\n' >&2
    cat "$out" >&2
    exit "$code"
fi
