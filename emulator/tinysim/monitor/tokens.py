"""The language of Renode's Monitor and its `.resc` scripts, as tokens with their places.

Words, strings ('..', "..", and \"\"\"..\"\"\" over lines), @paths, $variables, `commands`, <ranges>, = and ?=, and ends
(; or a new line). `#` begins a comment where a token could begin; a line that begins with `:` is a header.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from tinysim.monitor.errors import Incomplete, MonitorError

Kind: TypeAlias = Literal[
    "word", "string", "long_string", "path", "variable", "command", "range", "assign", "assign_default", "end"
]

_TOKEN = (
    r"(?P<blank>[ \t\r\f]+|\\\n)"
    r"|(?P<header>(?<![^\n]):[^\n]*)"
    r"|(?P<comment>\#[^\n]*)"
    r"|(?P<end>[;\n])"
    r'|(?P<long_string>"""(?:[\s\S]*?)""")'
    r'|(?P<unclosed>"""[\s\S]*)'
    r'|(?P<string>"(?:\\.|[^"\\LINE_END])*"|\'(?:\\.|[^\'\\LINE_END])*\')'
    r"|(?P<command>`[^`\n]*`)"
    r'|(?P<path>@(?:"[^"\n]*"|(?:\\[ ]|[^\s;])+)|\$(?:ORIGIN|CWD)\b(?:\\[ ]|[^\s;])*)'
    r"|(?P<variable>\$[A-Za-z_][\w.]*)"
    r"|(?P<range><\s*[^\s<>,]+\s*,?\s*[^\s<>,]+\s*>)"
    r"|(?P<assign_default>\?=)"
    r"|(?P<assign>=)"
    r"|(?P<word>[^\s;\"'`<>=$@?]+)"
)
_OF_SCRIPT = re.compile(_TOKEN.replace("LINE_END", r"\n"))
_OF_COMMAND = re.compile(_TOKEN.replace("LINE_END", ""))  # its strings may go over lines
_ESCAPED = re.compile(r"\\([\"'])")


@dataclass(frozen=True)
class Token:
    """A piece of a line: its text without quotes or marks, and where it stands (counted from 1)."""

    kind: Kind
    text: str
    line: int
    column: int
    end: int  # offset behind it

    def is_word(self, text: str) -> bool:
        """Whether it is this bare word."""
        return self.kind == "word" and self.text == text


def tokens(text: str, *, is_script: bool = True) -> Iterator[Token]:
    """Cut a text; MonitorError with its place where nothing fits, Incomplete inside an open \"\"\"."""
    pattern = _OF_SCRIPT if is_script else _OF_COMMAND
    position, line, line_start = 0, 1, 0
    while position < len(text):
        found = pattern.match(text, position)
        column = position - line_start + 1
        if found is None:
            rest = text[position:].split("\n", 1)[0]
            raise MonitorError(f"Could not tokenize here: {rest}", place=f"{line}:{column}", remedy="close the string")
        kind, content = found.lastgroup, found.group()
        if kind == "unclosed":
            raise Incomplete('the string that begins with """ is not closed', place=f"{line}:{column}")
        if kind not in ("blank", "comment", "header"):
            yield Token(kind, _bare(kind, content), line, column, found.end())  # type: ignore[arg-type]
        breaks = content.count("\n")
        if breaks:
            line, line_start = line + breaks, position + content.rindex("\n") + 1
        position = found.end()


def _bare(kind: str | None, content: str) -> str:
    if kind == "long_string":
        return content[3:-3]
    if kind == "string":
        return _ESCAPED.sub(r"\1", content[1:-1])
    if kind == "command":
        return content[1:-1]
    if kind == "path":
        return content.removeprefix("@").strip('"').replace("\\ ", " ")
    return content[1:] if kind == "variable" else content


def statements(text: str, *, is_script: bool = True) -> Iterator[list[Token]]:
    """The commands of a text, each as its tokens; a macro's name takes the long string of the next line with it."""
    current: list[Token] = []
    for token in tokens(text, is_script=is_script):
        if token.kind != "end":
            if token.kind != "long_string" and _awaits_text(current, token.line):
                yield current
                current = []
            current.append(token)
        elif current and not _awaits_text(current):
            yield current
            current = []
    if current:
        yield current


def _awaits_text(statement: list[Token], line: int | None = None) -> bool:
    """Whether it is `macro NAME`, in front of a token of another line."""
    is_macro = len(statement) == 2 and statement[0].is_word("macro")
    return is_macro and line != statement[0].line
