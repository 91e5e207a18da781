"""The cycles of docs/timing.md A1 to A1.5, each in the smallest program that shows it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from snippets import SNIPPETS, Snippet

_core = pytest.importorskip("tinysim._core", reason="the native engine is not built")

CODE, DATA = 0x1000, 0x2000_0100
LONGEST_DIVISION_TICKS = 14  # VSQRT of the snippet before still occupies the FPU; a tick is a cycle here
BREAKPOINT = bytes.fromhex("00be")
TURN_FPU_ON = "0548 4ff47001 0160 bff34f8f bff36f8f b0ee000a 00be 00bf 88ed00e0"


@pytest.fixture(scope="module")
def machine() -> object:
    core = _core.Machine(64_000_000, {"cpu_hz": 64_000_000})
    core.add_memory("flash", 0x1_0000, True, 0xFF, [0])
    core.add_memory("ram", 0x1_0000, False, 0, [0x2000_0000])
    core.poke(0, (0x2000_8000).to_bytes(4, "little") + (0x0801).to_bytes(4, "little"))
    core.poke(0x800, bytes.fromhex(TURN_FPU_ON))
    core.poke(DATA, b"".join((DATA + 4 * i).to_bytes(4, "little") for i in range(64)))
    core.stops_at_breakpoint = True
    core.power_on(0)
    assert core.run(1_000_000) == "breakpoint"
    return core


def cycles_of(core: object, code: bytes) -> int:
    core.advance_ticks(LONGEST_DIVISION_TICKS)  # type: ignore[attr-defined]
    core.poke(CODE, code + BREAKPOINT * 2)  # type: ignore[attr-defined]
    core.registers = [0, DATA, 8, DATA + 64, 100, 7, 10, 0, 0, 0, 0, 0, 0, 0x2000_8000, 0, CODE]  # type: ignore[attr-defined]
    before = core.active_cycles  # type: ignore[attr-defined]
    assert core.run(core.now + 1_000_000) == "breakpoint"  # type: ignore[attr-defined]
    return int(core.active_cycles - before)  # type: ignore[attr-defined]


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda snippet: snippet.name)
def test_a_snippet_takes_the_cycles_of_its_fact(machine: object, snippet: Snippet) -> None:
    assert cycles_of(machine, bytes.fromhex(snippet.code)) == snippet.cycles, f"fact {snippet.fact}"


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda snippet: snippet.name)
def test_the_second_run_of_decoded_code_takes_the_same(machine: object, snippet: Snippet) -> None:
    first = cycles_of(machine, bytes.fromhex(snippet.code))
    assert cycles_of(machine, bytes.fromhex(snippet.code)) == first


@pytest.mark.skipif(
    shutil.which("arm-none-eabi-as") is None, reason="needs arm-none-eabi-as to assemble the snippets again"
)
def test_the_code_is_what_the_assembler_makes(tmp_path: Path) -> None:
    for snippet in SNIPPETS:
        source = tmp_path / "snippet.s"
        header = ".syntax unified\n.thumb\n.cpu cortex-m4\n.fpu fpv4-sp-d16\n"
        source.write_text(header + snippet.text.replace(";", "\n") + "\n")
        subprocess.run(["arm-none-eabi-as", "-o", tmp_path / "snippet.o", source], check=True)
        extract = ["arm-none-eabi-objcopy", "-O", "binary", "-j", ".text"]
        subprocess.run([*extract, tmp_path / "snippet.o", tmp_path / "snippet.bin"], check=True)
        assert (tmp_path / "snippet.bin").read_bytes().hex() == snippet.code, snippet.name
