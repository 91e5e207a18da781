"""What the script of a PythonPeripheral sees: `request` and `self`, in the spelling of Renode 1.16 and in that of 1.14.

Not modelled: request.Absolute, requests of the Monitor (IsUser is never true), what else `self` is in .NET.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from enum import Enum
from typing import Any

LOG = logging.getLogger("tinysim.script")
_MOST_VALUE = (1 << 64) - 1


class RequestType(Enum):
    """What the script is called for; prints as in Renode."""

    READ = "READ"
    WRITE = "WRITE"
    INIT = "INIT"

    def __str__(self) -> str:
        return self.value


class Request:
    """The access. `request.Value` and `request.value` are one; a name that is none of these is an error."""

    __slots__ = ("Counter", "Length", "Offset", "Type", "_value")

    def __init__(self) -> None:
        self.Type, self.Offset, self.Length, self.Counter = RequestType.INIT, 0, 4, 0
        self._value = 0

    @property
    def Value(self) -> int:
        """What is written, or what the script answers: 0 to 2**64 - 1."""
        return self._value

    @Value.setter
    def Value(self, value: int) -> None:
        if not isinstance(value, int):
            raise TypeError(f"request.Value takes a whole number, not {value!r}")
        if not 0 <= value <= _MOST_VALUE:
            raise OverflowError(f"request.Value takes 0 to 2**64 - 1, not {value}")
        self._value = int(value)

    IsInit = property(lambda self: self.Type is RequestType.INIT)
    IsRead = property(lambda self: self.Type is RequestType.READ)
    IsWrite = property(lambda self: self.Type is RequestType.WRITE)
    IsUser = property(lambda self: False)

    def __getattr__(self, name: str) -> Any:
        if name[:1].islower():
            return getattr(self, _upper(name))
        raise AttributeError(f"request has no {name}")

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, _upper(name), value)


class Peripheral:
    """Renode's log methods, and what the script keeps in `self`. Warnings and errors go to `complain`."""

    def __init__(self, complain: Callable[[str], None]) -> None:
        for name, say in (
            ("NoisyLog", LOG.debug), ("DebugLog", LOG.debug), ("InfoLog", LOG.info),
            ("WarningLog", complain), ("ErrorLog", complain),
        ):  # fmt: skip
            self.__dict__[name] = _formatting(say)


def print_to_log(*texts: object, **_: object) -> None:
    """`print` of a script: stdout is the command's own."""
    LOG.info(" ".join(map(str, texts)))


def _formatting(say: Callable[[str], None]) -> Callable[..., None]:
    return lambda text, *values: say(str(text).format(*values) if values else str(text))


def _upper(name: str) -> str:
    return name if name.startswith("_") else name[:1].upper() + name[1:]


LOG_METHODS = frozenset(vars(Peripheral(LOG.info)))
