"""Registers written in Python: the guest reads and writes them, mistakes are bus errors and findings, state is kept."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from threading import Thread

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from tinysim.errors import InputError
from tinysim.machine import Machine

BOARD = (
    'nvic: IRQControllers.NVIC @ sysbus 0xE000E000 { -> cpu@0 }\n'
    'cpu: CPU.CortexM @ sysbus { cpuType: "cortex-m4"; nvic: nvic }\n'
    "flash: Memory.MappedMemory @ sysbus 0x0 { size: 0x10000 }\n"
    "ram: Memory.MappedMemory @ sysbus 0x20000000 { size: 0x1000 }\n"
)  # fmt: skip
RAM, REGISTERS = 0x2000_0000, 0x4001_0000
READ, WRITE, READ_BYTE, END = range(4)
# r4 = the rows (what, address, value) at 0x40, r5 = RAM; each row is done, what is read is stored; then b .
GUEST = bytes.fromhex("084c094d07cc012803d004d80a6804c5f8e70a60f6e7022802d10a7804c5f1e7fee700bf4000000000000020")
ROWS_AT = 0x40
MODELS = Path(__file__).parents[3].parent / "shared" / "renode" / "models"

COUNTER = """
if request.IsInit:
    reads, last = 0, 0
elif request.IsRead:
    reads += 1
    request.Value = last if request.Offset == 4 else reads
elif request.IsWrite:
    last = request.Value
"""


def board(
    folder: Path, script: str, initable: bool = True, attribute: str = "script", address: int = REGISTERS
) -> Path:
    path = folder / "board.repl"
    text = f"'''{script}'''" if attribute == "script" else f'"{script}"'
    path.write_text(
        f"{BOARD}p: Python.PythonPeripheral @ sysbus 0x{REGISTERS:X}\n    size: 0x100\n"
        f"    initable: {str(initable).lower()}\n    {attribute}: {text}\n",
        encoding="utf-8",
    )
    return path


def load(machine: Machine, folder: Path, rows: Sequence[tuple[int, int, int]]) -> None:
    table = b"".join(struct.pack("<III", what, REGISTERS + offset, value) for what, offset, value in rows)
    code = (struct.pack("<II", RAM + 0x1000, 9) + GUEST).ljust(ROWS_AT, b"\0")
    image = folder / "guest.bin"
    image.write_bytes(code + table + struct.pack("<III", END, 0, 0))
    machine.load(image, address=0)


def words(machine: Machine, count: int) -> tuple[int, ...]:
    return struct.unpack(f"<{count}I", machine.read_memory(RAM, 4 * count))


def answers(path: Path, rows: Sequence[tuple[int, int, int]]) -> tuple[int, ...]:
    with Machine(path, strict=True) as machine:
        load(machine, path.parent, rows)
        assert machine.run_for(0.001) != "fault"
        return words(machine, sum(what != WRITE for what, *_ in rows))


def complaints(machine: Machine) -> list[str]:
    return [warning["text"] for warning in machine.record().manifest["warnings"] if "script of" in warning["text"]]


TWO_READS_AND_A_WRITE = ((READ, 0, 0), (READ, 0, 0), (WRITE, 4, 5), (READ, 4, 0), (READ, 0, 0))


def test_variables_stay_between_accesses(tmp_path: Path) -> None:
    assert answers(board(tmp_path, COUNTER), TWO_READS_AND_A_WRITE) == (1, 2, 5, 4)


def test_a_file_does_what_a_text_does(tmp_path: Path) -> None:
    (tmp_path / "counter.py").write_text(COUNTER, encoding="utf-8")
    path = board(tmp_path, "counter.py", attribute="filename")
    assert answers(path, TWO_READS_AND_A_WRITE) == (1, 2, 5, 4)


@pytest.mark.skipif(not MODELS.is_dir(), reason="the models that real Renodes ran are not here")
@pytest.mark.parametrize("name", ["pycount.py", "pycount-1.16.1.py"])
def test_models_that_renode_ran_answer_the_same_here(tmp_path: Path, name: str) -> None:
    (tmp_path / "model.py").write_bytes((MODELS / name).read_bytes())
    path = board(tmp_path, "model.py", attribute="filename")
    assert answers(path, TWO_READS_AND_A_WRITE) == (1, 2, 5, 4)  # as in ../shared/renode/xmlrpc-*.jsonl


def test_a_read_begins_at_zero_and_a_byte_is_a_byte(tmp_path: Path) -> None:
    text = "if request.IsRead and request.Offset: request.value = 0x12345600 + request.Length"
    rows = ((READ, 0, 0), (READ, 4, 0), (READ_BYTE, 7, 0), (READ_BYTE, 0, 0))
    assert answers(board(tmp_path, text, initable=False), rows) == (0, 0x12345604, 1, 0)


def test_self_keeps_attributes_and_size_is_known(tmp_path: Path) -> None:
    text = "if request.IsInit: self.ready = size\nelif request.IsRead: request.Value = self.ready"
    assert answers(board(tmp_path, text), ((READ, 0, 0),)) == (0x100,)


FAULTY = (
    ("x = 1\nrequest.Value = missing", "NameError: name 'missing' is not defined", 2),
    ("request.Value = -1", "OverflowError", 1),
    ("request.Value = 'a'", "TypeError: request.Value takes a whole number", 1),
    ("request.Vlaue = 1", "AttributeError", 1),
    ("import sys\nsys.exit(0)", "SystemExit", 2),
    ("while True:\n    pass", "does not end: 100000 rounds", 2),
    ("while True:\n    try:\n        while True: pass\n    except: pass", "does not end", 0),
    ("def f(): return f()\nf()", "RecursionError", 1),
    ("x = [0 for _ in iter(int, 1)]", "does not end", 1),
)


@pytest.mark.parametrize(("text", "what", "line"), FAULTY, ids=[row[0] for row in FAULTY])
def test_a_scripts_mistake_is_a_bus_error_and_a_finding(tmp_path: Path, text: str, what: str, line: int) -> None:
    (tmp_path / "wrong.py").write_text(text, encoding="utf-8")
    with Machine(board(tmp_path, "wrong.py", False, "filename")) as machine:
        load(machine, tmp_path, [(READ, 0x10, 0)])
        machine.run_for(0.001)
        fault = machine.engine.fault()
        (complaint,) = complaints(machine)
    assert fault is not None and fault.address == REGISTERS + 0x10
    assert what in complaint and complaint.endswith("the access is a bus error")
    assert f"wrong.py:{line or ''}" in complaint


def test_warnings_of_a_script_are_findings_once(tmp_path: Path) -> None:
    text = 'self.WarningLog("read at 0x{0:X}", request.Offset)\nself.InfoLog("not a warning")\nprint("nor this")'
    with Machine(board(tmp_path, text, initable=False)) as machine:
        load(machine, tmp_path, [(READ, 8, 0), (READ, 8, 0), (READ, 12, 0)])
        machine.run_for(0.001)
        assert complaints(machine) == ["script of p: read at 0x8", "script of p: read at 0xC"]


def test_a_snapshot_keeps_the_variables(tmp_path: Path) -> None:
    text = (
        "import math\ndef scaled(n): return n * int(math.sqrt(4))\n"
        "if request.IsInit:\n    seen, table, self.sum = [], {'n': 0, 'set': {1}}, bytearray(1)\n    same = seen\n"
        "else:\n    seen.append(request.Offset)\n    table['n'] += 1\n    self.sum[0] += 1\n"
        "    request.Value = scaled(len(same)) * 10000 + table['n'] * 100 + self.sum[0]"
    )
    path = board(tmp_path, text)
    rows = [(READ, 0, 0)] * 4
    whole = (20101, 40202, 60303, 80404)
    assert answers(path, rows) == whole
    with Machine(path) as machine:
        load(machine, tmp_path, rows)
        while words(machine, 2)[1] == 0:
            machine.run_for(1e-7)
        snapshot = machine.snapshot()
        machine.save_snapshot(tmp_path / "half.snapshot")
        machine.run_for(0.001)
        assert words(machine, 4) == whole
        machine.restore(snapshot)
        assert words(machine, 4)[3] == 0
        machine.run_for(0.001)
        assert words(machine, 4) == whole
    with Machine(path) as machine:
        load(machine, tmp_path, rows)
        machine.load_snapshot(tmp_path / "half.snapshot")
        machine.run_for(0.001)
        assert words(machine, 4) == whole


def test_a_snapshot_of_what_is_no_plain_data_is_refused(tmp_path: Path) -> None:
    text = "if request.IsInit:\n    def late(): return 1\n    made = late\nrequest.Value = 3"
    with Machine(board(tmp_path, text)) as machine:
        load(machine, tmp_path, [(READ, 0, 0)])
        machine.run_for(0.001)
        with pytest.raises(InputError, match=r"cannot keep (late|made) of p, which is a function"):
            machine.snapshot()
        assert words(machine, 1) == (3,)


def test_a_damaged_state_runs_nothing_and_changes_nothing(tmp_path: Path) -> None:
    from tinysim.engines.native_scripts import ScriptedRegisters
    from tinysim.platform.scripts import Script

    registers = ScriptedRegisters("p", Script("board.repl", 1, COUNTER), 0x100, initable=True)
    registers.access("READ", 0, 0, 4)
    for state in (b"", b"cos\nsystem\n(S'exit 1'\ntR.", registers.save()[:-9]):
        assert not registers.restore(state)
    assert registers.access("READ", 0, 0, 4) == (2, [])


def test_a_reset_of_the_chip_initialises_again(tmp_path: Path) -> None:
    with Machine(board(tmp_path, COUNTER)) as machine:
        load(machine, tmp_path, [(READ, 0, 0), (READ, 0, 0)])
        machine.run_for(0.001)
        assert words(machine, 2) == (1, 2)
        machine.engine.reset_system()
        machine.run_for(0.001)
        assert words(machine, 2) == (1, 2)


def test_what_renode_alone_runs_is_refused_before_the_run(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"board\.repl:5, line 1 of the script: E38 the print statement is Python 2"):
        Machine(board(tmp_path, "print 5"))


def test_a_file_that_is_not_there_is_a_gap_and_an_error_with_strict(tmp_path: Path) -> None:
    path = board(tmp_path, "scripts/pydev/flipflop.py", attribute="filename")
    with Machine(path) as machine:
        assert machine.platform.left_out() == [
            ("p", "the script file scripts/pydev/flipflop.py is not found; accesses are reported as gaps")
        ]
    with pytest.raises(InputError, match=r"E04 p: the script file scripts/pydev/flipflop\.py is not found"):
        Machine(path, strict=True)


def test_ctrl_c_inside_a_script_ends_the_run(tmp_path: Path) -> None:
    with Machine(board(tmp_path, "raise KeyboardInterrupt", initable=False)) as machine:
        load(machine, tmp_path, [(READ, 0, 0)])
        with pytest.raises(KeyboardInterrupt):
            machine.run_for(0.001)
        assert complaints(machine) == []


def test_a_script_runs_in_a_thread_of_the_host(tmp_path: Path) -> None:
    with Machine(board(tmp_path, COUNTER)) as machine:
        load(machine, tmp_path, TWO_READS_AND_A_WRITE)
        thread = Thread(target=machine.run_for, args=(0.001,))
        thread.start()
        thread.join()
        assert words(machine, 4) == (1, 2, 5, 4)
