"""The last instructions of a run, by replay: the right ones, also behind inputs, waits and short runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from tap_runs import FIRMWARE, STREAMS

from tinysim.last_instructions import CannotReplay, last_instructions
from tinysim.machine import Machine
from tinysim.tape import Tape, put_on_tape

COUNT = 20
STEP_NS = 20  # more than a cycle, less than an exception's entry


@pytest.fixture
def machine() -> Iterator[Machine]:
    with Machine("nrf52840") as board:
        yield board


@pytest.fixture
def tape(machine: Machine) -> Tape:
    return put_on_tape(machine)


def single_stepped(firmware: str, instructions: int) -> list[int]:
    """Addresses of all instructions from power-on to the given count, by steps shorter than an exception entry."""
    with Machine("nrf52840") as board:
        board.load(FIRMWARE / f"{firmware}.elf")
        engine, port = board._engine, board._engine.debug()
        port.close()
        addresses: list[int] = []
        while (before := engine.counters()["cpu.instructions"]) < instructions:
            here = port.registers()[15]
            port.step(engine.time_ns() + STEP_NS)
            if engine.counters()["cpu.instructions"] != before and addresses[-1:] != [here]:
                addresses.append(here)
        return addresses


@pytest.mark.parametrize(
    ("firmware", "last"),
    [
        ("fault_div", "main fault_div.c:11"),
        ("fault_bus", "main fault_bus.c:9"),
        ("fault_undefined", "main fault_undefined.c:4"),
        ("lockup", "HardFault_Handler lockup.c:6"),
        ("deadlock", "main deadlock.c:5"),
    ],
)
def test_the_last_instruction_is_the_one_that_stopped_the_run(
    machine: Machine, tape: Tape, firmware: str, last: str
) -> None:
    machine.load(FIRMWARE / f"{firmware}.elf")
    machine.run_for(0.1)
    found = last_instructions(tape)
    assert len(found) == COUNT
    assert f"{found[-1].function} {found[-1].source}" == last


@pytest.mark.parametrize(
    ("firmware", "seconds"), [("hello", 0.001_7), ("exception_priorities", 0.000_31), ("systick", 0.000_31)]
)
def test_they_are_those_that_single_steps_from_power_on_pass(
    machine: Machine, tape: Tape, firmware: str, seconds: float
) -> None:
    machine.load(FIRMWARE / f"{firmware}.elf")
    machine.run_for(seconds)
    expected = single_stepped(firmware, machine._engine.counters()["cpu.instructions"])
    assert [one.address for one in last_instructions(tape)] == expected[-COUNT:]


def test_a_handler_begins_with_its_first_instruction(machine: Machine, tape: Tape) -> None:
    """Not with the instruction that the interrupt came in front of."""
    machine.load(FIRMWARE / "hello.elf")
    machine.run_for(0.1)
    found = last_instructions(tape, 60)
    entries = [one for one in found if one.function == "UARTE0_IRQHandler" and one.offset == 0]
    before = [found[found.index(one) - 1] for one in entries if found.index(one)]
    assert entries
    assert all(one.halfwords == (0xBF30,) or one.halfwords == (0xBD10,) for one in before)


def test_the_machine_goes_on_as_if_nothing_had_been_asked(tmp_path: Path) -> None:
    for name, asks in (("asked", True), ("plain", False)):
        with Machine("nrf52840") as board:
            tape = put_on_tape(board)
            board.load(FIRMWARE / "tap.elf")
            board.attach_stream(None, STREAMS / "tap_single.csv")
            board.run_for(1.0)
            if asks:
                last_instructions(tape)
            board.run_for(1.5)
            board.record().save(tmp_path / name)
    for file in ("manifest.json", "record.npz"):
        assert (tmp_path / "asked" / file).read_bytes() == (tmp_path / "plain" / file).read_bytes(), file


def waits_for_each_line(machine: Machine) -> None:
    for _ in range(8):
        machine.run_for(1.0, stop_at_line=True)


def puts_things_in(machine: Machine) -> None:
    machine.run_for(0.51)
    machine.uart().write(b"hello")
    machine.run_for(0.003)
    machine.press("button1")
    machine.write_memory(0x2003_0000, b"x")
    machine.run_for(0.7)
    machine.release("button1")
    machine.run_for(0.000_01)


@pytest.mark.parametrize("act", [waits_for_each_line, puts_things_in])
def test_waits_inputs_and_short_runs_are_replayed(machine: Machine, tape: Tape, act: Callable[[Machine], None]) -> None:
    machine.load(FIRMWARE / "tap.elf")
    machine.attach_stream(None, STREAMS / "tap_single.csv")
    act(machine)
    assert len(last_instructions(tape)) == COUNT


def test_why_there_is_nothing_is_said(machine: Machine, tape: Tape) -> None:
    with pytest.raises(CannotReplay, match="did not run"):
        last_instructions(tape)
    machine.load(FIRMWARE / "hello.elf")
    machine._engine.debug().close()
    machine.run_for(0.1)
    with pytest.raises(CannotReplay, match="a debugger drove the machine"):
        last_instructions(tape)
    machine.load(FIRMWARE / "hello.elf")
    machine.run_for(0.1)
    assert last_instructions(tape)


def test_a_replay_that_went_another_way_is_not_shown(machine: Machine, tape: Tape) -> None:
    machine.load(FIRMWARE / "hello.elf")
    machine.run_for(0.000_02)
    tape.engine.write_memory(machine.symbol("main"), b"\x00\xde")  # behind the tape's back
    machine.run_for(0.000_1)
    with pytest.raises(CannotReplay, match="another way"):
        last_instructions(tape)
