"""The profile as text, JSON, speedscope and Perfetto."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from profile_builder import SYMBOLS, TOTAL, profiled_record

from tinysim.analyses.annotation import Disassembled, annotate
from tinysim.analyses.call_tree import node_names
from tinysim.analyses.profile import analyse_profile, line_rows
from tinysim.analyses.summary import provenance_of
from tinysim.analyses.symbols import Names, Symbols
from tinysim.analyses.time_line import time_line
from tinysim.reports.profile_json import profile_as_json
from tinysim.reports.profile_text import Views, print_profile
from tinysim.reports.speedscope import speedscope_json

HONESTY = "simulated estimate"


def text_of(views: Views, symbols: Symbols = SYMBOLS) -> str:
    record = profiled_record()
    record.manifest["timing"]["memory"] = ["flash: 2 wait states, instruction cache on"]
    stream = io.StringIO()
    print_profile(analyse_profile(record, symbols), provenance_of(record), views, stream)
    return stream.getvalue()


def test_the_head_says_what_the_numbers_are_worth() -> None:
    text = text_of(Views())
    for part in (HONESTY, "nrf52840dk", "64 MHz", "model m4 1", "not calibrated against silicon", "2 wait states"):
        assert part in text
    assert f"the parts sum to all {TOTAL:,} cycles of the run" in text


def test_functions_are_split_by_cause_and_contention_by_master() -> None:
    text = text_of(Views())
    row = next(line for line in text.splitlines() if line.startswith("nn "))
    assert row.split()[:3] == ["nn", "3", "78"]
    assert "behind DMA1" in text
    assert ["nn", "DMA1", "6"] in [line.split() for line in text.splitlines()]


def test_rows_beyond_the_top_are_summed_up() -> None:
    assert "3 more" in text_of(Views(top=1))


def test_a_pattern_leaves_other_functions_in_one_sum() -> None:
    text = text_of(Views(pattern="n*"))
    assert "RTC1_IRQHandler" not in text
    assert "3 more" in text


def test_the_tree_is_indented_by_calls() -> None:
    text = text_of(Views(flat=False, tree=True, top=0))
    names = [line[:40].rstrip() for line in text.splitlines()]
    assert any(name.startswith("    main") for name in names)
    assert any(name.startswith("      nn") for name in names)
    assert any(name.startswith("  RTC1_IRQHandler [RTC1]") for name in names)


def test_an_annotated_function_shows_the_cost_of_each_instruction() -> None:
    code = [Disassembled(0x200, "ldr r0, [r1]")]
    profile = analyse_profile(profiled_record(), SYMBOLS)
    lines = annotate(profile, code, SYMBOLS.line_of, lambda address: "x = *p;")
    text = text_of(Views(flat=False, annotated=(("nn", lines),)))
    assert "nn.c:10  x = *p;" in text
    row = next(line for line in text.splitlines() if line.startswith("00000200"))
    assert row.split()[1:4] == ["3", "67", "22.33"]


def test_without_symbols_one_note_says_so() -> None:
    assert text_of(Views(), Symbols()).count("no symbols") == 1


def test_json_holds_every_view_that_was_asked_for() -> None:
    record = profiled_record()
    profile = analyse_profile(record, SYMBOLS)
    lines = line_rows(profile, SYMBOLS, Names(record, SYMBOLS))
    data = json.loads(profile_as_json(profile, provenance_of(record), Views(tree=True, lines=lines)))
    assert data["provenance"]["nature"] == HONESTY
    assert data["numbers"]["is_exact"]
    assert data["cycles"]["total"] == sum(row["own"]["total"] for row in data["functions"]) == TOTAL
    assert data["functions"][0]["own"]["contention_behind"] == {"DMA1": 6, "CPU fetch": 1}
    assert data["tree"]["total"] == sum(row["own"]["total"] for row in data["lines"]) == TOTAL


# ---- speedscope: the rules of its file-format-spec.ts, written out ----

UNITS = {"none", "nanoseconds", "microseconds", "milliseconds", "seconds", "bytes"}


def check_speedscope(data: dict[str, Any]) -> None:
    assert data["$schema"] == "https://www.speedscope.app/file-format-schema.json"
    assert set(data) <= {"$schema", "shared", "profiles", "name", "activeProfileIndex", "exporter"}
    frames = data["shared"]["frames"]
    assert all(isinstance(frame["name"], str) for frame in frames)
    assert 0 <= data["activeProfileIndex"] < len(data["profiles"])
    for profile in data["profiles"]:
        assert {"type", "name", "unit", "startValue", "endValue"} < set(profile)
        assert profile["unit"] in UNITS
        if profile["type"] == "sampled":
            assert len(profile["samples"]) == len(profile["weights"])
            assert all(0 <= frame < len(frames) for stack in profile["samples"] for frame in stack)
        else:
            assert profile["type"] == "evented"
            check_events(profile, len(frames))


def check_events(profile: dict[str, Any], frames: int) -> None:
    stack: list[int] = []
    last = profile["startValue"]
    for event in profile["events"]:
        assert set(event) == {"type", "frame", "at"}
        assert last <= event["at"] <= profile["endValue"]
        assert 0 <= event["frame"] < frames
        last = event["at"]
        if event["type"] == "O":
            stack.append(event["frame"])
        else:
            assert stack.pop() == event["frame"]
    assert not stack


def test_speedscope_holds_all_cycles_and_a_nested_time_line() -> None:
    record = profiled_record()
    tree = analyse_profile(record, SYMBOLS).tree
    data = json.loads(speedscope_json(tree, time_line(record), None, provenance_of(record)))
    check_speedscope(data)
    assert sum(data["profiles"][0]["weights"]) == TOTAL
    assert HONESTY in data["name"]
    names = [frame["name"] for frame in data["shared"]["frames"]]
    assert "(flash wait states, cache misses)" in names
    cut = json.loads(speedscope_json(tree, time_line(record), "cut", provenance_of(record)))
    assert cut["profiles"][1]["name"].endswith("(cut)")


def test_perfetto_has_a_nested_track_of_calls() -> None:
    trace_module = pytest.importorskip(
        "perfetto.protos.perfetto.trace.perfetto_trace_pb2", reason="perfetto is not installed"
    )
    from tinysim.reports.perfetto import CALLS, write_perfetto

    record = profiled_record()
    names = node_names(record, Names(record, SYMBOLS))
    file = io.BytesIO()
    write_perfetto(record, time_line(record), names, None, provenance_of(record), file)
    trace = trace_module.Trace()
    trace.ParseFromString(file.getvalue())
    tracks = {
        packet.track_descriptor.uuid: packet.track_descriptor.name
        for packet in trace.packet
        if packet.HasField("track_descriptor")
    }
    assert tracks[CALLS] == "calls"
    depth, last, opened = 0, 0, []
    for packet in trace.packet:
        if packet.HasField("track_event") and packet.track_event.track_uuid == CALLS:
            assert packet.timestamp >= last
            last = packet.timestamp
            is_begin = packet.track_event.type == trace_module.TrackEvent.TYPE_SLICE_BEGIN
            depth += 1 if is_begin else -1
            opened += [packet.track_event.name] if is_begin else []
            assert depth >= 0
    assert depth == 0
    assert opened[:3] == ["Reset_Handler", "main", "nn"]
