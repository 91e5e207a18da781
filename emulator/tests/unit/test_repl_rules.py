"""The rules of `.repl` one by one, each with what it takes and what it refuses; values and forms: test_repl_grammar.py."""

# ruff: noqa: E501 - a rule is a line of its table
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tinysim.errors import InputError
from tinysim.repl.check import check
from tinysim.repl.grammar import parse
from tinysim.repl.merge import Variable, merge
from tinysim.repl.tokens import KEYWORDS
from tinysim.repl.usings import load_files


def merged(*texts: str) -> dict[str, Variable]:
    variables = merge([parse(text, f"{number}.repl") for number, text in enumerate(texts)])
    check(variables)
    return {variable.name: variable for variable in variables}


def refused(*texts: str) -> tuple[str, str]:
    """The code and the place of the refusal."""
    with pytest.raises(InputError) as caught:
        merged(*texts)
    assert caught.value.remedy and caught.value.file
    return caught.value.problem[:3], f"{caught.value.file}:{caught.value.place}"


def value(text: str) -> Any:
    return merged(f"a: T\n    v: {text}")["a"].settings["v"].value


# rule, good text, bad text, code and place of the refusal
RULES: dict[str, tuple[str, str, str, str]] = {
    "the first line is not indented": ("a: T", "  a: T", "E32", "0.repl:1:3"),
    "an indent is four spaces": ("a: T\n    x: 1", "a: T\n  x: 1", "E32", "0.repl:2:3"),
    "an indent has no tabs": ("a: T\n    x: 1", "a: T\n\tx: 1", "E32", "0.repl:2:1"),
    "indents do not count in braces": ("a: T {\n  x: 1 }", "a: T {\n  x: 1\n  y: 2 }", "E00", "0.repl:3:3"),
    "a line comment follows a space": ("a: T // c", "a: T// c", "E00", "0.repl:1:5"),
    "a block comment ends at a line's end": ("a: T /* c\nc */\nb: T", "a: T /* c\nc */ b: T", "E00", "0.repl:1:6"),
    "a string ends on its line": ('a: T\n    x: "s"', 'a: T\n    x: "s', "E00", "0.repl:2:8"),
    "a long string is closed": ("a: T\n    x: '''s\n'''", "a: T\n    x: '''s\n", "E00", "0.repl:2:8"),
    "carriage returns do not matter": ("a: T\r\n    x: 1\r\n", "a: T\r\n  x: 1", "E32", "0.repl:2:3"),
    "usings come first": ("a: T", 'a: T\nusing "b"', "E00", "0.repl:2:1"),
    "a using names a file in quotes": ("a: T", "using b", "E00", "0.repl:1:7"),
    "a name begins with a letter": ("a_1: T", "1a: T", "E00", "0.repl:1:1"),
    "a type is dotted names": ("a: N.M.T", "a: N..T", "E00", "0.repl:1:6"),
    "a type is given once": ("a: T\na:\n    x: 1", "a: T\na: T", "E02", "0.repl:2:1"),
    "a declaration comes before its changes": ("a: T\na:\n    x: 1", "a:\n    x: 1\na: T", "E01", "0.repl:3:1"),
    "a changed variable is declared": ("a: T\na:\n    x: 1", "b: T\na:\n    x: 1", "E01", "0.repl:2:1"),
    "an entry says something": ("a: T", "a: T\na:", "E03", "0.repl:2:1"),
    "machine and sysbus are built in": ("sysbus:\n    init:\n        x", "sysbus: T", "E02", "0.repl:1:1"),
    "local goes in front": ("local a: T", "a: local T", "E00", "0.repl:1:4"),
    "a registration names its parent": ("b: T\na: T @ b 1", "a: T @ 1", "E00", "0.repl:1:8"),
    "its parent exists": ("b: T\na: T @ b 1", "a: T @ b 1", "E20", "0.repl:1:8"),
    "a point is one value": ("b: T\na: T @ b 1", "b: T\na: T @ b 1 2", "E00", "0.repl:2:12"),
    "a point is no dictionary": ("b: T\na: T @ b 1", "b: T\na: T @ { b { 1: 2 } }", "E00", "0.repl:2:12"),
    "a list of registrations has semicolons": ("b: T\na: T @ { b 1; b 2 }", "b: T\na: T @ { b 1, b 2 }", "E00", "0.repl:2:13"),
    "none stands alone": ("a: T @ none", "b: T\na: T @ { none; b }", "E00", "0.repl:2:10"),
    "registrations are no circle": ("a: T\nb: T @ a", "a: T @ b\nb: T @ a", "E45", "0.repl:1:1"),
    "an alias needs a registration": ('a: T @ sysbus as "x"', 'a: T as "x"', "E33", "0.repl:1:1"),
    "an alias is no alias of none": ('a: T @ sysbus as "x"', 'a: T @ none as "x"', "E34", "0.repl:1:1"),
    "an alias is a string": ('a: T @ sysbus as "x"', "a: T @ sysbus as x", "E00", "0.repl:1:18"),
    "an attribute is given once": ("a: T\n    x: 1", "a: T\n    x: 1\n    x: 2", "E09", "0.repl:3:5"),
    "a reference leads somewhere": ("b: T\na: T\n    x: b", "a: T\n    x: b", "E20", "0.repl:2:8"),
    "constructors are no circle": ("a: T\n    X: b\nb: T\n    x: a", "a: T\n    x: b\nb: T\n    x: a", "E24", "0.repl:1:1"),
    "an object has settings alone": ("a: T\n    x: new U { y: 1 }", "a: T\n    x: new U { init: { y } }", "E00", "0.repl:2:16"),
    "an object's setting is given once": ("a: T\n    x: new U { y: 1 }", "a: T\n    x: new U { y: 1; y: 2 }", "E09", "0.repl:2:22"),
    "an object has a type": ("a: T\n    x: new U", "a: T\n    x: new", "E00", "0.repl:2:11"),
    "a list has commas": ("a: T\n    x: [1, 2]", "a: T\n    x: [1; 2]", "E00", "0.repl:2:10"),
    "a list may end in a comma": ("a: T\n    x: [1, ]", "a: T\n    x: [, 1]", "E00", "0.repl:2:9"),
    "a dictionary has semicolons": ("a: T\n    x: { 1: 2; 3: 4 }", "a: T\n    x: { 1: 2, 3: 4 }", "E00", "0.repl:2:14"),
    "a key is a single value": ("a: T\n    x: { 1: 2 }", "a: T\n    x: { [1]: 2 }", "E00", "0.repl:2:11"),
    "a key is used once": ("a: T\n    x: { 1: 2; 2: 2 }", "a: T\n    x: { 1: 2; 1: 3 }", "E09", "0.repl:2:16"),
    "a range has a comma": ("a: T\n    x: <1, 2>", "a: T\n    x: <1 2>", "E00", "0.repl:2:11"),
    "a range goes forwards": ("a: T\n    x: <1, 2>", "a: T\n    x: <2, 1>", "E00", "0.repl:2:9"),
    "a range has whole numbers": ("a: T\n    x: <1, +2>", "a: T\n    x: <1, +2.5>", "E00", "0.repl:2:13"),
    "underscores stand between digits": ("a: T\n    x: 1_0", "a: T\n    x: 1_", "E00", "0.repl:2:9"),
    "a fraction has digits on both sides": ("a: T\n    x: -1.5", "a: T\n    x: 1.", "E00", "0.repl:2:9"),
    "hexadecimal begins with 0x": ("a: T\n    x: 0xF", "a: T\n    x: 0XF", "E00", "0.repl:2:9"),
    "an irq has an arrow": ("b: T\na: T\n    -> b@1", "b: T\na: T\n    => b@1", "E00", "0.repl:3:5"),
    "an irq names its input": ("b: T\na: T\n    -> b@1", "b: T\na: T\n    -> b", "E00", "0.repl:3:9"),
    "an irq's receiver exists": ("b: T\na: T\n    -> b@1", "a: T\n    -> b@1", "E11", "0.repl:2:8"),
    "an irq's input is a number": ("b: T\na: T\n    -> b@1", "b: T\na: T\n    -> b@IRQ", "E00", "0.repl:3:10"),
    "outputs and inputs are as many": ("b: T\na: T\n    [1-3] -> b@[1-3]", "b: T\na: T\n    [1-3] -> b@[1-2]", "E08", "0.repl:3:14"),
    "each receiver gets as many": ("b: T\na: T\n    1-2 -> b@1-2 | b@3-4", "b: T\na: T\n    1-2 -> b@1-2 | b@3", "E08", "0.repl:3:20"),
    "lists stand on both sides": ("b: T\na: T\n    [1] -> b@[1]", "b: T\na: T\n    [1] -> b@1", "E00", "0.repl:3:12"),
    "an output is wired in one line": ("b: T\na: T\n    1 -> b@1 | b@2", "b: T\na: T\n    1 -> b@1\n    [0-2] -> b@[2-4]", "E16", "0.repl:4:11"),
    "the default output too": ("b: T\na: T\n    -> b@1", "b: T\na: T\n    -> b@1\n    -> b@2", "E16", "0.repl:4:5"),
    "none is no receiver among others": ("a: T\n    1 -> none", "b: T\na: T\n    1 -> b@1 | none", "E00", "0.repl:3:16"),
    "a local receiver has a number": ("b: T\na: T\n    -> b#08@01", "b: T\na: T\n    -> b#x@1", "E00", "0.repl:3:10"),
    "a section has lines": ("a: T\n    init:\n        x", "a: T\n    init: x", "E00", "0.repl:2:11"),
    "only add stands behind init": ("a: T\n    init add:\n        x", "a: T\n    init more:\n        x", "E00", "0.repl:2:10"),
    "there is one init section": ("a: T\n    init:\n        x", "a: T\n    init:\n        x\n    init add:\n        y", "E19", "0.repl:4:5"),
    "there is one reset section": ("a: T\n    reset:\n        x", "a: T\n    reset:\n        x\n    reset:\n        y", "E48", "0.repl:4:5"),
    "there is one preinit section": ("a: T\n    preinit:\n        x", "a: T\n    preinit:\n        x\n    preinit:\n        y", "E50", "0.repl:4:5"),
    "a section's lines are not indented further": ("a: T\n    init:\n        x\n        y", "a: T\n    init:\n        x\n            y", "E00", "0.repl:3:10"),
}  # fmt: skip


@pytest.mark.parametrize(("good", "bad", "code", "place"), RULES.values(), ids=RULES.keys())
def test_a_text_that_breaks_a_rule_is_refused_and_its_twin_is_not(good: str, bad: str, code: str, place: str) -> None:
    assert merged(good)
    assert refused(bad) == (code, place)


@pytest.mark.parametrize("word", KEYWORDS)
def test_keywords_are_no_names(word: str) -> None:
    assert refused(f"{word}: T")[0] == "E00"
    assert merged(f"{word}s: T") and merged(f"a{word}: T")


def test_words_that_are_keywords_only_in_their_place_are_names() -> None:
    variables = merged("add: T\nprefixed: T\na: T\n    add: 1\n    r: add")
    assert {"add", "prefixed"} <= variables.keys() and "add" in variables["a"].settings


@pytest.mark.parametrize(("word", "expected"), [("true", True), ("True", True), ("false", False), ("False", False)])
def test_booleans_come_in_two_spellings(word: str, expected: bool) -> None:
    assert value(word) is expected


def test_a_range_ends_in_front_of_its_end() -> None:
    assert (value("<0x10, 0x20>").size, value("<0x10, +0x20>").end) == (0x10, 0x30)


def test_sections_are_replaced_or_lengthened_file_by_file() -> None:
    base = "a: T\n    preinit:\n        p\n    init:\n        i\n    reset:\n        r"
    more = "a:\n    preinit add:\n        p2\n    init:\n        i2\n    reset add: { r2; r3 }"
    lines = merged(base, more)["a"].lines
    assert {phase: [text for text, _ in found] for phase, found in lines.items()} == {
        "preinit": ["p", "p2"], "init": ["i2"], "reset": ["r", "r2", "r3"],
    }  # fmt: skip


def test_several_entries_of_one_file_add_up() -> None:
    found = merged("a: T\na: @ sysbus 1\na:\n    x: 1\na:\n    x: 2\n    -> b@1\nb: T")["a"]
    assert (found.registrations[0].point, found.settings["x"].value, len(found.wires)) == (1, 2, 1)


def write(folder: Path, texts: dict[str, str]) -> Path:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / next(iter(texts))


def used(main: Path, *search: Path) -> list[str]:
    return [file.path.stem for file in load_files(main, search)]


def test_a_using_is_found_from_its_file_or_on_the_search_path(tmp_path: Path) -> None:
    absolute = write(tmp_path / "elsewhere", {"absolute.repl": "c: T"})
    texts = {
        "boards/main.repl": 'using "./near.repl"; using "../up.repl"\nusing "path/far.repl"\n' + f'using "{absolute}"',
        "boards/near.repl": "n: T",
        "up.repl": "u: T",
        "second/path/far.repl": "f: T",
    }
    main = write(tmp_path, texts)
    assert used(main, tmp_path / "first", tmp_path / "second") == ["near", "up", "far", "absolute", "main"]


def test_an_earlier_folder_of_the_search_path_wins(tmp_path: Path) -> None:
    main = write(tmp_path, {"main.repl": 'using "part.repl"', "one/part.repl": "a: T", "two/part.repl": "b: T"})
    one, two = tmp_path / "one", tmp_path / "two"
    assert load_files(main, [one, two])[0].content == b"a: T"
    assert load_files(main, [two, one])[0].content == b"b: T"


def test_a_file_that_only_changes_things_may_be_used_twice(tmp_path: Path) -> None:
    texts = {
        "main.repl": 'using "./a.repl"\nusing "./b.repl"\nx: T',
        "a.repl": 'using "./d.repl"',
        "b.repl": 'using "./d.repl"',
        "d.repl": "x:\n    y: 1",
    }
    assert used(write(tmp_path, texts)) == ["d", "a", "d", "b", "main"]


@pytest.mark.parametrize(
    ("texts", "code", "place"),
    [
        ({"main.repl": 'using "./a.repl"', "a.repl": 'using "./b.repl"', "b.repl": 'using "./main.repl"'}, "E30", "1:7"),
        ({"main.repl": "// c\nusing \"./a.repl\"\nusing \"./a.repl\"", "a.repl": "a: T"}, "E17", "3:7"),
        ({"main.repl": 'using "a.repl"', "a.repl": "a: T"}, "E36", "1:7"),
        ({"main.repl": 'using "./a.repl"', "a.repl": "a: T T"}, "E00", "1:6"),
    ],
)  # fmt: skip
def test_a_wrong_using_is_refused_at_its_line(tmp_path: Path, texts: dict[str, str], code: str, place: str) -> None:
    with pytest.raises(InputError) as caught:
        load_files(write(tmp_path, texts))
    assert (caught.value.problem[:3], caught.value.place) == (code, place) and caught.value.remedy
