"""Firmware that we did not write: Nordic's serialization firmware with MBR and SoftDevice S132, from a wheel on PyPI.

Built for the nRF52832, whose blocks are the nRF52840's as far as it uses them. The image is fetched into build/vendor
and never copied into the repository; without a network the test skips.
"""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")
from tinysim import Machine

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "build" / "vendor"
PACKAGE = "pc-ble-driver-py==0.17.0"
IMAGE = "pc_ble_driver_py/hex/sd_api_v5/connectivity_4.1.4_1m_with_s132_5.1.0.hex"
# A three-wire UART (H5) link that has no peer yet sends SYNC again and again: header 00 2F 00 D1, payload 01 7E.
SYNC = bytes.fromhex("c0002f00d1017ec0")
SYNC_INTERVAL_S = 0.4


@pytest.fixture(scope="module")
def image() -> Path:
    path = FOLDER / IMAGE
    if not path.is_file():
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        command += ["--python-version", "38", "--platform", "manylinux2014_x86_64", "--dest", str(FOLDER), PACKAGE]
        if subprocess.run(command, capture_output=True, check=False).returncode != 0:
            pytest.skip("the wheel with the vendor's firmware cannot be fetched")
        with zipfile.ZipFile(next(FOLDER.glob("pc_ble_driver_py-*.whl"))) as wheel:
            wheel.extract(IMAGE, FOLDER)
    return path


def test_the_softdevice_boots_and_the_link_sends_sync_packets(image: Path) -> None:
    with Machine("nrf52840") as machine:
        machine.load(image)
        assert machine.run_for(2.5) == "time"
        record = machine.record()
    sent = record.arrays["uart.uart0.byte"].tobytes()
    assert sent == SYNC * (len(sent) // len(SYNC))
    first_bytes = record.arrays["uart.uart0.cycle"][:: len(SYNC)] / 64e6
    intervals = first_bytes[1:] - first_bytes[:-1]
    assert len(intervals) >= 4
    assert all(abs(interval - SYNC_INTERVAL_S) < 0.001 for interval in intervals)


def test_only_blocks_that_are_not_there_are_gaps(image: Path) -> None:
    with Machine("nrf52840") as machine:
        machine.load(image)
        machine.run_for(1.0)
        blocks = {gap.address >> 12 for gap in machine.gaps}
    radio, uart, ecb, aar, mwu = 0x40001, 0x40002, 0x4000E, 0x4000F, 0x40020
    assert blocks <= {radio, uart, ecb, aar, mwu}
