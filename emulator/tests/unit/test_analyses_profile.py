"""The views of a profile: each sums to the same total, and says the cause."""

from __future__ import annotations

from collections.abc import Iterator

from profile_builder import SYMBOLS, TOTAL, profiled_record

from tinysim.analyses.annotation import Disassembled, annotate
from tinysim.analyses.call_tree import CallNode, NodeKind
from tinysim.analyses.profile import analyse_profile, is_profiled, line_rows
from tinysim.analyses.symbols import Names, Symbols
from tinysim.analyses.time_line import time_line, time_line_note
from tinysim.record import PROFILE_CAUSES


def nodes(node: CallNode) -> Iterator[CallNode]:
    yield node
    for child in node.children:
        yield from nodes(child)


def test_every_view_sums_to_the_total() -> None:
    record = profiled_record()
    profile = analyse_profile(record, SYMBOLS)
    assert profile.all.total == TOTAL
    assert sum(row.own.total for row in profile.functions) == TOTAL
    assert sum(row.own.total for row in profile.instructions) == TOTAL
    assert sum(row.own.total for row in line_rows(profile, SYMBOLS, Names(record, SYMBOLS))) == TOTAL
    assert sum(node.own.total for node in nodes(profile.tree)) == profile.tree.total == TOTAL
    assert profile.numbers.is_exact


def test_a_run_with_cycles_beside_the_profile_is_not_exact() -> None:
    record = profiled_record()
    record.manifest["counters"]["cpu.elapsed_cycles"] = TOTAL + 1
    assert not analyse_profile(record, SYMBOLS).numbers.is_exact


def test_a_function_has_its_calls_its_causes_and_its_callees() -> None:
    rows = {row.name: row for row in analyse_profile(profiled_record(), SYMBOLS).functions}
    nn, main = rows["nn"], rows["main"]
    assert (nn.calls, nn.own.total, nn.with_callees) == (3, 78, 78)
    assert dict(zip(PROFILE_CAUSES, nn.own.by_cause, strict=True))["flash"] == 25
    assert nn.own.held_by == (("DMA1", 6), ("CPU fetch", 1))
    assert main.with_callees == 10 + 52 + 1000
    assert main.own.awake == 10
    assert rows["RTC1_IRQHandler"].own.by_cause[PROFILE_CAUSES.index("exception")] == 22


def test_functions_come_in_the_order_of_their_own_awake_cycles() -> None:
    names = [row.name for row in analyse_profile(profiled_record(), SYMBOLS).functions]
    assert names == ["nn", "RTC1_IRQHandler", "main", "Reset_Handler"]


def test_an_interrupt_is_a_path_of_its_own() -> None:
    tree = analyse_profile(profiled_record(), SYMBOLS).tree
    assert [(child.name, child.kind) for child in tree.children] == [
        ("Reset_Handler", NodeKind.CALL),
        ("RTC1_IRQHandler [RTC1]", NodeKind.EXCEPTION),
    ]
    main = tree.children[0].children[0]
    assert [child.name for child in main.children] == ["sleep in main", "nn"]


def test_recursion_counts_once_in_the_cycles_with_callees() -> None:
    record = profiled_record()
    record.arrays["profile.node.function"][6] = 0x300
    rows = {row.name: row for row in analyse_profile(record, SYMBOLS).functions}
    assert rows["RTC1_IRQHandler"].with_callees == 26 + 26


def test_lines_hold_what_their_instructions_cost() -> None:
    record = profiled_record()
    rows = line_rows(analyse_profile(record, SYMBOLS), SYMBOLS, Names(record, SYMBOLS))
    found = {(row.file, row.line): (row.count, row.own.total) for row in rows if row.file}
    assert found == {("nn.c", 10): (3, 67), ("nn.c", 11): (3, 11)}


def test_without_symbols_functions_are_where_calls_went() -> None:
    profile = analyse_profile(profiled_record(), Symbols())
    assert not profile.has_symbols
    assert {row.name for row in profile.functions} == {
        "0x00000100",
        "0x00000110",
        "0x00000112",
        "0x00000200",
        "0x00000300",
    }
    assert sum(row.own.total for row in profile.functions) == TOTAL


def test_an_annotated_function_has_source_lines_and_what_never_ran() -> None:
    profile = analyse_profile(profiled_record(), SYMBOLS)
    code = [Disassembled(0x200, "ldr r0, [r1]"), Disassembled(0x206, "nop"), Disassembled(0x208, "bx lr")]
    lines = annotate(profile, code, SYMBOLS.line_of, lambda address: "x = *p;" if address == 0x200 else None)
    assert [line.text for line in lines] == ["nn.c:10  x = *p;", "ldr r0, [r1]", "nop", "nn.c:11", "bx lr"]
    assert [line.instruction.count for line in lines if line.instruction] == [3, 0, 3]


def test_the_time_line_is_closed_and_says_when_it_was_cut() -> None:
    record = profiled_record()
    steps = time_line(record)
    assert [step.node for step in steps[-2:]] == [2, 1]
    assert sum(1 if step.is_enter else -1 for step in steps) == 0
    assert time_line_note(record) is None
    record.manifest["profile"]["dropped_events"] = 12
    assert "12 later events were dropped" in str(time_line_note(record))


def test_a_record_of_a_plain_run_has_no_profile() -> None:
    record = profiled_record()
    assert is_profiled(record)
    del record.manifest["profile"]
    assert not is_profiled(record)
