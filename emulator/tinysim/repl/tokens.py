"""Second step of reading a `.repl`: the marked text becomes tokens; a Monitor line is one token."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from tinysim.repl.complaints import Place, complaint
from tinysim.repl.lines import CLOSED, OPENED, SEPARATED

KEYWORDS = {
    "using": "_USING", "new": "NEW", "as": "_AS", "local": "LOCAL",
    "preinit": "PHASE", "init": "PHASE", "reset": "PHASE",
    "true": "BOOLEAN", "True": "BOOLEAN", "false": "BOOLEAN", "False": "BOOLEAN", "none": "NONE", "empty": "EMPTY",
}  # fmt: skip
MAX_DIGITS = 32
MAX_NESTING = 64

# A kind that begins with _ is not passed on to the syntax builder.
_MARKS = {OPENED: "_LBRACE", CLOSED: "_RBRACE", SEPARATED: "_SEMICOLON"}
_PUNCTUATION = {
    "->": "ARROW", ":": "_COLON", "@": "_AT", "|": "_BAR", ",": "_COMMA", "<": "_LESS", ">": "_MORE", "{": "_LBRACE",
    "}": "_RBRACE", "[": "_LBRACKET", "]": "_RBRACKET", ";": "_SEMICOLON", "#": "_HASH", ".": "_DOT", "+": "PLUS",
    "-": "MINUS",
}  # fmt: skip
_TOKEN = re.compile(
    r'(?P<STRING>"(?:\\.|[^"\\\n])*")'
    r"|(?P<long_string>'''(?:\\'''|(?!''')[\s\S])*''')"
    r"|(?P<NUMBER>0x[0-9A-Fa-f]+(?:_[0-9A-Fa-f]+)*|[0-9]+(?:_[0-9]+)*(?:\.[0-9]+)?)"
    r"|(?P<NAME>[^\W\d_]\w*)"
    r"|(?P<mark>[\x01\x02\x03])"
    r"|(?P<punctuation>->|[:@|,<>{}\[\];#.+-])"
    r"|(?P<blank>\s+)"
)
# Up to the next separator: quoted text is taken whole, whatever it contains.
_MONITOR_LINE = re.compile(r"""(?:"(?:\\.|[^"\\\n])*"|'''(?:\\'''|(?!''')[\s\S])*'''|[^;{}"\x01\x02\x03])*""")


class Token(NamedTuple):
    """A terminal of the grammar."""

    kind: str
    text: str
    place: Place


class _Tokens:
    """A walk over the marked text of one file."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.position = 0
        self.depth = 0
        self._line_starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def place(self, offset: int) -> Place:
        line = bisect_right(self._line_starts, offset)
        return Place(self.file, line, offset - self._line_starts[line - 1] + 1)

    def make(self, kind: str, text: str, offset: int) -> Token:
        return Token(kind, text, self.place(offset))

    def next(self) -> Token | None:
        """Return the next token, or None at the end of the file."""
        while self.position < len(self.text):
            found = _TOKEN.match(self.text, self.position)
            if found is None:
                bad = self.text[self.position]
                raise complaint(0, f"character {bad!r} has no meaning here", self.place(self.position), "remove it")
            self.position = found.end()
            if found.lastgroup != "blank":
                return self._classify(found)
        return None

    def _classify(self, found: re.Match[str]) -> Token:
        kind, value, start = found.lastgroup or "", found.group(), found.start()
        if kind == "mark":
            kind, value = _MARKS[value], "end of line"
        elif kind == "punctuation":
            kind = _PUNCTUATION[value]
        elif kind == "NAME":
            kind = KEYWORDS.get(value, kind)
        elif kind == "long_string":
            kind = "STRING"
        elif kind == "NUMBER" and len(value) > MAX_DIGITS:
            raise complaint(0, "number with too many digits", self.place(start), f"at most {MAX_DIGITS} characters")
        self._count_depth(kind, start)
        return self.make(kind, value, start)

    def _count_depth(self, kind: str, offset: int) -> None:
        self.depth += (kind in ("_LBRACE", "_LBRACKET")) - (kind in ("_RBRACE", "_RBRACKET"))
        if self.depth > MAX_NESTING:
            raise complaint(0, f"nesting deeper than {MAX_NESTING}", self.place(offset), "flatten the description")

    def monitor_lines(self) -> Iterator[Token]:
        """Yield the Monitor lines behind the `{` of an init section, one token each."""
        while True:
            found = _MONITOR_LINE.match(self.text, self.position)
            assert found is not None  # it matches the empty text
            line = found.group().strip()
            if line:
                yield self.make("MONITOR_LINE", line, found.start() + len(found.group()) - len(found.group().lstrip()))
            self.position = found.end()
            if self.text[self.position : self.position + 1] not in (";", SEPARATED):
                return
            self.position += 1


def tokenise(text: str, file: str) -> Iterator[Token]:
    """Yield the tokens of the marked text of `mark_blocks`. Raises InputError (E00) at what is no token."""
    tokens = _Tokens(text, file)
    section = False  # between init/preinit/reset and the { of its lines
    while (token := tokens.next()) is not None:
        if token.kind == "PHASE":
            section = True
        elif section and token.kind == "NAME" and token.text == "add":
            token = token._replace(kind="ADD")
        elif section and token.kind == "_LBRACE":
            yield token
            yield from tokens.monitor_lines()
            section = False
            continue
        elif token.kind != "_COLON":
            section = False
        yield token
