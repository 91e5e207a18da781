#!/bin/sh
# The fuzzers on the sanitized core: scripts/fuzz.sh [SECONDS (600)] [--start SEED]; one round again:
# scripts/fuzz.sh --only code|devices|machine --seed SEED.
set -eu
. scripts/sanitized.sh
sanitized nice $python scripts/fuzz.py "$@"
