#!/bin/sh
# Installs Debian packages that are missing (as root), or says which ones to install. Argument: build or test.
set -eu

needed=""   # nothing works without these
useful=""   # tests skip without these
need() { command -v "$1" >/dev/null 2>&1 || needed="$needed $2"; }
use() { command -v "$1" >/dev/null 2>&1 || useful="$useful $2"; }

need c++ g++
python3 -c 'import ensurepip, venv' 2>/dev/null || needed="$needed python3-venv"
python3 -c 'import os, sysconfig; raise SystemExit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))' \
    2>/dev/null || needed="$needed python3-dev"
if [ "${1:-build}" = test ]; then
    use arm-none-eabi-gcc gcc-arm-none-eabi
    use qemu-system-arm qemu-system-arm
    use gdb-multiarch gdb-multiarch
    [ -e /usr/share/firmware-microbit-micropython/firmware.hex ] || useful="$useful firmware-microbit-micropython"
fi
[ -n "$needed$useful" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # shellcheck disable=SC2086
    [ -z "$needed" ] || apt-get install -y -qq --no-install-recommends $needed >/dev/null
    for package in $useful; do
        apt-get install -y -qq --no-install-recommends "$package" >/dev/null || echo "tinysim: $package is not to be had: its tests skip" >&2
    done
    exit 0
fi
[ -z "$useful" ] || echo "tinysim: some tests will skip; for them: sudo apt-get install$useful" >&2
[ -z "$needed" ] && exit 0
echo "tinysim: missing packages; install them with: sudo apt-get install$needed" >&2
exit 1
