"""First step of reading a `.repl`: comments become blanks and indentation becomes explicit marks.

Rules after Renode's pre-lexer: an indent is 4 spaces; a deeper line opens a block, a shallower one closes it, an equal
one separates; inside braces that the user wrote, lines pass as they are. Every character keeps its line and column.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tinysim.repl.complaints import Place, complaint

INDENT_SPACES = 4
# Marks put at line ends; private characters, so that messages can say "end of line" instead of a brace nobody wrote.
OPENED, CLOSED, SEPARATED = "\x01", "\x02", "\x03"

_INTERESTING = re.compile(
    r'(?P<string>"(?:\\.|[^"\\\n])*")'
    r"|(?P<long_string>'''(?:\\'''|(?!''')[\s\S])*''')"
    r"|(?P<line_comment>(?:(?<=\n)|(?<= )|\A)//[^\n]*)"
    r"|(?P<block_comment>/\*[\s\S]*?\*/)"
    r"|(?P<open>\{)|(?P<close>\})"
    r"""|(?P<unclosed>"|'''|/\*)"""
    r"|(?P<control>[\x00-\x08\x0e-\x1f])"
)
_UNCLOSED = {
    '"': ("unterminated string", 'close it with " on the same line'),
    "'''": ("unclosed multi-line string", "close it with '''"),
    "/*": ("unclosed comment", "close it with */"),
}


@dataclass(slots=True)
class _Line:
    """One line of the file as far as the indent rules care."""

    brace_change: int = 0
    inside_string: bool = False
    strings_closed: int = 0


class _Scan:
    """One pass over the text: blanks the comments and notes braces and multi-line strings by line."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.brace_level = 0
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self.lines = [_Line() for _ in self.starts]
        self._line = 0

    def place(self, offset: int) -> Place:
        line = self._line_of(offset)
        return Place(self.file, line + 1, offset - self.starts[line] + 1)

    def _line_of(self, offset: int) -> int:
        while self._line + 1 < len(self.starts) and self.starts[self._line + 1] <= offset:
            self._line += 1
        return self._line

    def run(self) -> str:
        kept: list[str] = []
        done = 0
        for found in _INTERESTING.finditer(self.text):
            kind, start = found.lastgroup, found.start()
            kept.append(self.text[done:start])
            kept.append(self._blank(found) if kind in ("line_comment", "block_comment") else found.group())
            done = found.end()
            if kind in ("open", "close"):
                self._count_brace(start, 1 if kind == "open" else -1)
            elif kind == "long_string":
                self._note_long_string(found)
            elif kind == "unclosed":
                problem, remedy = _UNCLOSED[found.group()]
                raise complaint(0, problem, self.place(start), remedy)
            elif kind == "control":
                raise complaint(0, "control character", self.place(start), "platform files are plain text")
        kept.append(self.text[done:])
        return "".join(kept)

    def _count_brace(self, offset: int, change: int) -> None:
        self.brace_level += change
        self.lines[self._line_of(offset)].brace_change += change

    def _note_long_string(self, found: re.Match[str]) -> None:
        first = self._line_of(found.start())
        if self.lines[first].strings_closed:
            raise complaint(
                0,
                "a multi-line string starts on the line where another one ends",
                self.place(found.start()),
                "put it on a line of its own",
            )
        last = first + found.group().count("\n")
        self.lines[last].strings_closed += 1
        for line in self.lines[first + 1 : last + 1]:
            line.inside_string = True

    def _blank(self, found: re.Match[str]) -> str:
        if found.lastgroup == "block_comment" and self.brace_level <= 0:
            self._check_block_comment(found)
        return re.sub(r"[^\n]", " ", found.group())

    def _check_block_comment(self, found: re.Match[str]) -> None:
        line_start = self.text.rfind("\n", 0, found.start()) + 1
        line_end = self.text.find("\n", found.end())
        rest = self.text[found.end() : line_end if line_end >= 0 else len(self.text)]
        leads = not self.text[line_start : found.start()].strip()
        if rest.strip() and (leads or "\n" in found.group()):
            raise complaint(
                0,
                "text behind a comment that begins its line or spans lines",
                self.place(found.start()),
                "outside braces such a comment must end at the line's end",
            )


def mark_blocks(text: str, file: str) -> str:
    """Return the text without comments and with a mark at each line end that opens, closes or separates.

    Raises InputError with E32 for a wrong indent, E00 for strings and comments that do not close.
    """
    scan = _Scan(text.replace("\r", ""), file)
    lines = scan.run().split("\n")
    level = indent = 0
    previous = -1  # index of the first line of the last logical line that has text
    last = -1  # its last physical line, where a mark goes
    for number, line in enumerate(lines):
        if scan.lines[number].inside_string:
            last = number
        elif line.strip():
            if previous < 0 or level <= 0:
                new_indent = _indent_of(line, file, number, first=previous < 0)
                if previous >= 0:
                    lines[last] += _mark(indent, new_indent)
                indent = new_indent
            previous = last = number
        level += scan.lines[number].brace_change
    if last >= 0:
        lines[last] += CLOSED * indent
    return "\n".join(lines)


def _mark(old: int, new: int) -> str:
    if new > old:
        return OPENED * (new - old)
    return CLOSED * (old - new) + SEPARATED


def _indent_of(line: str, file: str, number: int, *, first: bool) -> int:
    blank = len(line) - len(line.lstrip())
    spaces = len(line) - len(line.lstrip(" "))
    place = Place(file, number + 1, spaces + 1)
    if blank != spaces:
        raise complaint(32, "wrong indent: it contains a tab", place, f"indent by {INDENT_SPACES} spaces")
    if first and spaces:
        raise complaint(32, "wrong indent: the first line with text is indented", place, "start it at column 1")
    if spaces % INDENT_SPACES:
        problem = f"wrong indent of {spaces} spaces"
        raise complaint(32, problem, place, f"indent by a multiple of {INDENT_SPACES} spaces")
    return spaces // INDENT_SPACES
