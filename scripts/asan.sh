#!/bin/sh
# The core under address and undefined-behaviour sanitizers: the engine tests, a short conformance run, and the fuzzers
# for a minute from a fixed seed. With arguments only the engine tests run, and
# the arguments go to pytest.
set -eu
. scripts/sanitized.sh

sanitized $python -m pytest -o "pythonpath=$build/site ." -p no:cacheprovider emulator/tests/engine "$@"
[ $# -eq 0 ] || exit 0
TINYSIM_LONG=200000 sanitized $python -m pytest -o "pythonpath=$build/site ." -p no:cacheprovider \
    emulator/tests/conformance/test_instructions.py
sanitized $python scripts/fuzz.py 60 --start 1000000
