"""A machine goes on from a snapshot as if it had not stopped, and refuses one that is not its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from tap_runs import FIRMWARE, ROOT, STREAMS

from tinysim.errors import InputError
from tinysim.machine import Machine
from tinysim.record import Record

RAM, RAM_BYTES = 0x2000_0000, 256 * 1024
CPU_HZ = 64_000_000
END_S = 1.5
SINGLE = STREAMS / "tap_single.csv"
HELLO = FIRMWARE / "hello.elf"
BENCH = ROOT / "firmware" / "bench" / "prebuilt"

# Vectors, then: CPACR on, SysTick every 400 cycles, main adds and divides floats for ever; the handler counts to 20
# and only then adds floats itself, so that its frame is saved late (lazily).
FP_LOOP_AT, FP_HANDLER_AT = 0x40, 0x80
FP_CODE = bytes.fromhex(
    "0d48016841f470010160bff34f8fbff36f8f0a4840f28f1141600021816007210160b7ee000af6ee000a30ee200ac0ee801a0132f9e7"
    "00bf88ed00e010e000e01423013bfdd131ee201a0134704700bf"
)


def tap_machine() -> Machine:
    machine = Machine("nrf52840")
    machine.load(FIRMWARE / "tap.elf")
    machine.attach_stream("accelerometer", SINGLE)
    machine.watch_stages({"main": "main", "inference": "nn_invoke"})
    return machine


def run_to(machine: Machine, seconds: float) -> None:
    machine.run_for(max(0.0, seconds - machine.time))


def outcome(machine: Machine) -> dict[str, Any]:
    """All that can be seen of a machine at the end of a run."""
    record = machine.record()
    arrays = {name: (array.dtype.str, array.tobytes()) for name, array in record.arrays.items()}
    core = machine._engine._core  # type: ignore[attr-defined]
    return {
        "manifest": record.manifest,
        "arrays": arrays,
        "registers": machine.registers,
        "fp": core.fp_registers,
        "ram": machine.read_memory(RAM, RAM_BYTES),
        "time": machine.time,
    }


@pytest.fixture(scope="module")
def uninterrupted() -> tuple[dict[str, Any], Record]:
    machine = tap_machine()
    run_to(machine, END_S)
    return outcome(machine), machine.record()


def in_mid_transfer(record: Record) -> int:
    arrays, twi = record.arrays, record.manifest["dma_masters"].index("twi0")
    fifo_reads = (arrays["dma.master"] == twi) & (arrays["dma.bytes"] > 50)
    first = fifo_reads.argmax()
    assert fifo_reads[first]
    return (int(arrays["dma.start"][first]) + int(arrays["dma.end"][first])) // 2


def in_mid_byte(record: Record) -> int:
    cycles = record.arrays["uart.uart0.cycle"]
    return (int(cycles[200]) + int(cycles[201])) // 2


def in_handler(record: Record) -> int:
    spans = record.arrays["exception.exit"] - record.arrays["exception.enter"]
    longest = int(spans.argmax())
    return int(record.arrays["exception.enter"][longest]) + 40


MOMENTS: dict[str, Callable[[Record], int]] = {
    "starting up": lambda record: 5_000,
    "in the middle of a TWIM transfer": in_mid_transfer,
    "in the middle of a UART byte": in_mid_byte,
    "asleep": lambda record: (int(record.arrays["sleep.enter"][3]) + int(record.arrays["sleep.exit"][3])) // 2,
    "at the edge that wakes": lambda record: int(record.arrays["sleep.exit"][4]),
    "in a handler": in_handler,
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_going_on_from_a_snapshot_leaves_the_record_of_an_uninterrupted_run(
    moment: str, uninterrupted: tuple[dict[str, Any], Record]
) -> None:
    expected, record = uninterrupted
    machine = tap_machine()
    run_to(machine, MOMENTS[moment](record) / CPU_HZ)
    snapshot = machine.snapshot()
    for _ in range(2):
        run_to(machine, END_S)
        assert outcome(machine) == expected
        machine.restore(snapshot)
    again = tap_machine()
    again.restore(snapshot)
    run_to(again, END_S)
    assert outcome(again) == expected


def test_snapshots_can_be_restored_in_any_order(uninterrupted: tuple[dict[str, Any], Record]) -> None:
    machine = tap_machine()
    snapshots = []
    for step in range(1, 15):
        run_to(machine, step * 0.0999)
        snapshots.append(machine.snapshot())
    for chosen in (9, 2, 13, 0, 13, 5):
        machine.restore(snapshots[chosen])
        assert bytes(machine.snapshot().state) == bytes(snapshots[chosen].state)
        machine.write_memory(RAM + RAM_BYTES - 16, b"another history")
        run_to(machine, machine.time + 0.15)
    machine.restore(snapshots[7])
    run_to(machine, END_S)
    assert outcome(machine) == uninterrupted[0]


def test_where_a_run_stops_does_not_change_its_cycles(uninterrupted: tuple[dict[str, Any], Record]) -> None:
    machine = tap_machine()
    for step in range(1, 300):
        run_to(machine, step * 0.004_990_017)
    run_to(machine, END_S)
    assert outcome(machine) == uninterrupted[0]


@pytest.mark.parametrize("image", ["convolution", "features", "integer", "interrupts"])
def test_cycles_do_not_depend_on_what_was_decoded(image: str) -> None:
    def after(stops: int) -> dict[str, Any]:
        machine = Machine("nrf52840")
        machine.load(BENCH / f"{image}.elf")
        for stop in range(stops):
            run_to(machine, 0.0123 * (stop + 1) / stops)
            snapshot = machine.snapshot()
            machine.run_for(0.000_02)
            machine.restore(snapshot)
        run_to(machine, 0.0125)
        return outcome(machine)

    assert after(60) == after(0)


def fp_machine(folder: Path) -> Machine:
    vectors = [0x2000_1000, FP_LOOP_AT + 1, *[FP_LOOP_AT + 1] * 13, FP_HANDLER_AT + 1]
    image = b"".join(word.to_bytes(4, "little") for word in vectors)
    (folder / "floats.bin").write_bytes(image + FP_CODE)
    machine = Machine("nrf52840")
    machine.load(folder / "floats.bin", address=0)
    return machine


def test_a_lazy_fp_frame_is_saved_after_a_restore(tmp_path: Path) -> None:
    expected = fp_machine(tmp_path)
    run_to(expected, 6_000 / CPU_HZ)
    assert expected.registers["r4"] > 10
    machine = fp_machine(tmp_path)
    snapshots = []
    for cycle in range(800, 1_700, 7):  # loop, entry, handler before and after its first float
        run_to(machine, cycle / CPU_HZ)
        snapshots.append(machine.snapshot())
    for snapshot in reversed(snapshots):
        machine.restore(snapshot)
        run_to(machine, 6_000 / CPU_HZ)
        assert outcome(machine) == outcome(expected)


def test_the_console_is_read_on_from_the_snapshot(tmp_path: Path) -> None:
    machine = tap_machine()
    first = machine.uart().wait_for("TS boot", timeout=1.0)
    machine.save_snapshot(tmp_path / "booted")
    snapshot = machine.snapshot()
    hit = machine.uart().wait_for("TS win", timeout=2.0)
    machine.restore(snapshot)
    assert machine.uart().wait_for("TS win", timeout=2.0) == hit
    other = tap_machine()
    other.load_snapshot(tmp_path / "booted")
    assert other.uart().wait_for("TS win", timeout=2.0) == hit
    assert first.cycles < hit.cycles


def test_bytes_on_their_way_to_the_firmware_are_in_the_snapshot(tmp_path: Path) -> None:
    def end(machine: Machine) -> dict[str, Any]:
        run_to(machine, 0.02)
        return outcome(machine)

    machine = Machine("nrf52840")
    machine.load(HELLO)
    machine.run_for(0.01)
    machine.uart().write(b"hello")
    machine.run_for(0.0001)  # in the first byte
    machine.save_snapshot(tmp_path / "typing")
    expected = end(machine)
    machine.load_snapshot(tmp_path / "typing")
    assert end(machine) == expected


def test_a_file_goes_on_in_another_process_s_machine(
    tmp_path: Path, uninterrupted: tuple[dict[str, Any], Record]
) -> None:
    machine = tap_machine()
    run_to(machine, 0.7)
    machine.save_snapshot(tmp_path / "tap.snapshot")
    assert [path.name for path in tmp_path.iterdir()] == ["tap.snapshot"]
    other = tap_machine()
    other.load_snapshot(tmp_path / "tap.snapshot")
    assert other.time == 0.7
    run_to(other, END_S)
    assert outcome(other) == uninterrupted[0]


# ---- refusals: one line that names both sides ----


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    machine = tap_machine()
    machine.run_for(0.1)
    machine.save_snapshot(tmp_path / "tap.snapshot")
    return tmp_path / "tap.snapshot"


def change_identity(path: Path, **fields: object) -> None:
    first, header, payload = path.read_bytes().split(b"\n", 2)
    changed = json.loads(header)
    changed["identity"].update(fields)
    path.write_bytes(b"\n".join((first, json.dumps(changed).encode(), payload)))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"format": 99}, "snapshot format 99, this tinysim reads 1"),
        ({"tinysim": "0.0.9"}, "tinysim 0.0.9, this machine has 0.1"),
        ({"platform": "nrf9160dk", "platform_sha256": "ab" * 32}, r"platform nrf9160dk \(abab.*has nrf52840"),
        ({"engine": "renode"}, "engine renode, this machine has native"),
        ({"streams": []}, None),
        ({"streams": [["accelerometer", "other.csv", "cd" * 32]]}, "other.csv cdcd.*tap_single.c"),
        ({"surplus": 1}, "identity is not complete"),
    ],
)
def test_a_snapshot_of_something_else_is_refused(saved: Path, fields: dict[str, object], said: str | None) -> None:
    change_identity(saved, **fields)
    machine = tap_machine()
    if said is None:
        return machine.load_snapshot(saved)
    with pytest.raises(InputError, match=said):
        machine.load_snapshot(saved)
    assert machine.time == 0.0


def test_a_snapshot_of_other_firmware_is_refused(saved: Path) -> None:
    machine = Machine("nrf52840")
    machine.load(HELLO)
    with pytest.raises(InputError, match=r"firmware tap.elf \(\w+\), this machine has hello.elf"):
        machine.load_snapshot(saved)


def test_a_machine_without_the_stream_is_refused(saved: Path) -> None:
    machine = Machine("nrf52840")
    machine.load(FIRMWARE / "tap.elf")
    with pytest.raises(InputError, match="this machine has none"):
        machine.load_snapshot(saved)


@pytest.mark.parametrize("keep", [0, 10, 400, -1])
def test_a_cut_file_is_refused(saved: Path, keep: int) -> None:
    saved.write_bytes(saved.read_bytes()[:keep])
    with pytest.raises(InputError, match=r"no snapshot|damaged"):
        tap_machine().load_snapshot(saved)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        tap_machine().load_snapshot(tmp_path / "nothing")
