"""The indent, comment and string rules of `.repl` files, case by case (Renode's pre-lexer)."""

from __future__ import annotations

import pytest

from tinysim.errors import InputError
from tinysim.repl.lines import CLOSED, OPENED, SEPARATED, mark_blocks

VISIBLE = str.maketrans({OPENED: "{", CLOSED: "}", SEPARATED: ";"})


def marked(text: str) -> str:
    return mark_blocks(text, "x.repl").translate(VISIBLE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("only", "only"),
        ("one\ntwo", "one;\ntwo"),
        ("\none\n\ntwo\n\n", "\none;\n\ntwo\n\n"),
        ("one\ntwo\n    a\n    b\nthree", "one;\ntwo{\n    a;\n    b};\nthree"),
        ("one\n    a\n        b", "one{\n    a{\n        b}}"),
        ("one\n    a\n        b\ntwo", "one{\n    a{\n        b}};\ntwo"),
        ("one {\n  any indent; b }\ntwo", "one {\n  any indent; b };\ntwo"),
        ('one "{ \\" {"\ntwo', 'one "{ \\" {";\ntwo'),
        ("one\r\ntwo\r\n", "one;\ntwo\n"),
    ],
)
def test_indentation_becomes_marks_at_line_ends(text: str, expected: str) -> None:
    assert marked(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("// all\none", "      \none"),
        ("one // rest\ntwo", "one        ;\ntwo"),
        ("one @https://place // rest\ntwo", "one @https://place        ;\ntwo"),
        ("one// no comment", "one// no comment"),
        ('one "a // b /* c */" d', 'one "a // b /* c */" d'),
        ("one /* a */ b", "one         b"),
        ("one /* a\n    b\nc */\ntwo", "one     ;\n     \n    \ntwo"),
        ("one { /* a\nb */ x }\ntwo", "one {     \n     x };\ntwo"),
    ],
)
def test_comments_become_blanks_of_the_same_length(text: str, expected: str) -> None:
    assert marked(text) == expected


def test_a_multi_line_string_keeps_its_lines_whatever_their_indent() -> None:
    text = "one\n    a: '''first\n  { second // no comment\n \\''' third'''\n    b\ntwo"
    assert marked(text) == "one{\n    a: '''first\n  { second // no comment\n \\''' third''';\n    b};\ntwo"


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("    one", "E32", "1:5"),
        ("one\n  two", "E32", "2:3"),
        ("one\n\ttwo", "E32", "2:1"),
        ('one\n    a: "open', "E00", "2:8"),
        ("one\n    a: '''open\nmore", "E00", "2:8"),
        ("one /* open\nmore", "E00", "1:5"),
        ("one /* a\nb */ two", "E00", "1:5"),
        ("one\n    /* a */ two", "E00", "2:5"),
        ("one '''a''' '''b'''", "E00", "1:13"),
        ("one \x01", "E00", "1:5"),
    ],
)
def test_a_broken_line_is_reported_with_code_and_place(text: str, code: str, place: str) -> None:
    with pytest.raises(InputError) as caught:
        mark_blocks(text, "x.repl")
    assert caught.value.problem.startswith(code)
    assert (caught.value.file, caught.value.place) == ("x.repl", place)
    assert caught.value.remedy
