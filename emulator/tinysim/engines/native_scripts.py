"""Runs the script of a PythonPeripheral: once per access, with the variables that the access before left.

Not modelled: what else of Renode a script could reach (machine, sysbus, .NET); script_language refuses it by name.
"""

from __future__ import annotations

import io
import pickle
from typing import Any

from tinysim.engines.script_request import LOG_METHODS, Peripheral, Request, RequestType, print_to_log
from tinysim.engines.script_steps import STEP, compile_counted, made_each_time
from tinysim.errors import InputError
from tinysim.platform.script_language import parse_script
from tinysim.platform.scripts import Script

MOST_STEPS = 100_000
MOST_COMPLAINTS = 100  # different texts of one device
_GIVEN = frozenset({"request", "self", "size", "print", STEP, "__builtins__"})
_PLAIN = (int, float, bool, str, bytes, bytearray, type(None))


class _EndlessScript(Exception):
    pass


class ScriptedRegisters:
    """The device's side that the core calls. Raises InputError for a script that does not run here."""

    def __init__(self, name: str, script: Script, size: int, *, initable: bool) -> None:
        tree = parse_script(script)
        self._name, self._script, self._initable = name, script, initable
        self._made_each_time = made_each_time(tree)
        self._code = compile_counted(tree, script.file)
        self._request, self._self = Request(), Peripheral(self._complain)
        self._complaints, self._said = list[str](), list[str]()
        self._steps = 0
        self._needs_init = initable
        self._size = size
        self._names: dict[str, Any] = {}

    def reset(self) -> None:
        """A reset of the chip: the script sees IsInit before the next access; variables stay, as in Renode."""
        self._needs_init = self._initable

    def access(self, kind: str, offset: int, value: int, length: int) -> tuple[int | None, list[str]]:
        """Run the script for READ or WRITE: what it answers, None for an error, and what it complains of."""
        self._complaints.clear()
        answer = None
        if self._initialised():
            request = self._request
            request.Type, request.Offset, request.Length, request.Value = RequestType[kind], offset, length, value
            answer = request.Value & ((1 << 8 * length) - 1) if self._run() else None
        return answer, self._new_complaints()

    def _initialised(self) -> bool:
        if self._needs_init:
            self._request.Type = RequestType.INIT
            self._needs_init = not self._run()
        return not self._needs_init

    def _run(self) -> bool:
        self._steps = 0
        self._names.update(request=self._request, self=self._self, size=self._size, print=print_to_log)
        self._names[STEP] = self._step
        try:
            exec(self._code, self._names)
            self._check_steps()  # a script may have caught what the step raised
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # SystemExit too: a script ends no run
            self._complaints.append(self._error_text(error))
            return False
        return True

    def _step(self) -> bool:
        self._steps += 1
        self._check_steps()
        return True

    def _check_steps(self) -> None:
        if self._steps > MOST_STEPS:
            raise _EndlessScript(f"does not end: {MOST_STEPS} rounds of its loops are past")

    def _error_text(self, error: BaseException) -> str:
        line, trace = 0, error.__traceback__
        while trace is not None:
            line = trace.tb_lineno if trace.tb_frame.f_code.co_filename == self._script.file else line
            trace = trace.tb_next
        what = str(error) if isinstance(error, _EndlessScript) else f"{type(error).__name__}: {error}"
        place = f" ({self._script.place(line)})" if line else ""
        return f"script of {self._name}: {what}{place}; the access is a bus error"

    def _complain(self, text: str) -> None:
        self._complaints.append(f"script of {self._name}: {text}")

    def _new_complaints(self) -> list[str]:
        """Each text once, so that a poll does not fill the record."""
        room = MOST_COMPLAINTS - len(self._said)
        new = [text for text in dict.fromkeys(self._complaints) if text not in self._said][:room]
        self._said += new
        return new

    # ---- snapshots ----

    def save(self) -> bytes:
        """All that the script remembers. Raises InputError when that is more than plain data."""
        names = {k: v for k, v in self._names.items() if k not in _GIVEN and k not in self._made_each_time}
        own = {k: v for k, v in vars(self._self).items() if k not in LOG_METHODS}
        request = self._request
        self._check_plain([*names.items(), *own.items(), ("request.Counter", request.Counter)])
        fields = (str(request.Type), request.Offset, request.Length, request.Counter, request.Value)
        # one pickle, so that a list with two names stays one list
        return pickle.dumps((names, own, fields, self._needs_init, self._said), protocol=5)

    def _check_plain(self, waiting: list[tuple[str, Any]]) -> None:
        seen = set[int]()
        while waiting:
            name, value = waiting.pop()
            if type(value) in _PLAIN or id(value) in seen:
                continue
            seen.add(id(value))
            if type(value) is dict:
                waiting += [(name, part) for pair in value.items() for part in pair]
            elif type(value) in (list, tuple, set, frozenset):
                waiting += [(name, part) for part in value]
            else:
                problem = f"a snapshot cannot keep {name} of {self._name}, which is a {type(value).__name__}"
                remedy = "keep numbers, texts, bytes, lists, dictionaries and sets; define functions at the left margin"
                raise InputError(problem, self._script.file, remedy=remedy)

    def restore(self, state: bytes) -> bool:
        """Back to that; False: it is damaged, and nothing has changed."""
        request, peripheral = Request(), Peripheral(self._complain)
        try:
            names, own, fields, needs_init, said = _PlainUnpickler(io.BytesIO(state)).load()
            kind, request.Offset, request.Length, request.Counter, request.Value = fields
            request.Type = RequestType(kind)
            vars(peripheral).update(own)
            names = dict(names)
        except Exception:  # pickle raises nearly all there are for damaged bytes
            return False
        self._names, self._self, self._request = names, peripheral, request
        self._needs_init, self._said = bool(needs_init), list(said)
        return True


class _PlainUnpickler(pickle.Unpickler):
    """Makes plain data only: a snapshot from elsewhere runs nothing."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"{module}.{name} is no plain data")
