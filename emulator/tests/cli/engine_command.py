"""What the tests of `tinysim run` on the native engine share."""

from __future__ import annotations

from pathlib import Path

from tinysim.cli import main

ROOT = Path(__file__).resolve().parents[3]
FIRMWARE = ROOT / "firmware" / "prebuilt" / "nrf52840dk"
STREAMS = ROOT / "models" / "tap" / "data"
HELLO, TAP = str(FIRMWARE / "hello.elf"), str(FIRMWARE / "tap.elf")
SINGLE = str(STREAMS / "tap_single.csv")


def run(*arguments: str) -> int:
    """The exit code of `tinysim run --platform nrf52840 ...`."""
    return main(["run", "--platform", "nrf52840", *arguments])
