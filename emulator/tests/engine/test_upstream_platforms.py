"""Platforms as Renode's users write them, on our engine: firmware says the same, what has no model is a named gap."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from tinysim.engines import fitted_platform
from tinysim.errors import InputError
from tinysim.machine import Machine

ROOT = Path(__file__).parents[1] / "data" / "repl_idioms"
BOARDS = ROOT / "platforms" / "boards"
PREBUILT = Path(__file__).parents[3] / "firmware" / "prebuilt"
RADIO_STATE = 0x4000_1550


def board(name: str, *, strict: bool = False) -> Machine:
    return Machine(BOARDS / f"{name}.repl", repl_path=[ROOT], strict=strict)


@pytest.mark.parametrize(
    ("theirs", "ours"), [("nrf52840dk_nrf52840", "nrf52840dk"), ("stm32f4_discovery", "stm32f4_discovery")]
)
def test_hello_says_the_same_on_their_platform_and_on_ours(theirs: str, ours: str) -> None:
    said = []
    for machine in (board(theirs), Machine(ours)):
        with machine:
            machine.load(PREBUILT / ours / "hello.elf")
            said.append(machine.uart().wait_for("TS hello", timeout=0.05).line)
    assert said[0] == said[1]


def test_the_accelerometer_of_a_users_board_is_on_upstreams_bus() -> None:
    with board("nrf52840_sensors") as machine:
        machine.load(PREBUILT / "nrf52840dk" / "tap.elf")
        assert "app=tap" in machine.uart().wait_for("TS boot", timeout=0.05).line


def reader(folder: Path, address: int) -> Path:
    """A program that reads the word at `address`: ldr, ldr, b ., a nop, the literal."""
    image = folder / "reader.bin"
    image.write_bytes(struct.pack("<II4HI", 0x2000_1000, 9, 0x4801, 0x6801, 0xE7FE, 0xBF00, address))
    return image


def test_an_access_to_a_type_without_model_is_named(tmp_path: Path) -> None:
    with board("nrf52840dk_nrf52840") as machine:
        machine.load(reader(tmp_path, RADIO_STATE), address=0)
        machine.run_for(0.001)
        manifest = machine.record().manifest
    (gap,) = manifest["gaps"]
    assert (gap["address"], gap["register"]) == (RADIO_STATE, "radio+0x550")
    assert any("radio: Wireless.NRF52840_Radio has no model" in warning["text"] for warning in manifest["warnings"])


def test_strict_refuses_what_has_no_model() -> None:
    with pytest.raises(InputError, match=r"E04 radio: Wireless\.NRF52840_Radio has no model; \d+ more"):
        board("nrf52840dk_nrf52840", strict=True)


def test_a_cortex_m7_is_shown_and_not_run() -> None:
    platform = fitted_platform(BOARDS / "stm32f7_discovery-bb.repl", [ROOT])
    assert any(omission.kind == "cpu" for omission in platform.omissions)
    with pytest.raises(InputError, match="cortex-m7 has no model"):
        board("stm32f7_discovery-bb")


@pytest.mark.parametrize("path", sorted((ROOT / "platforms").rglob("*.repl")), ids=lambda path: path.stem)
def test_each_chip_and_board_that_has_a_cpu_of_ours_can_be_built(path: Path) -> None:
    if "stm32f7" in path.stem:
        pytest.skip("a Cortex-M7")
    with Machine(path, repl_path=[ROOT]) as machine:
        assert machine.platform.devices
