#!/bin/sh
# Installs Debian packages that are missing (as root), or says which ones to install. Argument: build or test.
set -eu

missing=""
need() { # command package
    command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}

need c++ g++
python3 -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3-venv"
python3 -c 'import os, sysconfig; raise SystemExit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))' 2>/dev/null ||
    missing="$missing python3-dev"
if [ "${1:-build}" = test ]; then
    need arm-none-eabi-gcc gcc-arm-none-eabi
fi
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
    exit 0
fi
echo "tinysim: missing packages; install them with: sudo apt-get install$missing" >&2
# The cross compiler only serves tests that rebuild the firmware; they skip without it.
case "$missing" in
" gcc-arm-none-eabi") exit 0 ;;
*) exit 1 ;;
esac
