"""Arguments of a keyword as they come over XML-RPC: positional, then named (`word=...`), numbers mostly as text.

As Renode binds them: a text that looks like `word=rest` is a named argument; `content=temp=1` passes such a text.
"""

from __future__ import annotations

import inspect
import re
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from typing import Any

_NAMED = re.compile(r"([a-zA-Z0-9_]+)=(.+)", re.DOTALL)
_NONE = ("null", "None")
_BOOLEANS = {"true": True, "false": False}


class DoesNotFit(Exception):
    """No keyword takes these arguments (fault 2 of the protocol)."""


class NotConvertible(Exception):
    """An argument is not of the kind that its keyword takes."""


def call(function: Callable[..., Any], given: Sequence[object]) -> Any:
    """Call a keyword. Raises DoesNotFit for number and names of the arguments, NotConvertible for their kinds."""
    parameters = inspect.signature(function).parameters
    if any(one.kind is one.VAR_POSITIONAL for one in parameters.values()):
        return function(*given)
    return function(**_bind(function, parameters, given))


def _bind(
    function: Callable[..., Any], parameters: Mapping[str, inspect.Parameter], given: Sequence[object]
) -> dict[str, Any]:
    kinds = typing.get_type_hints(function)
    names, found = list(parameters), dict[str, Any]()
    for position, value in enumerate(given):
        named = _NAMED.fullmatch(value) if isinstance(value, str) else None
        if named is None and (position >= len(names) or len(found) > position):
            raise DoesNotFit
        name, content = (named[1], named[2]) if named else (names[position], value)
        if name not in parameters or name in found:
            raise DoesNotFit
        found[name] = convert(content, kinds.get(name, str))
    missing = [name for name, one in parameters.items() if one.default is one.empty and name not in found]
    if missing:
        raise DoesNotFit
    return found


def convert(value: Any, kind: Any) -> Any:
    """A value as an annotation wants it; `X | None` takes null. Raises NotConvertible."""
    choices = typing.get_args(kind) if isinstance(kind, types.UnionType) else (kind,)
    if type(None) in choices and (value is None or value in _NONE):
        return None
    wanted = [choice for choice in choices if choice is not type(None)]
    for choice in wanted:
        try:
            return _as(value, choice)
        except (ValueError, TypeError):
            continue
    names = " | ".join(getattr(choice, "__name__", str(choice)) for choice in wanted)
    raise NotConvertible(f"{value!r} is no {names}")


def _as(value: Any, kind: Any) -> Any:
    if kind is object:
        return value
    if kind is bool:
        return value if isinstance(value, bool) else _boolean(value)
    if kind is int:
        return _integer(value)
    if kind is float:
        return float(value)
    if typing.get_origin(kind) is list:
        return list(value) if isinstance(value, list | tuple) else _fail()
    return value if isinstance(value, str) else str(value) if isinstance(value, int | float) else _fail()


def _boolean(value: object) -> bool:
    word = str(value).lower()
    return _BOOLEANS[word] if word in _BOOLEANS else _fail()


def _integer(value: Any) -> int:
    if isinstance(value, str):
        return int(value, 0)
    return value if isinstance(value, int) and not isinstance(value, bool) else _fail()


def _fail() -> typing.NoReturn:
    raise ValueError
