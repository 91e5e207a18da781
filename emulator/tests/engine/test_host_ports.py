"""Semihosting, ITM and SEGGER RTT in runs of the native engine: text, stamps, marks, exit codes, snapshots, command."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from exception_fixtures import PREBUILT, parse_checks

from tinysim.cli import main
from tinysim.errors import InputError
from tinysim.machine import Machine

CALLS, ITM, RTT = (PREBUILT / f"{stem}.elf" for stem in ("semihosting_calls", "itm_ports", "rtt_channels"))
NOTHING = 0xFFFF_FFFF
NO_WAITS = {"flash.flash_wait_states": 0, "flash.flash_data_wait_states": 0}


def texts(machine: Machine, uart: str) -> list[str]:
    return [line.text for line in machine.uart(uart).read_new()]


def calling(folder: Path, parameters: dict[str, int] | None = None) -> Machine:
    machine = Machine("nrf52840", parameters=parameters)
    machine.load(CALLS)
    machine.host.serve_semihosting(folder, command_line="prog -v")
    machine.uart("semihosting").write(b"abc\n")
    return machine


# ---- semihosting ----


def test_calls_are_served_and_cost_the_cycle_of_bkpt(tmp_path: Path) -> None:
    with calling(tmp_path, NO_WAITS) as machine:  # straight code waits for words of a flash without cache
        assert machine.run_for(1.0) == "exit"
        assert machine.host.exit_code == 5
        lines = texts(machine, "semihosting")
        assert machine.gaps == []
        warnings = [warning["text"] for warning in machine.record().manifest["warnings"]]
    assert parse_checks("\n".join(lines)) == {
        "cycles_of_a_call_and_its_arguments": 2 + 1,
        "not_written": 0,
        "length": 12,
        "closed": 0,
        "closed_again": NOTHING,
        "errno": 9,
        "outside": NOTHING,
        "system": NOTHING,
        "command_line": 0,
        "command_line_length": 7,
        "not_read": 3,
        "end_of_input": NOTHING,
        "ticks_per_second": 64_000_000,
    }
    assert {"!", "prog -v", "abc"} < set(lines)
    assert warnings == ["semihosting operation 0x12 is not supported: it fails"]
    assert (tmp_path / "out.txt").read_bytes() == b"twelve bytes"


def test_a_program_that_has_left_stays_where_it_is(tmp_path: Path) -> None:
    with calling(tmp_path) as machine:
        assert machine.run_for(1.0) == "exit"
        cycles = machine.cycles
        assert machine.run_for(1.0) == "exit"
        assert machine.cycles == cycles


def test_waiting_for_a_line_stops_at_it(tmp_path: Path) -> None:
    with calling(tmp_path) as machine:
        hit = machine.uart("semihosting").wait_for("length value=0x0000000c", timeout=1.0)
        assert machine.cycles == hit.cycles + 1, "stamped in front of the BKPT"
        assert machine.run_for(1.0) == "exit"


def test_single_steps_serve_calls_as_runs_do(tmp_path: Path) -> None:
    with calling(tmp_path) as straight, calling(tmp_path) as stepped:
        straight.run_for(1.0)
        port = stepped._engine.debug()
        while (reason := port.step(10**9)) == "step":
            pass
        assert reason == "exit"
        assert stepped.cycles == straight.cycles
        assert texts(stepped, "semihosting") == texts(straight, "semihosting")


def test_going_on_from_a_snapshot_is_as_if_it_had_not_stopped(tmp_path: Path) -> None:
    with calling(tmp_path) as machine:
        machine.uart("semihosting").wait_for("not_written", timeout=1.0)
        machine.save_snapshot(tmp_path / "snapshot")
        snapshot = machine.snapshot()
        machine.run_for(1.0)
        first = texts(machine, "semihosting"), machine.cycles
        machine.restore(snapshot)
        assert machine.host.exit_code is None
        machine.run_for(1.0)
        assert (texts(machine, "semihosting"), machine.cycles) == first
        with calling(tmp_path) as other:
            other.load_snapshot(tmp_path / "snapshot")
            other.run_for(1.0)
            assert (texts(other, "semihosting"), other.cycles) == first
        with Machine("nrf52840") as deaf, pytest.raises(InputError, match="host services semihosting"):
            deaf.load(CALLS)
            deaf.restore(snapshot)


def test_a_call_that_nobody_serves_is_a_fault_that_says_so() -> None:
    with Machine("nrf52840") as machine:
        machine.load(CALLS)
        assert machine.run_for(1.0) == "fault"
        fault = machine.record().manifest["stop"]["fault"]
    assert fault["flags"] == ["DEBUGEVT"]
    assert fault["hint"] == "semihosting call: run with --semihosting"


# ---- ITM ----


def test_stimulus_ports_speak_once_they_are_switched_on() -> None:
    with Machine("nrf52840") as machine:
        machine.load(ITM)
        machine.run_for(0.1)
        ready = [machine.read_memory(machine.symbol(f"ready_{when}"), 1)[0] for when in ("before", "when_off", "after")]
        assert ready == [0, 0, 1]
        assert texts(machine, "itm0") == ["hello by itm"]
        assert texts(machine, "itm1") == ["words"]
        assert machine.gaps == []


def test_marks_on_port_31_are_stages_and_a_level() -> None:
    with Machine("nrf52840") as machine:
        machine.load(ITM)
        machine.watch_stages({"first": "itm:1", "work": "work", "second": "itm:2"})
        machine.run_for(0.1)
        record = machine.record()
    arrays = record.arrays
    spans = sorted(zip(arrays["stage.enter"], arrays["stage.exit"], arrays["stage.id"], strict=True))
    assert [number for _, _, number in spans] == [0, 1, 2, 1]
    first, work, second, more_work = spans
    assert first[0] < work[0] < work[1] <= first[1] == second[0] < more_work[0] < more_work[1] <= second[1]
    marks = arrays["level.id"] == record.manifest["levels"].index("itm31")
    assert arrays["level.value"][marks].tolist() == [1, 2, 0]
    assert arrays["level.cycle"][marks].tolist() == [first[0], second[0], second[1]]


def test_a_mark_must_be_a_number() -> None:
    with Machine("nrf52840") as machine, pytest.raises(InputError, match="is no mark"):
        machine.load(ITM)
        machine.watch_stages({"first": "itm:one"})


def test_stimulus_ports_take_no_input() -> None:
    with Machine("nrf52840") as machine, pytest.raises(InputError, match="nothing takes input"):
        machine.uart("itm0").write(b"x")


def test_a_probe_switches_the_ports_on() -> None:
    with Machine("nrf52840") as machine:
        machine.load(ITM)
        machine.host.enable_itm()
        machine.run_for(0.1)
        assert texts(machine, "itm0") == ["?hello by itm"]


# ---- RTT ----


def by_symbol(machine: Machine) -> None:
    machine.host.collect_rtt()


def no_symbol(name: str) -> int:
    raise InputError(f"no {name} in a stripped image")


def by_search(machine: Machine) -> None:
    machine.host._symbol = no_symbol
    machine.host.collect_rtt()


@pytest.mark.parametrize("collect", [by_symbol, by_search])
def test_channels_carry_lines_both_ways(collect: Callable[[Machine], None]) -> None:
    with Machine("nrf52840") as machine:
        machine.load(RTT)
        collect(machine)
        uart = machine.uart("rtt0")
        hit = uart.wait_for("hello by rtt, in a line that does not fit into the buffer", timeout=0.1)
        assert hit.cycles == machine.cycles
        uart.write(b"ping pong\nand another line that is longer than the ring\n.end\n")
        assert machine.run_for(0.5) == "deadlock"
        assert texts(machine, "rtt0") == ["09", "45", "04"]


def test_runs_cut_at_milliseconds_collect_the_same() -> None:
    records = []
    for parts in (1, 20):
        with Machine("nrf52840") as machine:
            machine.load(RTT)
            machine.host.collect_rtt()
            for _ in range(parts):
                machine.run_for(0.02 / parts)
            arrays = machine.record().arrays
            records.append((arrays["uart.rtt0.byte"].tobytes(), arrays["uart.rtt0.cycle"].tolist()))
    assert records[0] == records[1]


def test_firmware_without_rtt_is_left_alone() -> None:
    with Machine("nrf52840") as machine, Machine("nrf52840") as watched:
        for each in (machine, watched):
            each.load(PREBUILT / "hello.elf")
        watched.host.collect_rtt()
        assert machine.run_for(0.1) == watched.run_for(0.1)
        assert (machine.cycles, machine.registers) == (watched.cycles, watched.registers)
        with pytest.raises(InputError, match="has no UART 'rtt0'"):
            machine.uart("rtt0")


# ---- the command ----


def test_the_command_serves_calls_and_ends_with_their_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["run", str(CALLS), "--platform", "nrf52840", "--semihosting", str(tmp_path), "--json"]
    assert main(command) == 1
    out, err = capsys.readouterr()
    summary = json.loads(out)
    assert summary["stop"]["reason"] == "exit"
    assert [finding["code"] for finding in summary["findings"]] == ["exit-code", *summary_warnings(summary)]
    assert "semihosting_calls.elf" in err, "the command line is the firmware's name"


def summary_warnings(summary: dict[str, list[dict[str, str]]]) -> list[str]:
    return [finding["code"] for finding in summary["findings"] if finding["severity"] != "error"]


def test_the_command_names_the_option_that_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(CALLS), "--platform", "nrf52840", "--quiet"]) == 3
    assert "semihosting call: run with --semihosting" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("firmware", "option", "line"), [(ITM, "--itm", "hello by itm"), (RTT, "--rtt", "hello by rtt")]
)
def test_the_command_shows_what_a_probe_sees(
    firmware: Path, option: str, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", str(firmware), "--platform", "nrf52840", option, "--for", "100ms"]) == 0
    assert line in capsys.readouterr().out
