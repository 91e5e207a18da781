"""What Renode is given: platforms of ours without what only we know, texts by the Monitor's rules; and its log read."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from tinysim.engines import fitted_platform
from tinysim.engines.renode_find import find_renode
from tinysim.engines.renode_log import RenodeLog
from tinysim.engines.renode_repl import peripheral_path, renode_repl
from tinysim.engines.renode_setup import registers_in
from tinysim.engines.renode_shapes import shape_of
from tinysim.engines.renode_text import (
    as_argument,
    numbers_in,
    path_argument,
    quoted,
    seconds_text,
    undoubled,
    virtual_time_ns,
)
from tinysim.errors import EngineMissing, InputError
from tinysim.platform import join_platform
from tinysim.platform.files import platform_directories

BOARDS = sorted(path.stem for folder in platform_directories() for path in (folder / "boards").glob("*.repl"))
OWN_PARAMETERS = ("rcc:", "gate:", "clockSelection:", "hseFrequency:", "numberOfPins:", "channels:")


@pytest.mark.parametrize("name", BOARDS)
def test_a_board_is_written_as_one_file_with_upstreams_words_alone(name: str) -> None:
    platform = fitted_platform(name, engine="renode")
    text = renode_repl(platform)
    assert "using " not in text
    assert "ApplySVD" not in text
    for own in OWN_PARAMETERS:
        assert f"    {own}" not in text
    for device in platform.devices:
        known = shape_of(device.type, models=True)
        assert known is None or known.needed <= set(device.parameters), device
    again = join_platform([text])
    assert {device.name for device in again.devices} == {device.name for device in platform.devices}
    assert len(again.connections) == len(platform.connections)


def test_our_models_stand_where_stock_ones_lack_what_firmware_needs() -> None:
    text = renode_repl(fitted_platform("nrf52840dk", engine="renode"))
    assert "nvmc: MTD.NRF52840_NVMC @ sysbus 0x4001E000\n    flash: flash\n\n" in text
    assert "twi0: I2C.NRF52840_TWI_TWIM @ sysbus 0x40003000\n    -> nvic@3" in text
    assert "timer0: Timers.NRF52840_Timer_Shorts @ sysbus 0x40008000\n    numberOfEvents: 4" in text
    text = renode_repl(fitted_platform("stm32f4_discovery", engine="renode"))
    usart = text.split("usart2: UART.STM32F4_USART")[1].split("\n\n")[0]
    assert "DmaReceive -> dma1@44" in usart
    assert "dma1: DMA.STM32F4_DMA" in text
    assert "LastItem" not in text


def test_what_only_tinysim_has_is_a_tag_with_its_whole_range(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TINYSIM_RENODE_MODELS", "none")
    platform = fitted_platform("nrf52840dk", engine="renode")
    text = renode_repl(platform)
    assert 'Tag <0x4001E000, 0x4001EFFF> "nvmc"' in text
    assert "twi0: I2C.NRF52840_I2C @ sysbus 0x40003000" in text
    assert "accelerometer: Sensors.LIS2DW12 @ twi0 25" in text
    assert "LFCLK" not in text
    omitted = {omission.name: omission.text for omission in platform.omissions if omission.kind == "type"}
    assert omitted["nvmc"] == "MTD.NRF52840_NVMC is a model of tinysim alone; a tag in Renode"


def test_clocks_that_renode_wants_are_those_of_the_cpu() -> None:
    text = renode_repl(fitted_platform("stm32f4_discovery", engine="renode"))
    timer = text.split("timer2: Timers.STM32_Timer")[1].split("\n\n")[0]
    assert f"frequency: 0x{168_000_000:X}" in timer
    assert "series: STM32Series.F4" in text
    assert "12 -> UserLED@0 | syscfg@60" in text


def test_testers_want_the_whole_path() -> None:
    platform = fitted_platform("nrf52840dk", engine="renode")
    assert peripheral_path(platform, "uart0") == "sysbus.uart0"
    assert peripheral_path(platform, "led1") == "sysbus.gpio0.led1"
    assert peripheral_path(platform, "accelerometer") == "sysbus.twi0.accelerometer"


# ---- texts ----


def test_a_text_that_looks_like_a_named_argument_is_named() -> None:
    assert as_argument("ExecuteCommand", "temp=5") == "command=temp=5"
    assert as_argument("ExecuteCommand", "$bin=@x") == "$bin=@x"
    assert as_argument("WaitForNextLineOnUart", "timeout=1") == "timeout=1"


def test_strings_and_paths_keep_their_characters() -> None:
    assert quoted('say "a\\b"') == '"say \\"a\\\\b\\""'
    assert path_argument(Path("/tmp/a b/c.repl")) == "@/tmp/a\\ b/c.repl"
    with pytest.raises(InputError, match="line ends"):
        quoted("a\nb")
    with pytest.raises(InputError, match="cannot be given this path"):
        path_argument(Path("/tmp/a;b"))


@pytest.mark.parametrize(
    ("answer", "time_ns"),
    [
        ("Current virtual time: 00:00:00.203244560\nCurrent real time: 00:00:00.229841700\n", 203_244_560),
        ("Current virtual time: 00:00:00.047400\nCurrent real time: 00:00:00.221469\n", 47_400_000),
        ("Current virtual time: 01:02:03.5\n", 3_723_500_000_000),
    ],
)
def test_virtual_time_of_both_versions(answer: str, time_ns: int) -> None:
    assert virtual_time_ns(answer) == time_ns


def test_no_virtual_time_is_no_time() -> None:
    with pytest.raises(ValueError, match="no virtual time in 'hello'"):
        virtual_time_ns("hello")


def test_numbers_and_line_feeds() -> None:
    assert seconds_text(1_500_000_999) == '"1.500000"'
    assert undoubled("0x0\n\n") == "0x0\n"
    assert numbers_in("[\n0x00, 0x04, \n0xB9, \n]\n") == [0, 4, 0xB9]


def test_register_tables_of_both_versions() -> None:
    old = "|Name     |Value     |\n|Control  |0x1       |\n|SP       |0x2003FFD0|\n|R0       |0x2A2     |\n"
    new = "| R0        | 0     | 0x2A2      |\n| SP / R13  | 13    | 0x2003FFD0 |\n| CPSR      | 25    | 0x61000000 |\n"
    assert registers_in(old) == {"r0": 0x2A2, "sp": 0x2003FFD0}
    assert registers_in(new) == {"r0": 0x2A2, "sp": 0x2003FFD0, "xpsr": 0x61000000}


# ---- the log ----


def test_the_log_becomes_gaps_and_warnings(tmp_path: Path) -> None:
    path = tmp_path / "renode.log"
    path.write_text(
        "17:30:51.5714 [INFO] cpu: Setting initial values: PC = 0xB9, SP = 0x20040000.\n"
        "17:30:51.6319 [WARNING] sysbus: [cpu: 0x13A] ReadDoubleWord from non existing peripheral at 0x4FFFF000.\n"
        "17:30:51.6320 [WARNING] sysbus: [cpu: 0x13E] ReadDoubleWord from non existing peripheral at 0x4FFFF000. (3)\n"
        "17:30:51.6323 [WARNING] sysbus: [cpu: 0x140] WriteDoubleWord to non existing peripheral at 0x4FFFF004, "
        "value 0xCAFE.\n"
        "17:30:51.6325 [WARNING] uart0: Unhandled write to offset 0xFF0, value 0x1.\n"
        "17:30:51.6326 [WARN"
    )
    log = RenodeLog(path)
    log.read(5)
    gaps = [(gap.address, gap.pc, gap.access, gap.count) for gap in log.gaps]
    assert gaps == [(0x4FFFF000, 0x13A, "read", 4), (0x4FFFF004, 0x140, "write", 1)]
    assert [(one.time_ns, one.text) for one in log.warnings] == [
        (5, "warning: uart0: Unhandled write to offset 0xFF0, value 0x1.")
    ]
    with path.open("a") as file:
        file.write("ING] cpu: late\n")
    log.read(9)
    assert log.warnings[-1].text == "warning: cpu: late"


# ---- finding one ----


def test_a_folder_without_a_renode_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineMissing, match="has no Renode in it; name the program renode, or its folder"):
        find_renode({"TINYSIM_RENODE": str(tmp_path), "PATH": ""})


@pytest.mark.parametrize(("program", "runner"), [("Renode.dll", "dotnet"), ("Renode.exe", "mono")])
def test_a_build_for_dotnet_or_mono_needs_its_runner(
    program: str, runner: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / program).touch()
    with pytest.raises(EngineMissing, match=f"needs {runner}, which is not on PATH"):
        find_renode({"TINYSIM_RENODE": str(tmp_path), "PATH": ""})


def test_renode_run_and_renode_test_lead_to_a_renode(tmp_path: Path) -> None:
    for name, text in (("renode-run", 'shift; echo "Renode, version 1.15.3.1 ($0)"'), ("renode-test", "exit 1")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    found = find_renode({"PATH": str(tmp_path)})
    assert (found.command, found.version) == ((str(tmp_path / "renode-run"), "--"), (1, 15, 3))
    (tmp_path / "renode-run").unlink()
    (tmp_path / "bin").mkdir()
    (tmp_path / "renode").write_text("#!/bin/sh\necho Renode v1.16.1.9\necho '  runtime: .NET 8.0.1'\n")
    (tmp_path / "renode").chmod(0o755)
    (tmp_path / "bin" / "renode-test").symlink_to(tmp_path / "renode-test")
    found = find_renode({"PATH": str(tmp_path / "bin")})
    assert str(found) == f"1.16.1, .NET 8.0.1 (beside renode-test: {tmp_path.resolve() / 'renode'})"
