"""The Monitor: runs lines and scripts in the language of Renode's, on machines of ours.

Not here: Python and C# at run time, connections between machines; each is refused by name (refusals.py).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tinysim.errors import InputError
from tinysim.monitor.errors import MonitorError, refused, unknown
from tinysim.monitor.lookup import call, call_in, kind_and_methods, listing
from tinysim.monitor.machines import EMULATION_METHODS, MACHINE_METHODS
from tinysim.monitor.refusals import COMMANDS as REFUSED_COMMANDS
from tinysim.monitor.services import Services
from tinysim.monitor.session import COMMANDS, SHORT
from tinysim.monitor.target import SYSTEM_BUS, Target, no_such, resolve
from tinysim.monitor.tokens import Token, statements
from tinysim.monitor.values import File, Value, Word, literal, parse_word, show
from tinysim.monitor.watching import Show

if TYPE_CHECKING:
    from tinysim.emulation import Emulation

DEEPEST_INCLUDE = 16
GLOBAL = "global."
OBJECTS = {"machine": MACHINE_METHODS, "emulation": EMULATION_METHODS}


class Monitor(Services):
    """One session: variables, macros, aliases, what is watched.

    `show` gets what commands, UARTs and the log print, at once; without it commands return what they print.
    """

    def __init__(self, emulation: Emulation, *, show: Show | None = None) -> None:
        super().__init__(emulation, show)
        self._forget()

    def _forget(self) -> None:
        self.forget()
        self._variables: dict[tuple[str | None, str], Value] = {}
        self.macros: dict[str, str] = {}
        self.aliases: dict[str, str] = {}
        self._captures = 0  # how many commands in backticks are being run

    def reset(self) -> None:
        """Throw away all machines and what is known of them."""
        self.emulation.reset()
        self._forget()

    # ---- running lines ----

    def execute(self, line: str, machine: str | None = None) -> str:
        """Run a line (commands separated by `;`), on the selected or the named machine; returns what is not shown yet.

        Raises MonitorError for what is not understood or refused, with the nearest known name; Quit for `quit`.
        """
        emulation = self.emulation
        with emulation.lock:
            if machine is None:
                return self.run_text(line)
            if machine not in emulation.boards:
                problem = f"Could not find machine named {machine} in the emulation"
                raise unknown(problem, machine, emulation.boards, f"there is: {', '.join(emulation.boards) or 'none'}")
            before = emulation.board.name if emulation.has_board else None
            emulation.select(machine)
            try:
                return self.run_text(line)
            finally:
                emulation.select(before if before in emulation.boards else None)

    def run_script(self, path: File | Path | str) -> str:
        """Run a script; $ORIGIN is its folder. Raises MonitorError with file, line and column."""
        found = self.find(path if isinstance(path, File) else File(str(path)))
        if found.suffix in (".py", ".cs"):
            raise refused(f"include {found.name}", "it runs neither Python nor C# in its process")
        if len(self.scripts) >= DEEPEST_INCLUDE:
            raise MonitorError(f"scripts include each other {DEEPEST_INCLUDE} deep", remedy="break the cycle")
        try:
            text = found.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise MonitorError(f"the script cannot be read: {error}", found) from None
        self.scripts.append(found)
        try:
            with self.emulation.lock:
                return self.run_text(text, found)
        finally:
            self.scripts.pop()

    def run_macro(self, name: str, *, missing_ok: bool = False) -> str:
        """Run the commands of a macro."""
        if name in self.macros:
            return self.run_text(self.macros[name], f"macro {name}")
        if missing_ok:
            return ""
        raise unknown(f"No such macro: {name}", name, self.macros, "define it by `macro`")

    def run_text(self, text: str, file: Path | str | None = None) -> str:
        """Run commands; the place of a mistake is told when they are of a file or of several lines."""
        printed: list[str] = []
        try:
            for statement in statements(text, is_script=file is not None):
                self._run_one(statement, file, "\n" in text, printed)
        except MonitorError as error:
            raise _placed(error, file, None) from None
        return "".join(printed)

    def _run_one(self, statement: list[Token], file: Path | str | None, has_lines: bool, printed: list[str]) -> None:
        try:
            said = self._run(statement)
        except InputError as error:
            raise _placed(error, file, statement[0] if file is not None or has_lines else None) from None
        said = said if said.endswith("\n") or not said else f"{said}\n"
        if said and self.watching.show is not None and not self._captures:
            self.watching.show(said)
        else:
            printed.append(said)
        self.watching.look()

    def _run(self, statement: list[Token]) -> str:
        first, rest = statement[0], statement[1:]
        if first.kind == "variable":
            return self._variable_line(first, rest)
        if first.kind != "word":
            raise MonitorError(f"No such command or device: {first.text}", remedy="begin with a command or a device")
        return self._command(first.text, rest) or ""

    def _variable_line(self, variable: Token, rest: list[Token]) -> str:
        if not rest:
            return show(self.variable(variable.text))
        if rest[0].kind not in ("assign", "assign_default") or len(rest) != 2:
            raise MonitorError(f"${variable.text} is no command", remedy=f"${variable.text}=VALUE or ?=VALUE")
        if rest[0].kind == "assign" or not self._has_variable(variable.text):
            self.set_variable(variable.text, self._value(rest[1]))
        return ""

    def _command(self, word: str, rest: list[Token]) -> str | None:
        name = SHORT.get(word, word)
        if name in COMMANDS:
            return COMMANDS[name].call(self, "", [self._value(token) for token in rest])
        if word in self.aliases:
            first, *more = next(iter(statements(self.aliases[word])))
            return self._command(first.text, [*more, *rest])
        if word in REFUSED_COMMANDS:
            raise refused(word, REFUSED_COMMANDS[word])
        return self._method(word, rest)

    def _method(self, word: str, rest: list[Token]) -> str | None:
        if not rest:
            return self.describe(word)
        target = None if word in OBJECTS else self.target(word)
        if rest[0].kind != "word":
            raise MonitorError(
                f"{word} {rest[0].text}: a method or property is expected", remedy=f"`{word}` lists them"
            )
        values = [self._value(token) for token in rest[1:]]
        if target is None:
            return call_in(self, word, OBJECTS[word], word, rest[0].text, values)
        return call(target, rest[0].text, values)

    # ---- values ----

    def _value(self, token: Token) -> Value:
        if token.kind == "path":
            return File(self._with_folders(token.text))
        if token.kind == "variable":
            return self.variable(token.text)
        if token.kind == "command":
            return parse_word(self._capture(token.text).strip())
        return literal(token)

    def _capture(self, text: str) -> str:
        self._captures += 1
        try:
            return self.run_text(text)
        finally:
            self._captures -= 1

    def _with_folders(self, text: str) -> str:
        origin = self.scripts[-1].resolve().parent if self.scripts else Path.cwd()
        return text.replace("$ORIGIN", str(origin)).replace("$CWD", str(Path.cwd()))

    def variable(self, name: str) -> Value:
        """A variable of the selected machine or a global one; a macro's name stands for itself."""
        for key in self._keys(name):
            if key in self._variables:
                return self._variables[key]
        if name in self.macros:
            return Word(name)
        known = [each for _, each in self._variables]
        raise unknown(f"No such variable: ${name}", name, known, f"set it by ${name}=VALUE")

    def _has_variable(self, name: str) -> bool:
        return any(key in self._variables for key in self._keys(name))

    def _keys(self, name: str) -> list[tuple[str | None, str]]:
        plain = name.removeprefix(GLOBAL)
        scope = self.emulation.board.name if self.emulation.has_board and plain == name else None
        return [(scope, plain), (None, plain)]

    def set_variable(self, name: str, value: Value) -> None:
        """Variables belong to the machine that is selected, as in Renode; `global.` in front: to all."""
        self._variables[self._keys(name)[0]] = value

    # ---- what is named ----

    def target(self, typed: str) -> Target:
        """The thing that a path names, of the selected machine or of the one whose name stands in front.

        Raises MonitorError with the nearest name.
        """
        emulation = self.emulation
        prefix, _, rest = typed.partition(".")
        if rest and prefix in emulation.boards:
            board, typed = emulation.boards[prefix], rest
        elif emulation.has_board and (emulation.board.is_described or prefix == SYSTEM_BUS):
            board = emulation.board
        else:
            known = [*COMMANDS, *OBJECTS]
            listing = "`help` lists the commands" if emulation.has_board else "there is no machine: use mach create"
            raise unknown(f"No such command or device: {typed}", typed, known, listing)
        found = resolve(board.platform, typed)
        if found is None:
            raise no_such(board.platform, typed, [*COMMANDS, *OBJECTS])
        return Target(board.name, board.machine, *found, self, board.do)

    def describe(self, typed: str) -> str:
        """What a device or object answers to."""
        if typed in OBJECTS:
            return listing(typed, OBJECTS[typed])
        target = self.target(typed)
        return listing(target.path, kind_and_methods(target.machine, target.name)[1])

    def show_uart(self, typed: str) -> None:
        """Print what a UART sends."""
        target = self.target(typed)
        if target.name not in target.machine.engine.uart_names():
            raise MonitorError(f"{target.path} is no UART", remedy="only UARTs are shown")
        self.watch(target.machine, target.name, None)


def _placed(error: InputError, file: Path | str | None, token: Token | None) -> MonitorError:
    """The error with the place of its line; one that has a place of its own tells it in its words."""
    if isinstance(error, MonitorError):
        if error.file is not None or (file is None and token is None):
            return error
        place = error.place if token is None else f"{token.line}:{token.column}"
        return type(error)(error.problem, file, place, error.remedy)
    problem = InputError(error.problem, error.file, error.place)
    return MonitorError(str(problem), file, f"{token.line}:{token.column}" if token else None, error.remedy)
