"""Portable parts of the firmware as a shared library of this machine, with a board written in Python.

The stub's board functions call back through function pointers, so a test can stand for sensor, bus and clock.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

FIRMWARE = Path(__file__).parents[3] / "firmware"
SOURCES = (
    "lib/block_stream.c", "lib/sample_account.c", "lib/window_ring.c", "lib/lis2dw12.c", "lib/decide.c",
    "apps/tap/tap_preprocess.c",
)  # fmt: skip

STUB = """
#include "boards/board.h"
bool (*host_read_on_edge)(int first, uint8_t *buffer, int size);
void (*host_read_start)(int first, uint8_t *buffer, int size);
uint32_t (*host_edge_us)(void);
uint32_t (*host_time_us)(void);
void (*host_done)(bool ok);
void board_accelerometer_stream(void (*done)(bool ok)) { host_done = done; }
bool board_accelerometer_read_on_edge(uint8_t r, uint8_t *b, uint32_t n) { return host_read_on_edge(r, b, (int)n); }
void board_accelerometer_read_start(uint8_t r, uint8_t *b, uint32_t n) { host_read_start(r, b, (int)n); }
uint32_t board_accelerometer_edge_us(void) { return host_edge_us(); }
uint32_t board_time_us(void) { return host_time_us(); }
uint32_t board_interrupts_lock(void) { return 0; }
void board_interrupts_unlock(uint32_t lock) { (void)lock; }
bool board_accelerometer_write_register(uint8_t r, uint8_t v) { (void)r; (void)v; return false; }
bool board_accelerometer_read_registers(uint8_t r, uint8_t *b, uint32_t n) { (void)r; (void)b; (void)n; return false; }
"""


def build(folder: Path) -> Path:
    """Compile the sources and the stub into a shared library; skips the test without `cc`."""
    if shutil.which("cc") is None:
        pytest.skip("no host C compiler `cc`")
    stub, library = folder / "stub.c", folder / "firmware.so"
    stub.write_text(STUB, encoding="utf-8")
    sources = [str(FIRMWARE / name) for name in SOURCES]
    includes = [f"-I{FIRMWARE}", f"-I{FIRMWARE / 'lib'}"]
    flags = ["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-Wl,-Bsymbolic"]
    subprocess.run(["cc", *flags, *includes, "-o", str(library), *sources, str(stub)], check=True)
    return library
