"""Methods and properties of what the Monitor names: functions whose annotations say what may be typed behind them.

A function takes the thing and the typed values; one that can be read and set has one argument that may be left out.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from tinysim.monitor.errors import SIGNATURE, MonitorError
from tinysim.monitor.values import File, Range, Value, Word, parse_time_s, show

Convert: TypeAlias = "Callable[[Value], Any]"
NOT_CONVERTIBLE = object()


class Seconds(float):
    """A time that is typed as a quoted string, `"0.5"` or `"00:00:01.5"`."""


def _whole(value: Value) -> Any:
    return value if isinstance(value, int) and not isinstance(value, bool) else NOT_CONVERTIBLE


def _number(value: Value) -> Any:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else NOT_CONVERTIBLE


def _boolean(value: Value) -> Any:
    return value if isinstance(value, bool) else NOT_CONVERTIBLE


def _text(value: Value) -> Any:
    if isinstance(value, Word | File):
        return value.text
    return value if isinstance(value, str) else NOT_CONVERTIBLE


def _file(value: Value) -> Any:
    if isinstance(value, File):
        return value
    return File(value) if isinstance(value, str) else NOT_CONVERTIBLE


def _range(value: Value) -> Any:
    return value if isinstance(value, Range) else NOT_CONVERTIBLE


def _seconds(value: Value) -> Any:
    found = parse_time_s(value) if isinstance(value, str) else None
    return NOT_CONVERTIBLE if found is None else Seconds(found)


def _name_or_number(value: Value) -> Any:
    return value if isinstance(value, int) and not isinstance(value, bool) else _text(value)


def _number_or_file(value: Value) -> Any:
    found = _number(value)
    return _file(value) if found is NOT_CONVERTIBLE else found


_CONVERT: dict[str, Convert] = {
    "int": _whole,
    "float": _number,
    "bool": _boolean,
    "str": _text,
    "File": _file,
    "Range": _range,
    "Seconds": _seconds,
    "int | str": _name_or_number,
    "float | File": _number_or_file,
    "Value": lambda value: value,
}


@dataclass(frozen=True)
class Method:
    """One function under its name."""

    name: str
    function: Callable[..., str | None]

    @cached_property
    def _parameters(self) -> Sequence[inspect.Parameter]:
        return list(inspect.signature(self.function).parameters.values())[1:]

    @property
    def usage(self) -> str:
        """`ReadByte ADDRESS`, with [..] around what may be left out."""
        shown = [one.name.upper() for one in self._parameters]
        optional = [one.default is not inspect.Parameter.empty for one in self._parameters]
        return " ".join([self.name, *(f"[{text}]" if may else text for text, may in zip(shown, optional, strict=True))])

    @property
    def meaning(self) -> str:
        """The first line of its documentation."""
        return (inspect.getdoc(self.function) or "").split("\n", 1)[0]

    def call(self, target: object, path: str, values: Sequence[Value]) -> str | None:
        """Run it. Raises MonitorError when the values do not fit."""
        arguments = self._bind(values)
        if arguments is None:
            given = " ".join(show(value) for value in values)
            raise MonitorError(SIGNATURE + (f": {given}" if given else ""), remedy=f"{path} {self.usage}")
        return self.function(target, *arguments)

    def _bind(self, values: Sequence[Value]) -> list[Any] | None:
        least = sum(one.default is inspect.Parameter.empty for one in self._parameters)
        if not least <= len(values) <= len(self._parameters):
            return None
        bound = [_CONVERT[_kind(one)](value) for one, value in zip(self._parameters, values, strict=False)]
        return None if any(one is NOT_CONVERTIBLE for one in bound) else bound


def _kind(parameter: inspect.Parameter) -> str:
    return str(parameter.annotation).removesuffix(" | None")


def methods(**functions: Callable[..., str | None]) -> dict[str, Method]:
    """A table of functions under the names that are typed."""
    return {name: Method(name, function) for name, function in functions.items()}
