"""`condition:` of a bus registration, `initiator == cpu1 && !secure`: split into who sees the device in which state.

`&&`, `||`, `!`, parentheses; a term is `initiator == NAME`, or any other word, a state of the initiator (secure,
privileged, ...). That an initiator is excluded (`initiator != NAME`) cannot be split and is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tinysim.errors import InputError
from tinysim.repl.complaints import Place, complaint

_TOKEN = re.compile(r"\s*(&&|\|\||==|!=|!|\(|\)|[^\W\d]\w*)")
MAX_ALTERNATIVES = 64
MAX_NESTING = 32


@dataclass(frozen=True, slots=True)
class Access:
    """One way of reaching a device: by `initiator` (None: by any) while each of `states` is as it says."""

    initiator: str | None = None
    states: frozenset[tuple[str, bool]] = frozenset()

    def excludes(self, other: Access) -> bool:
        """Tell whether no access can be both."""
        if self.initiator is not None and other.initiator is not None and self.initiator != other.initiator:
            return True
        return any((name, not value) in other.states for name, value in self.states)

    def with_initiator(self, name: str) -> Access | None:
        """This access by `name` alone; None when it is another's."""
        return Access(name, self.states) if self.initiator in (None, name) else None


def parse_condition(text: str, place: Place) -> tuple[Access, ...]:
    """The alternatives of a condition. Raises InputError (E21) for anything that is no condition."""
    parser = _Parser(text, place)
    found = parser.either(negated=False)
    if parser.next():
        raise parser.error(f"unexpected {parser.next()!r}")
    if not found:
        raise parser.error("it is never true")
    return tuple(dict.fromkeys(found))


def can_meet(one: tuple[Access, ...], other: tuple[Access, ...]) -> bool:
    """Tell whether an access can reach both; no alternative means everybody always."""
    return any(not a.excludes(b) for a in one or (Access(),) for b in other or (Access(),))


class _Parser:
    """Recursive descent; a `!` goes down to the terms, so that each rule gives alternatives."""

    def __init__(self, text: str, place: Place) -> None:
        self._text, self._place = text, place
        self._tokens = self._split()
        self._at = self._depth = 0

    def error(self, problem: str) -> InputError:
        remedy = 'write it as "initiator == cpu && !secure"'
        return complaint(21, f"condition {self._text[:60]!r}: {problem}", self._place, remedy)

    def _split(self) -> list[str]:
        tokens, at = [], 0
        text = self._text.rstrip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None:
                raise self.error(f"character {text[at:].lstrip()[0]!r} has no meaning")
            tokens.append(found[1])
            at = found.end()
        return tokens

    def next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self, *expected: str) -> str:
        token = self.next()
        if expected and token not in expected:
            raise self.error(f"expected {' or '.join(expected)}, found {token or 'its end'!r}")
        self._at += 1
        return token

    def either(self, *, negated: bool) -> list[Access]:
        parts = [self._both(negated=negated)]
        while self.next() == "||":
            self._take()
            parts.append(self._both(negated=negated))
        return self._all_of(parts) if negated else [access for part in parts for access in part]

    def _both(self, *, negated: bool) -> list[Access]:
        parts = [self._term(negated=negated)]
        while self.next() == "&&":
            self._take()
            parts.append(self._term(negated=negated))
        return [access for part in parts for access in part] if negated else self._all_of(parts)

    def _all_of(self, parts: list[list[Access]]) -> list[Access]:
        found = [Access()]
        for part in parts:
            found = [_joined(a, b) for a in found for b in part if not a.excludes(b)]
            if len(found) > MAX_ALTERNATIVES:
                raise self.error(f"more than {MAX_ALTERNATIVES} alternatives")
        return found

    def _term(self, *, negated: bool) -> list[Access]:
        token = self._take()
        if token in ("!", "("):
            self._depth += 1
            if self._depth > MAX_NESTING:
                raise self.error(f"nesting deeper than {MAX_NESTING}")
            if token == "!":
                found = self._term(negated=not negated)
            else:
                found = self.either(negated=negated)
                self._take(")")
            self._depth -= 1
            return found
        if not token[:1].isalpha():
            raise self.error(f"expected a state or initiator, found {token or 'its end'!r}")
        if token != "initiator":
            return [Access(None, frozenset({(token, not negated)}))]
        if (self._take("==", "!=") == "!=") != negated:
            raise self.error("an initiator can be asked for, not excluded")
        name = self._take()
        if not name[:1].isalpha():
            raise self.error(f"expected the initiator's name, found {name or 'its end'!r}")
        return [Access(name)]


def _joined(one: Access, other: Access) -> Access:
    return Access(one.initiator or other.initiator, one.states | other.states)
