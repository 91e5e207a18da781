"""The Monitor on machines of the native engine: descriptions in pieces, memory, CPU, UART, parts, sensors, time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from tinysim.emulation import Emulation
from tinysim.monitor.completion import complete
from tinysim.monitor.errors import MonitorError
from tinysim.monitor.interpreter import Monitor

HELLO = Path(__file__).resolve().parents[3] / "firmware" / "prebuilt" / "nrf52840dk" / "hello.elf"

MINIMAL = """
nvic: IRQControllers.NVIC @ sysbus 0xE000E000
    -> cpu@0

cpu: CPU.CortexM @ sysbus
    cpuType: "cortex-m4"
    nvic: nvic

ram: Memory.MappedMemory @ sysbus 0x20000000
    size: 0x10000
"""
ADD_ONE = 0x3001  # ADDS r0, #1
LOOP = 0xE7FE  # B .


@pytest.fixture
def monitor() -> Iterator[Monitor]:
    one = Monitor(Emulation())
    one.execute("mach create")
    yield one
    one.reset()


@pytest.fixture
def board(monitor: Monitor) -> Monitor:
    monitor.execute("machine LoadPlatformDescription @platforms/boards/nrf52840dk.repl")
    return monitor


def small(monitor: Monitor) -> Monitor:
    """A CPU and a memory with a few instructions, without any file."""
    monitor.execute(f"machine LoadPlatformDescriptionFromString '{MINIMAL}'")
    for number in range(4):
        monitor.execute(f"sysbus WriteWord 0x{0x20000000 + 2 * number:X} 0x{ADD_ONE:X}")
    monitor.execute(f"sysbus WriteWord 0x20000008 0x{LOOP:X}; cpu PC 0x20000000; cpu SP 0x20001000")
    return monitor


def test_a_machine_is_described_by_texts_alone(monitor: Monitor) -> None:
    small(monitor)
    assert monitor.execute("cpu Step") == "0x0000000020000002\n"
    assert monitor.execute('cpu Step 3; cpu PC; cpu GetRegister 0; cpu GetRegister "R0"; cpu ExecutedInstructions') == (
        "0x0000000020000008\n0x20000008\n0x4\n0x4\n0x0000000000000004\n"
    )


def test_registers_are_set_and_asked(monitor: Monitor) -> None:
    small(monitor)
    monitor.execute('cpu SetRegister 7 0x1234; cpu SetRegister "R8" 5')
    assert monitor.execute("cpu GetRegister R7; cpu GetRegister 8; cpu SP; cpu IsHalted") == (
        "0x1234\n0x5\n0x20001000\nFalse\n"
    )
    table = monitor.execute("cpu GetRegistersValues").splitlines()
    assert table[1] == "| Name      | Index | Value      |"
    assert "| R7        | 7     | 0x1234     |" in table
    with pytest.raises(MonitorError, match="Wrong register name: NOPE"):
        monitor.execute("cpu SetRegister NOPE 0")


def test_memory_has_renodes_widths(monitor: Monitor) -> None:
    small(monitor)
    monitor.execute("sysbus WriteDoubleWord 0x20000100 0x12345678; ram WriteByte 0x104 0xFF")
    assert (
        monitor.execute(
            "sysbus ReadDoubleWord 0x20000100; sysbus ReadWord 0x20000100; sysbus ReadByte 0x20000100; "
            "sysbus ReadQuadWord 0x20000100; ram ReadByte 0x104"
        )
        == "0x12345678\n0x5678\n0x78\n0x000000FF12345678\n0xFF\n"
    )
    assert monitor.execute("sysbus ReadBytes 0x20000100 5") == "[\n0x78, 0x56, 0x34, 0x12, 0xFF, \n]\n"
    with pytest.raises(MonitorError, match="does not fit into 1 bytes"):
        monitor.execute("sysbus WriteByte 0x20000000 0x100")


def test_an_access_to_nothing_is_logged_and_reads_zero(monitor: Monitor) -> None:
    small(monitor)
    assert monitor.execute("sysbus ReadDoubleWord 0x60000000; sysbus WriteByte 0x60000000 1") == "0x00000000\n"
    assert [entry.text for entry in monitor.emulation.entries] == [
        "sysbus: ReadDoubleWord from non existing peripheral at 0x60000000.",
        "sysbus: WriteByte to non existing peripheral at 0x60000000, value 0x1.",
    ]


def test_a_later_piece_rebuilds_what_was_set_up(monitor: Monitor) -> None:
    small(monitor)
    monitor.execute(
        'machine LoadPlatformDescriptionFromString "more: Memory.MappedMemory @ sysbus 0x30000000 { size: 0x100 }"'
    )
    assert monitor.execute("sysbus ReadWord 0x20000000; sysbus WhatIsAt 0x30000010") == (
        "0x3001\nmore (Memory.MappedMemory)\n"
    )
    monitor.execute("cpu PC 0x20000000; cpu Step")
    with pytest.raises(MonitorError, match="machine-0 has run already"):
        monitor.execute('machine LoadPlatformDescriptionFromString "x: Memory.MappedMemory @ sysbus 0x0 { size: 1 }"')


def test_a_wrong_piece_changes_nothing(monitor: Monitor) -> None:
    small(monitor)
    with pytest.raises(MonitorError, match=r"description-2:1:1: E02 ram is already declared"):
        monitor.execute('machine LoadPlatformDescriptionFromString "ram: Memory.MappedMemory @ sysbus 0x0 { size: 1 }"')
    assert monitor.execute("sysbus ReadWord 0x20000000") == "0x3001\n"


def test_descriptions_use_files_of_the_path(monitor: Monitor, tmp_path: Path) -> None:
    (tmp_path / "chip.repl").write_text(MINIMAL)
    (tmp_path / "board").mkdir()
    (tmp_path / "board" / "mine.repl").write_text('using "chip.repl"\n')
    with pytest.raises(MonitorError, match=r'using "chip\.repl" is not found'):
        monitor.execute(f"machine LoadPlatformDescription @{tmp_path}/board/mine.repl")
    monitor.execute(f"path add @{tmp_path}; machine LoadPlatformDescription @board/mine.repl")
    assert monitor.execute("sysbus WhatIsAt 0x20000000") == "ram (Memory.MappedMemory)\n"
    assert monitor.execute("path") == f"{tmp_path}\n"


def test_a_piece_that_no_engine_can_build_is_not_kept(monitor: Monitor) -> None:
    small(monitor)
    clash = "twin: UART.NRF52840_UART @ sysbus 0x20000000"
    with pytest.raises(MonitorError, match="overlaps"):
        monitor.execute(f'machine LoadPlatformDescriptionFromString "{clash}"')
    assert monitor.execute("cpu Step") == "0x0000000020000002\n"


def test_time_passes_exactly_whatever_the_slices(monitor: Monitor) -> None:
    small(monitor)
    monitor.execute('emulation RunFor "0.1"; emulation RunFor "00:00:00.2"')
    shown = monitor.execute("currentTime")
    assert shown.startswith("Current virtual time: 00:00:00.30000")
    monitor.execute('emulation SetGlobalQuantum "0.00001"; emulation SetGlobalSerialExecution true')
    assert monitor.emulation.entries[-1].text.startswith("emulation: a quantum of 10 us has no effect")


def test_machines_run_side_by_side(monitor: Monitor) -> None:
    small(monitor)
    monitor.execute('mach create "other"')
    small(monitor)
    monitor.execute('emulation RunFor "0.01"')
    times = {name: round(each.machine.time, 4) for name, each in monitor.emulation.boards.items()}
    assert times == {"machine-0": 0.01, "other": 0.01}
    assert monitor.execute("machine-0.sysbus.cpu PC") == monitor.execute("cpu PC", machine="machine-0")


def test_upstreams_names_of_boards_and_chips_are_found(monitor: Monitor) -> None:
    monitor.execute("machine LoadPlatformDescription @platforms/cpus/nrf52840.repl")
    assert "uart0 (NRF52840_UART" in monitor.execute("peripherals")
    monitor.execute("mach create; machine LoadPlatformDescription @platforms/boards/nrf52840dk_nrf52840.repl")
    with pytest.raises(MonitorError, match=r"Could not find file 'platforms/boards/nosuch.repl'"):
        monitor.execute("machine LoadPlatformDescription @platforms/boards/nosuch.repl")


def test_the_tree_of_peripherals_is_renodes(board: Monitor) -> None:
    tree = board.execute("peripherals").splitlines()
    start = next(number for number, line in enumerate(tree) if "gpio0 (NRF52840_GPIO)" in line)
    assert tree[:4] == ["Available peripherals:", "", "  sysbus (SystemBus)", "  │   "]
    assert tree[start : start + 3] == [
        "  ├── gpio0 (NRF52840_GPIO)",
        "  │   │   <0x50000500, 0x500007FF>",
        "  │   │   ",
    ]


def test_devices_answer_with_and_without_their_path(board: Monitor) -> None:
    for path in ("sysbus.gpio0.led1", "gpio0.led1", "led1"):
        assert board.execute(f"{path} State") in ("True\n", "False\n")
    with pytest.raises(MonitorError, match=r"No such command or device: gpio1.led1 \(did you mean gpio0.led1\?\)"):
        board.execute("gpio1.led1 State")
    with pytest.raises(
        MonitorError, match=r"sysbus.gpio0.led1 does not provide a field, method or property Stat. \(did you"
    ):
        board.execute("led1 Stat")


def test_registers_of_a_device_are_read_by_offset(board: Monitor) -> None:
    board.execute("uart0 WriteDoubleWord 0x524 0x01D60000")
    assert board.execute("uart0 ReadDoubleWord 0x524; sysbus ReadDoubleWord 0x40002524") == "0x01D60000\n0x01D60000\n"
    assert board.execute("sysbus WhatPeripheralIsAt 0x40003000").startswith("Antmicro.Renode.Peripherals.I2C.NRF52840")


def test_sensors_are_fed_under_renodes_names(board: Monitor, tmp_path: Path) -> None:
    board.execute("sysbus.twi0.accelerometer FeedAccelerationSample 0.25 -0.5 1")
    assert board.execute("accelerometer AccelerationX; accelerometer AccelerationY; accelerometer AccelerationZ") == (
        "0.25\n-0.5\n1\n"
    )
    board.execute("accelerometer AccelerationX 0.125")
    assert board.execute("accelerometer AccelerationX; accelerometer AccelerationY") == "0.125\n-0.5\n"
    stream = tmp_path / "shake.csv"
    stream.write_text("t_ms,ax_g,ay_g,az_g\n0,0.1,0,1\n10,0.2,0,1\n20,0.3,0,1\n")
    board.execute(f"sysbus WriteWord 0x20000000 0x{LOOP:X}; cpu PC 0x20000000")
    board.execute(f'accelerometer FeedAccelerationSamplesFromRESD @{stream}; emulation RunFor "0.012"')
    assert board.execute("accelerometer AccelerationX") == "0.2\n"
    with pytest.raises(MonitorError, match="plays in virtual time"):
        board.execute(f"accelerometer FeedAccelerationSample @{stream}")
    with pytest.raises(MonitorError, match=r"does not provide .* FeedAngularRateSample"):
        board.execute("accelerometer FeedAngularRateSample 0 0 0")


def test_buttons_are_pressed(board: Monitor) -> None:
    board.execute("gpio0.button1 Press; button1 Release; button1 PressAndRelease; button1 Toggle")
    assert board.execute("button1 Pressed; button1 Toggle; button1 Pressed; button2 Pressed") == "True\nFalse\nFalse\n"
    with pytest.raises(MonitorError, match="did you mean Press"):
        board.execute("button1 Pres")


def test_completion_knows_the_devices(board: Monitor) -> None:
    assert complete(board, "sysbus.gpio0.led") == [f"sysbus.gpio0.led{number}" for number in range(1, 5)]
    assert complete(board, "uart0 WriteC") == ["WriteChar"]
    assert complete(board, "showAnalyzer uart") == ["uart0", "uart1"]


def test_what_a_uart_sends_is_shown_kept_and_dumped(tmp_path: Path) -> None:
    shown: list[str] = []
    monitor = Monitor(Emulation(), show=shown.append)
    monitor.execute("mach create; machine LoadPlatformDescription @platforms/boards/nrf52840dk.repl")
    monitor.execute(f"sysbus LoadELF @{HELLO}; showAnalyzer uart0; uart0 CreateFileBackend @{tmp_path}/uart.txt true")
    monitor.execute('emulation RunFor "0.1"')
    kept = (tmp_path / "uart.txt").read_text()
    assert "TS hello" in kept and "".join(shown) == kept.replace("\r", "")
    monitor.execute(f'uart0 CloseFileBackend @{tmp_path}/uart.txt; emulation RunFor "1"')
    assert (tmp_path / "uart.txt").read_text() == kept
    shown.clear()
    monitor.execute("uart0 DumpHistoryBuffer")
    assert "TS hello" in shown[0]
    with pytest.raises(MonitorError, match=r"sysbus\.rtc0 is no UART"):
        monitor.execute("showAnalyzer rtc0")
    with pytest.raises(MonitorError, match="cannot be written"):
        monitor.execute(f"uart0 CreateFileBackend @{tmp_path}/no/uart.txt")


def test_only_steps_pass_time_in_single_step_mode(monitor: Monitor) -> None:
    small(monitor)
    monitor.execute('cpu ExecutionMode SingleStep; emulation RunFor "0.001"')
    assert monitor.execute("cpu PC; cpu Step; cpu ExecutionMode") == "0x20000000\n0x0000000020000002\nSingleStep\n"
    monitor.execute('cpu ExecutionMode Continuous; emulation RunFor "0.001"')
    assert monitor.execute("cpu PC") == "0x20000008\n"
    with pytest.raises(MonitorError, match="did you mean SingleStep"):
        monitor.execute("cpu ExecutionMode SingleStp")


def test_a_sensor_of_several_quantities_is_fed_each_under_its_name(monitor: Monitor) -> None:
    monitor.execute("machine LoadPlatformDescription @platforms/boards/b_l475e_iot01a.repl")
    monitor.execute(
        "sysbus.i2c2.imu FeedAccelerationSample 0.5 0 1; imu FeedAgularRateSample 0 0 -20; imu Temperature 30.5"
    )
    assert monitor.execute("imu AccelerationX; imu Temperature") == "0.5\n30.5\n"
    assert float(monitor.execute("imu AngularRateZ")) == pytest.approx(-20, abs=1e-3)
    monitor.execute("barometer FeedPressureSample 987.65; hygrometer Humidity 40; magnetometer MagneticY 0.25")
    assert monitor.execute("barometer Pressure; hygrometer Humidity; magnetometer MagneticY") == "987.65\n40\n0.25\n"
