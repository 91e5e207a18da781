"""`tinysim cycles` on traces that Renode 1.14.0 and 1.16.1 really wrote (../shared/renode/trace)."""

from __future__ import annotations

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from trace_files import RENODE, RENODE_ELF, count

from tinysim.trace.count import CycleCount

pytestmark = pytest.mark.skipif(not RENODE_ELF.is_file(), reason="the recordings of Renode are not beside the checkout")

INSTRUCTIONS = {"1.14.0": 1057, "1.16.1": 271}
VERSION = {"1.14.0": 2, "1.16.1": 4}
RENODES = sorted(INSTRUCTIONS)


def counted(renode: str, name: str) -> CycleCount:
    return count(RENODE / renode / name, RENODE_ELF)


@pytest.mark.parametrize("renode", RENODES)
@pytest.mark.parametrize("name", ["bin-pc.bin", "bin-pcopcode.bin", "bin-pc-mem.bin", "bin-pcopcode-mem.bin"])
def test_every_instruction_of_a_recording_is_counted(renode: str, name: str) -> None:
    found = counted(renode, name)
    assert found.problem is None
    assert found.version == VERSION[renode]
    assert found.counts["instructions"] == INSTRUCTIONS[renode]
    assert found.total == sum(one.total for one in found.functions)


@pytest.mark.parametrize("renode", RENODES)
def test_the_handler_is_entered_and_left_once(renode: str) -> None:
    found = counted(renode, "bin-pcopcode-mem.bin")
    assert (found.counts["exceptions"], found.counts["returns"], found.counts["jumps"]) == (1, 1, 0)
    handler = next(one for one in found.functions if one.name == "SysTick_Handler")
    assert (handler.calls, handler.instructions) == (1, 8)
    assert handler.cycles["exception"] > 0


@pytest.mark.parametrize("renode", RENODES)
def test_opcodes_from_the_trace_and_from_the_elf_give_the_same_count(renode: str) -> None:
    assert counted(renode, "bin-pc-mem.bin").cycles == counted(renode, "bin-pcopcode-mem.bin").cycles


@pytest.mark.parametrize("renode", RENODES)
def test_a_packed_trace_gives_the_same_count(renode: str) -> None:
    packed, plain = counted(renode, "bin-pcopcode-mem.bin.gz"), counted(renode, "bin-pcopcode-mem.bin")
    assert (packed.cycles, packed.functions) == (plain.cycles, plain.functions)


def test_accesses_by_block_and_by_instruction_are_the_same_for_the_same_code() -> None:
    """Up to the SysTick, which the two Renodes took at different times."""
    old, new = (
        {one.name: one for one in counted(renode, "bin-pcopcode-mem.bin").functions} for renode in ("1.14.0", "1.16.1")
    )
    for name in ("asm_work", "asm_fpu", "leaf", "put"):
        assert old[name].instructions == new[name].instructions
        assert old[name].cycles["load_store"] == pytest.approx(new[name].cycles["load_store"], abs=3)


def test_stores_that_a_condition_skipped_are_told_by_their_missing_access() -> None:
    assert counted("1.16.1", "bin-pcopcode-mem.bin").counts["skipped"] > 0
    assert counted("1.14.0", "bin-pcopcode-mem.bin").counts["unclaimed_accesses"] == 0


def test_the_count_says_what_the_trace_does_not_have() -> None:
    notes = " ".join(counted("1.14.0", "bin-pc.bin").notes)
    assert "no memory accesses" in notes
    assert "time asleep is not in a trace" in notes
    assert "recognised by jumps" in notes
