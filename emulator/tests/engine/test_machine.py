"""Machine, the session object of the Python API, on the native engine."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from tap_runs import FIRMWARE, STREAMS

from tinysim.errors import CheckFailed, InputError
from tinysim.machine import Machine

SINGLE = STREAMS / "tap_single.csv"
RAM = 0x2000_0000
BYTE_S = 10 / 115_200  # start bit, eight bits, stop bit
AN_INSTRUCTION_CYCLES = 32  # a stop comes between two instructions, or behind an exception's entry
PIN_CNF_11, GPIO_IN = 0x5000_072C, 0x5000_0510

# Copies the GPIO's IN register to RAM for ever: ldr r0..r3 from the literals, movs r1 #pull-up, str; loop: ldr, str, b.
COPY_PINS = struct.pack(
    "<II8HIII",
    0x2000_1000,
    9,
    *(0x4803, 0x210C, 0x6001, 0x4A03, 0x4B03, 0x6811, 0x6019, 0xE7FC),
    PIN_CNF_11,
    GPIO_IN,
    RAM,
)


@pytest.fixture
def machine() -> Iterator[Machine]:
    with Machine("nrf52840") as board:
        yield board


@pytest.fixture
def tap(machine: Machine) -> Machine:
    machine.load(FIRMWARE / "tap.elf")
    machine.attach_stream("accelerometer", SINGLE)
    return machine


# ---- running and waiting ----


def test_run_for_stops_at_the_time_and_goes_on_from_there(tap: Machine) -> None:
    assert tap.run_for(0.25) == "time"
    assert tap.time == 0.25
    assert tap.cycles == 16_000_000
    assert tap.run_for(0.05) == "time"
    assert tap.time == 0.3


def test_wait_for_stops_at_the_last_byte_of_the_line(tap: Machine) -> None:
    hit = tap.uart().wait_for(rb"TS win n=(\d+) class=(\w+)", timeout=1.0)
    assert hit.groups == ("0", "none")
    assert hit.line.startswith("TS win n=0 class=none p=1.00")
    assert 0 <= tap.cycles - hit.cycles <= AN_INSTRUCTION_CYCLES
    assert tap.uart().unfinished == ""


def test_lines_before_a_hit_are_gone_and_later_ones_stay(tap: Machine) -> None:
    tap.run_for(1.1)
    tap.uart().wait_for("win n=1", timeout=0.0)
    texts = [line.text for line in tap.uart().read_new()]
    assert texts[0].startswith("TS win n=2 ")
    assert texts[1].startswith("TS stats windows=3 ")


def test_wait_for_gives_up_at_its_virtual_timeout(tap: Machine) -> None:
    with pytest.raises(CheckFailed, match=r"'never' was not on uart0 within 0\.5 s of virtual time"):
        tap.uart().wait_for("never", timeout=0.5)
    assert tap.time == 0.5


def test_wait_for_says_why_the_machine_stopped(machine: Machine) -> None:
    machine.load(FIRMWARE / "deadlock.elf")
    with pytest.raises(CheckFailed, match=r"the machine stopped: deadlock"):
        machine.uart().wait_for("anything", timeout=2.0)


def test_stop_at_line_stops_at_each_line(tap: Machine) -> None:
    assert tap.run_for(1.0, stop_at_line=True) == "line"
    (line,) = tap.uart().read_new()
    assert 0 <= tap.cycles - line.cycles <= AN_INSTRUCTION_CYCLES
    assert tap.run_for(0.1, stop_at_line=True) == "time"


@pytest.mark.parametrize(
    ("firmware", "reason"),
    [("deadlock", "deadlock"), ("fault_div", "fault"), ("lockup", "lockup"), ("hello", "time")],
)
def test_a_run_tells_why_it_stopped(machine: Machine, firmware: str, reason: str) -> None:
    machine.load(FIRMWARE / f"{firmware}.elf")
    assert machine.run_for(0.1) == reason
    assert machine.stop_reason == reason
    assert machine.record().manifest["stop"]["reason"] == reason


def test_a_fault_is_decoded_in_the_record(machine: Machine) -> None:
    machine.load(FIRMWARE / "fault_bus.elf")
    machine.run_for(0.1)
    fault = machine.record().manifest["stop"]["fault"]
    assert fault["kind"] == "HardFault"
    assert set(fault["flags"]) >= {"PRECISERR", "FORCED"}
    assert fault["address"] == 0x3000_0000
    assert fault["registers"]["r2"] == 0x3000_0000


# ---- console ----


def test_a_line_takes_the_time_of_its_bytes_on_the_wire(machine: Machine) -> None:
    machine.load(FIRMWARE / "hello.elf")
    hit = machine.uart("uart0").wait_for("TS hello from=(.*)", timeout=0.1)
    sent_bytes = len(hit.line) + len("\n")
    assert hit.groups == ("tinysim",)
    assert hit.time > (sent_bytes - 1) * BYTE_S


def test_written_bytes_reach_the_firmware_at_the_baud_rate(machine: Machine) -> None:
    machine.load(FIRMWARE / "hello.elf")
    machine.run_for(0.01)
    machine.uart().write(b"infer 10\r")
    machine.run_for(8.5 * BYTE_S)
    ring = machine.symbol("rx_ring")
    assert machine.read_memory(ring, 9) == b"infer 10\0"
    machine.run_for(BYTE_S)
    assert machine.read_memory(ring, 9) == b"infer 10\r"


def test_an_unknown_uart_names_those_there_are(machine: Machine) -> None:
    with pytest.raises(InputError, match=r"no UART 'uart7' \(it has: uart0"):
        machine.uart("uart7")


# ---- the board ----


def test_an_event_toggles_the_led(tap: Machine) -> None:
    assert tap.led("led1").state is False
    tap.uart().wait_for("TS event", timeout=4.0)
    assert tap.led("led1").state is True


def test_a_pressed_button_pulls_its_pin_down_until_it_is_released(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "pins.bin").write_bytes(COPY_PINS)
    machine.load(tmp_path / "pins.bin", address=0)
    levels = []
    for act in (None, machine.press, machine.release):
        if act:
            act("button1")
        machine.run_for(0.001)
        levels.append(int.from_bytes(machine.read_memory(RAM, 4), "little") >> 11 & 1)
    assert levels == [1, 0, 1]


def test_unknown_parts_of_the_board_are_refused(machine: Machine) -> None:
    for ask in (machine.led, machine.press, machine.release):
        with pytest.raises(InputError, match="no device led9"):
            ask("led9")


# ---- memory, registers, symbols ----


def test_memory_is_read_and_written_without_the_guest(tap: Machine) -> None:
    image = (FIRMWARE / "tap.elf").read_bytes()
    tap.write_memory(RAM + 0x1001, b"abc")
    assert tap.read_memory(RAM + 0x1000, 5) == b"\0abc\0"
    assert tap.read_memory(0, 64) in image
    for access in (lambda: tap.read_memory(0x3000_0000, 4), lambda: tap.write_memory(0x3000_0000, b"x")):
        with pytest.raises(InputError, match="0x30000000"):
            access()


def test_symbols_are_found_and_near_names_offered(tap: Machine) -> None:
    tap.run_for(0.65)
    count = tap.read_memory(tap.symbol("tap_window_count"), 4)
    assert int.from_bytes(count, "little") == 2
    with pytest.raises(InputError, match="did you mean nn_invoke"):
        tap.symbol("nn_invok")


def test_symbols_need_a_firmware(machine: Machine) -> None:
    with pytest.raises(InputError, match="load one first"):
        machine.symbol("main")


def test_registers_stand_at_the_reset_vector_before_the_run(tap: Machine) -> None:
    registers = tap.registers
    stack, reset = struct.unpack("<II", tap.read_memory(0, 8))
    assert list(registers) == [*(f"r{number}" for number in range(13)), "sp", "lr", "pc", "xpsr"]
    assert (registers["sp"], registers["pc"]) == (stack, reset & ~1)


# ---- streams, stages, gaps, record ----


def test_the_only_sensor_needs_no_name_and_unknown_ones_are_refused(machine: Machine) -> None:
    machine.load(FIRMWARE / "tap.elf")
    machine.attach_stream(None, SINGLE)
    assert machine.stream_duration_s == 4.0
    with pytest.raises(InputError, match=r"no sensor 'imu' \(it has: accelerometer\)"):
        machine.attach_stream("imu", SINGLE)


def test_stages_are_watched_by_symbol(tap: Machine) -> None:
    tap.watch_stages({"inference": "nn_invoke", "decision": "tap_decide"})
    tap.run_for(1.0)
    record = tap.record()
    assert [stage["name"] for stage in record.manifest["stages"]] == ["inference", "decision"]
    calls = list(record.arrays["stage.id"])
    assert (calls.count(0), calls.count(1)) == (3, 3)
    assert (record.arrays["stage.exit"] > record.arrays["stage.enter"]).all()


def test_an_access_to_what_is_not_modelled_is_a_gap(machine: Machine, tmp_path: Path) -> None:
    qspi = 0x4002_9500
    program = struct.pack("<II4HI", 0x2000_1000, 9, 0x4801, 0x6801, 0xE7FE, 0xBF00, qspi)
    (tmp_path / "gap.bin").write_bytes(program)
    machine.load(tmp_path / "gap.bin", address=0)
    machine.run_for(0.001)
    (gap,) = machine.gaps
    assert (gap.address, gap.pc, gap.access, gap.count) == (qspi, 0x0A, "read", 1)
    assert machine.record().manifest["gaps"][0]["address"] == qspi


def test_a_second_machine_repeats_the_first_one_exactly(tmp_path: Path) -> None:
    """Also when the second is stopped at each line: where the host looks does not change the run."""
    for name, stop_at_line in (("whole", False), ("lines", True)):
        with Machine("nrf52840") as board:
            board.load(FIRMWARE / "tap.elf")
            board.attach_stream("accelerometer", SINGLE)
            while board.time < 2.5:
                board.run_for(2.5 - board.time, stop_at_line=stop_at_line)
            board.record().save(tmp_path / name)
    for file in ("manifest.json", "record.npz"):
        assert (tmp_path / "whole" / file).read_bytes() == (tmp_path / "lines" / file).read_bytes(), file


# ---- what is refused ----


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [({"platform": "nrf99"}, "nrf99"), ({"platform": "nrf52840", "engine": "qemu"}, "unknown engine 'qemu'")],
)
def test_unknown_platforms_and_engines_are_refused(arguments: dict[str, str], expected: str) -> None:
    with pytest.raises(InputError, match=expected):
        Machine(**arguments)  # type: ignore[arg-type]
