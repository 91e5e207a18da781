#!/bin/sh
# The core under address and undefined-behaviour sanitizers: the engine tests, a short conformance run, and the fuzzers
# for a minute from a fixed seed. Arguments go to pytest; with arguments the fuzzers are left out.
set -eu
. scripts/sanitized.sh

sanitized $python -m pytest -o "pythonpath=$build/site ." -p no:cacheprovider \
    emulator/tests/engine emulator/tests/conformance/test_instructions.py "$@"
[ $# -gt 0 ] || sanitized $python scripts/fuzz.py 60 --start 1000000
