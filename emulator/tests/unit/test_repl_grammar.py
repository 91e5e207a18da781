"""The grammar of `.repl` files: each rule with what it accepts and what it refuses."""

from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinysim.errors import InputError
from tinysim.repl.grammar import parse
from tinysim.repl.syntax import (
    Description,
    EnumValue,
    MonitorLines,
    ObjectValue,
    Range,
    Reference,
    Setting,
    Special,
    Wiring,
)


def entry_of(text: str) -> Any:
    (entry,) = parse(text, "x.repl").entries
    return entry


def value_of(text: str) -> Any:
    (setting,) = entry_of(f"a: T\n    v: {text}").attributes
    assert isinstance(setting, Setting)
    return setting.value


def wiring_of(text: str) -> Wiring:
    (wiring,) = entry_of(f"a: T\n    {text}").attributes
    assert isinstance(wiring, Wiring)
    return wiring


def refusal_of(text: str) -> InputError:
    with pytest.raises(InputError) as caught:
        parse(text, "x.repl")
    assert caught.value.file == "x.repl" and caught.value.place and caught.value.remedy
    return caught.value


def test_an_empty_file_has_no_entries() -> None:
    assert parse("\n// nothing\n", "x.repl") == Description("x.repl", (), ())


def test_usings_stand_at_the_top() -> None:
    description = parse('using "a.repl"\nusing "./b.repl"\na: T', "x.repl")
    assert [using.path for using in description.usings] == ["a.repl", "./b.repl"]
    assert "before the first entry" in str(refusal_of('a: T\nusing "a.repl"'))
    refusal_of('using "a.repl" prefixed "b"')


def test_the_parts_of_an_entry_come_in_their_order() -> None:
    entry = entry_of('local a: A.B @ sysbus 0x10 as "name"\n    x: 1')
    assert (entry.name, entry.local, entry.type, entry.alias) == ("a", True, "A.B", "name")
    assert (entry.registrations[0].parent, entry.registrations[0].point) == ("sysbus", 16)
    assert (entry.place.line, entry.place.column) == (1, 7)
    refusal_of('a: A as "name" @ sysbus')


def test_an_entry_needs_no_type_and_an_identifier_no_ascii() -> None:
    entry = entry_of("größe_1:\n    x: 1")
    assert (entry.name, entry.type, entry.registrations) == ("größe_1", None, None)
    refusal_of("_a: T")
    refusal_of("using: T")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@ none", []),
        ("@ sysbus", [("sysbus", None)]),
        ("@ gpio0 13", [("gpio0", 13)]),
        ("@ sysbus <0x100, +0x10>", [("sysbus", Range(0x100, 0x110))]),
        ('@ x "text"', [("x", "text")]),
        ("@ rcc Alias.ADC3", [("rcc", EnumValue("Alias.ADC3"))]),
        ("@ { sysbus 0x800000; sysbus 0x20000000 }", [("sysbus", 0x800000), ("sysbus", 0x20000000)]),
        ("@ { spi2; twi0 0x30; }", [("spi2", None), ("twi0", 0x30)]),
    ],
)
def test_registrations_are_read_with_their_points(text: str, expected: list[tuple[str, Any]]) -> None:
    assert [(r.parent, r.point) for r in entry_of(f"a: T {text}").registrations] == expected


def test_a_registration_point_may_be_an_object_of_several_lines() -> None:
    text = "a: T @ sysbus new Bus.BusPointRegistration {\n        address: 0x10;\n        cpu: cpu0\n    }\n    x: 1"
    entry = entry_of(text)
    point = entry.registrations[0].point
    assert isinstance(point, ObjectValue) and point.type == "Bus.BusPointRegistration"
    assert point.attributes["address"] == 16 and point.attributes["cpu"] == Reference("cpu0", entry.place)
    assert len(entry.attributes) == 1


@pytest.mark.parametrize("text", ["@", "@ 5", "@ {}", "@ { none }", "@ sysbus 1 2", "@ sysbus { a: 1 } { b: 1 }"])
def test_bad_registrations_are_refused(text: str) -> None:
    assert refusal_of(f"a: T {text}").problem.startswith("E00")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"a \\" b \\\\ c"', 'a " b \\ c'),
        ("'''a\n b \\''' c'''", "a\n b ''' c"),
        ("42", 42),
        ("-42", -42),
        ("1_000_000", 1_000_000),
        ("0x4000_0000", 0x40000000),
        ("-0x10", -16),
        ("007", 7),
        ("2.5", 2.5),
        ("-0.25", -0.25),
        ("true", True),
        ("False", False),
        ("A.B.C", EnumValue("A.B.C")),
        (".Member", EnumValue(".Member")),
        ("<0x10, 0x20>", Range(0x10, 0x20)),
        ("<16, +4>", Range(16, 20)),
        ("[]", ()),
        ("[1, [2, 3,], empty, ]", (1, (2, 3), Special.EMPTY)),
        ('{ 1: 2; "a": [3]; A.B: true; }', {1: 2, "a": (3,), EnumValue("A.B"): True}),
        ("none", Special.NONE),
        ("empty", Special.EMPTY),
    ],
)
def test_values_are_read_in_each_of_their_forms(text: str, expected: Any) -> None:
    assert value_of(text) == expected


def test_a_reference_knows_its_place() -> None:
    value = value_of("other")
    assert value.name == "other" and (value.place.line, value.place.column) == (2, 8)


def test_a_dictionary_may_be_written_by_indentation() -> None:
    assert entry_of("a: T\n    v:\n        1: 2\n        3: 4").attributes[0].value == {1: 2, 3: 4}


@pytest.mark.parametrize(
    "text", ["", "0x", "<1>", "<5, 4>", "<1.5, 2>", "[1 2]", "new", "{ [1]: 2 }", "1.", "A.", "'a'", "9" * 40, "[" * 99]
)
def test_bad_values_are_refused(text: str) -> None:
    assert refusal_of(f"a: T\n    v: {text}").problem.startswith("E00")


@pytest.mark.parametrize(
    ("text", "sources", "destinations"),
    [
        ("-> nvic@2", (None,), [("nvic", None, (2,))]),
        ("IRQ->nvic@35", ("IRQ",), [("nvic", None, (35,))]),
        ("0x3 -> nvic@0x3", (3,), [("nvic", None, (3,))]),
        ("13 -> led@0 | exti@13", (13,), [("led", None, (0,)), ("exti", None, (13,))]),
        ("-> port#08@01", (None,), [("port", 8, (1,))]),
        ("0-2 -> nvic@5-3", (0, 1, 2), [("nvic", None, (5, 4, 3))]),
        ("[16, 17, A] -> nvic@[1, 41, 3]", (16, 17, "A"), [("nvic", None, (1, 41, 3))]),
        (
            "[0-3] -> nvic@[11-13,47] | x#1@[0-3]",
            (0, 1, 2, 3),
            [("nvic", None, (11, 12, 13, 47)), ("x", 1, (0, 1, 2, 3))],
        ),
        ("-> none", (None,), []),
        ("5 -> none", (5,), []),
    ],
)  # fmt: skip
def test_interrupt_lines_are_read_with_sources_and_destinations(
    text: str, sources: tuple[Any, ...], destinations: list[Any]
) -> None:
    wiring = wiring_of(text)
    assert wiring.sources == sources
    assert [(d.target, d.local, d.inputs) for d in wiring.destinations] == destinations


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[0-3] -> nvic@[1-3]", "E08"),
        ("0-3 -> nvic@1", "E08"),
        ("[1, 2] -> nvic@1-2", "E00"),
        ("1 -> nvic@[1]", "E00"),
        ("-> nvic", "E00"),
        ("-> nvic@IRQ", "E00"),
        ("5-5 -> nvic@1", "E00"),
        ("0-99999999 -> nvic@0-99999999", "E00"),
        ("-> a#x@1", "E00"),
        ("1.5 -> a@1", "E00"),
    ],
)
def test_bad_interrupt_lines_are_refused(text: str, code: str) -> None:
    assert refusal_of(f"a: T\n    {text}").problem.startswith(code)


def test_monitor_lines_are_kept_as_they_are() -> None:
    text = (
        'sysbus:\n    init add:\n        Tag <0x1, 0x2> "A;{B" 1 // comment\n'
        "        ApplySVD @https://x/y\n    reset: { a 1; b }"
    )
    first, second = entry_of(text).attributes
    assert isinstance(first, MonitorLines)
    assert (first.phase, first.add, [line for line, _ in first.lines]) == (
        "init",
        True,
        ['Tag <0x1, 0x2> "A;{B" 1', "ApplySVD @https://x/y"],
    )
    assert (first.lines[1][1].line, first.lines[1][1].column) == (4, 9)
    assert (second.phase, second.add, [line for line, _ in second.lines]) == ("reset", False, ["a 1", "b"])
    assert entry_of("a:\n    preinit:\n        x").attributes[0].phase == "preinit"


@pytest.mark.parametrize(
    "text", ["init: x", "init more:\n        x", "init:\n        x {\n        }", "init:\n        x\n            y"]
)
def test_bad_monitor_sections_are_refused(text: str) -> None:
    assert refusal_of(f"a:\n    {text}").problem.startswith("E00")


def test_a_syntax_error_says_what_was_expected() -> None:
    error = refusal_of("a: T @ sysbus 0x10 0x20")
    assert error.place == "1:20" and "'0x20'" in error.problem
    assert error.remedy == "expected a new line (or ;), an indented block (or {), as or the end of the file"
    assert refusal_of("a: T\n    b: 1\n    c").place == "3:6"


def test_objects_take_only_settings_and_each_once() -> None:
    assert refusal_of("a: T\n    v: new X { -> b@1 }").problem.startswith("E00")
    assert refusal_of("a: T\n    v: new X { b: 1; b: 2 }").problem.startswith("E09")


PIECES = st.sampled_from(
    ["using", "new", "local", "init", "reset", "add", "none", "empty", "true", "sysbus", "cpu", "@", ":", ";", "->",
     "|", "{", "}", "[", "]", "<", ">", ",", "+", "-", ".", "#", "0x10", "5", "1.5", '"s"', "'''", '"', "/*", "*/",
     "//", "\\", "\n", "\n    ", "\n        ", " ", "a", "T.U", "Memory.MappedMemory", "CPU.CortexM", "size: 4",
     "-> cpu@0"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join) | st.text(string.printable, max_size=80) | st.text(max_size=40))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    try:
        assert isinstance(parse(text, "x.repl"), Description)
    except InputError as error:
        assert error.place and error.remedy


def test_the_committed_tables_are_those_of_the_grammar() -> None:
    pytest.importorskip("lark", reason="lark makes the tables")
    from pathlib import Path

    from tinysim.repl import make_tables, tables

    assert Path(tables.__file__).read_text(encoding="utf-8") == make_tables.make_tables()
