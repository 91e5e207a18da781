"""Third step of reading a `.repl`: the tokens are parsed by the LALR tables of the grammar in make_tables.py.

Each rule becomes a call of the method of its name in SyntaxBuilder, so that no parse tree is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

from tinysim.errors import InputError
from tinysim.repl.build import SyntaxBuilder
from tinysim.repl.complaints import Place, complaint
from tinysim.repl.lines import mark_blocks
from tinysim.repl.syntax import Description
from tinysim.repl.tables import END, RULES, START, STATES
from tinysim.repl.tokens import Token, tokenise

_WORDS = {
    "NAME": "a name", "STRING": "a string", "NUMBER": "a number", "BOOLEAN": "true, false", "NONE": "none",
    "EMPTY": "empty", "_SEMICOLON": "a new line (or ;)", "_LBRACE": "an indented block (or {)",
    "_RBRACE": "the end of the block", "_COLON": ":", "_AT": "@", "ARROW": "->", "_LESS": "<", "_MORE": ">",
    "_LBRACKET": "[", "_RBRACKET": "]", "NEW": "new", "_DOT": ".", "_COMMA": ",", "_BAR": "|", "_HASH": "#",
    "PLUS": "+", "MINUS": "-", "_AS": "as", "_USING": "using", "LOCAL": "local", "PHASE": "init", "ADD": "add",
    "MONITOR_LINE": "a Monitor line", "$END": "the end of the file",
}  # fmt: skip


def parse(text: str, file: str) -> Description:
    """Parse one `.repl` text; `file` is its name in errors. Raises InputError with Renode's code and line:column."""
    tokens = tokenise(mark_blocks(text, file), file)
    lines = text.split("\n")
    end = Token("$END", "", Place(file, len(lines), len(lines[-1]) + 1))
    return cast(Description, _run(_with_end(tokens, end), SyntaxBuilder(file)))


def _with_end(tokens: Iterator[Token], end: Token) -> Iterator[Token]:
    yield from tokens
    yield end


def _run(tokens: Iterable[Token], builder: SyntaxBuilder) -> Any:
    """The LALR automaton: a stack of states beside a stack of values."""
    states, values = [START], list[Any]()
    for token in tokens:
        while states[-1] != END:
            step = STATES[states[-1]].get(token.kind)
            if step is None:
                raise _syntax_error(token, states)
            if step >= 0:
                states.append(step)
                values.append(token)
                break
            name, single, symbols = RULES[-1 - step]
            first = len(values) - len(symbols)
            value = _reduce(builder, name, single, symbols, values[first:])
            del values[first:], states[first + 1 :]
            values.append(value)
            states.append(STATES[states[-1]][name])
    return values[0]


def _reduce(builder: SyntaxBuilder, name: str, single: bool, symbols: tuple[str, ...], values: list[Any]) -> Any:
    """Give a rule's parts to its method; a symbol with _ is not passed on, a repetition's parts are, as in lark."""
    parts: list[Any] = []
    for symbol, value in zip(symbols, values, strict=True):
        if symbol.startswith("__"):
            parts.extend(value)
        elif not symbol.startswith("_"):
            parts.append(value)
    if name.startswith("__"):
        return parts
    return parts[0] if single and len(parts) == 1 else getattr(builder, name)(*parts)


def _syntax_error(token: Token, states: list[int]) -> InputError:
    found = "the end of the file" if token.kind == "$END" else f"{token.text[:40]!r}"
    if token.text == "end of line":
        found = "the end of the line"
    remedy = _expectation({kind for kind in _WORDS if _accepts(states, kind)})
    if token.kind == "_USING":
        remedy = "using lines stand before the first entry"
    return complaint(0, f"syntax error at {found}", token.place, remedy)


def _accepts(states: list[int], kind: str) -> bool:
    """Tell whether a token of this kind could follow, which takes trying the reductions that it asks for."""
    states = list(states)
    while states[-1] != END:
        step = STATES[states[-1]].get(kind)
        if step is None or step >= 0:
            return step is not None
        name, _, symbols = RULES[-1 - step]
        del states[len(states) - len(symbols) :]
        states.append(STATES[states[-1]][name])
    return True


def _expectation(terminals: set[str]) -> str:
    words = sorted(_WORDS[name] for name in terminals)
    return "expected " + ", ".join(words[:-1]) + (" or " if len(words) > 1 else "") + words[-1]
