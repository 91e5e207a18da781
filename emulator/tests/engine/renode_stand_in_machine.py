"""The emulation inside the stand-in of Renode: a Monitor that knows few commands, and a guest that prints by the clock.

Answers, errors and number formats are those of the recordings of 1.14.0 and 1.16.1; a command that is not here fails.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

SIGNATURE = "Parameters did not match the signature"
NS_PER_MS = 1_000_000
QUANTUM_NS = 100_000
# What the firmware of the recordings prints, and when (ms).
PRINTS = ((0.0, "boot: hello from console\n"), (0.00178, "temp=23 hum=41\n"), (18.0, "model loaded in 12 ms\ntiny> "))
OURS_ALONE = ("_FICR", "_UICR", "NRF52840_TEMP", "ROMTable", "STM32L4_", "PDMMicrophone", "I2SMicrophone")
MODELS = ("NVMC", "TWI_TWIM", "Timer_Shorts", "PDM_DoubleBuffered", "SAADC", "F4_DMA", "F4_I2C", "F4_USART")
_TYPED = re.compile(r"^(\w+): ([A-Z][\w.]*)(?: @ (.*))?$", re.MULTILINE)
_TIME = re.compile(r'"(?:(\d+):(\d\d):)?(\d+(?:\.\d+)?)"')


class Refused(Exception):
    """A command's error text; `bare` ones are not inside `There was an error executing command`."""

    def __init__(self, text: str, *, bare: bool = False) -> None:
        super().__init__(text)
        self.bare = bare


@dataclass
class Tester:
    """Lines that nobody has asked for yet: (ms, text); and what is printed of the next one."""

    uart: str
    lines: list[tuple[float, str]] = field(default_factory=list)
    rest: str = ""

    def hear(self, at_ms: float, text: str) -> None:
        *whole, self.rest = (self.rest + text.replace("\r", "")).split("\n")
        self.lines += [(at_ms, line) for line in whole]


@dataclass
class Emulation:
    """One machine; `newer` is 1.16.1's behaviour. `log` writes a line, `on_run` is what a mode does at a run."""

    newer: bool
    log: Callable[[str, str], None]
    on_run: Callable[[], None] = lambda: None
    prints: tuple[tuple[float, str], ...] = PRINTS
    now_ns: int = 0
    peripherals: dict[str, str] = field(default_factory=dict)  # path: type
    testers: list[Tester] = field(default_factory=list)
    leds: list[str] = field(default_factory=list)
    backends: list[Path] = field(default_factory=list)
    memory: dict[int, int] = field(default_factory=dict)
    machines: list[str] = field(default_factory=list)
    compiled: list[str] = field(default_factory=list)
    loaded: bool = False
    using: bool = False
    tracing: Path | None = None
    untraced: bytes = b""
    commands: list[str] = field(default_factory=list)
    _printed: int = 0

    # ---- the Monitor ----

    def execute(self, command: str) -> str:
        """The text that a command prints. Raises Refused."""
        for pattern, method in _COMMANDS:
            match = re.fullmatch(pattern, command)
            if match:
                return str(method(self, *match.groups()) or "")
        head = command.split(" ")[0]
        raise Refused(f"No such command or device: {head}", bare=True)

    def _create(self, name: str) -> None:
        self.machines.append(name)

    def _using(self) -> None:
        self.using = True

    def _platform(self, path: str) -> None:
        file = _path(path)
        if not file.is_file():
            raise Refused(f"Could not find file '{file}'.")
        text = file.read_text()
        if "using " in text or "ApplySVD" in text:
            raise Refused("Error E36: Using was not resolved.")
        for name, kind, place in _TYPED.findall(text):
            compiled = kind.rsplit(".", 1)[-1] in self.compiled
            if any(part in kind for part in OURS_ALONE) or (kind.endswith(MODELS) and not compiled):
                raise Refused(f"Error E04: Could not resolve type: '{kind}'.\nAt 1:1:\n{name}: {kind}")
            for parent in re.findall(r"(\w+)", place)[:1] or ["sysbus"]:
                above = next((path for path in self.peripherals if path.endswith(f".{parent}")), "sysbus")
                self.peripherals[f"{above}.{name}"] = kind

    def _include(self, path: str) -> None:
        """A C# file: compiled against this version's class for a machine."""
        text = _path(path).read_text()
        wanted = "(IMachine machine" if self.newer else "(Machine machine"
        if wanted not in text:
            place = f"{_path(path)}(1,1): error CS0246: The type or namespace name could not be found"
            raise Refused(
                f"Errors during compilation or loading:\nThere were compilation errors:\n{place}\n", bare=True
            )
        self.compiled += re.findall(r"public class (\w+)", text)

    def _load(self, path: str) -> None:
        if not _path(path).is_file():
            raise Refused(SIGNATURE if self.newer else f"File does not exist: {_path(path)}")
        self.loaded = True

    def _binary(self, path: str, address: str) -> None:
        self._load(path)
        self.memory.update(enumerate(_path(path).read_bytes(), int(address, 16)))

    def _run_for(self, text: str) -> None:
        match = _TIME.fullmatch(text)
        if match is None:
            raise Refused(SIGNATURE)
        self.on_run()
        self._trace_on()
        seconds = int(match[1] or 0) * 3600 + int(match[2] or 0) * 60 + float(match[3])
        self.advance(self.now_ns + round(seconds * 1e9))

    def advance(self, to_ns: int) -> None:
        """Let the guest print what is due."""
        while self.loaded and self._printed < len(self.prints) and self.prints[self._printed][0] * NS_PER_MS <= to_ns:
            at_ms, text = self.prints[self._printed]
            self._printed += 1
            for backend in self.backends[:1]:  # the first UART is the console
                with backend.open("ab") as file:
                    file.write(text.encode())
            for tester in self.testers[:1]:
                tester.hear(at_ms, text)
        self.now_ns = to_ns

    def next_print_ns(self) -> int | None:
        """When the guest prints next."""
        if not self.loaded or self._printed >= len(self.prints):
            return None
        return round(self.prints[self._printed][0] * NS_PER_MS)

    def _current_time(self) -> str:
        seconds, rest_ns = divmod(self.now_ns, 1_000_000_000)
        fraction = f"{rest_ns:09d}" if self.newer else f"{rest_ns // 1000:06d}"
        at = f"00:{seconds // 60:02d}:{seconds % 60:02d}.{fraction}"
        return f"Current virtual time: {at}\nCurrent real time: {at}\n"

    def _backend(self, path: str, file: str) -> None:
        self._need(path)
        self.backends.append(_path(file))
        _path(file).touch()

    def _need(self, path: str) -> None:
        if path not in self.peripherals:
            raise Refused(f"No such command or device: {path}", bare=True)

    def _feed(self, path: str, file: str) -> None:
        self._need(path)
        if not self.newer:
            raise Refused(f"{path} does not provide a field, method or property FeedAccelerationSamplesFromRESD.")
        if _path(file).read_bytes()[:4] != b"RESD":
            raise Refused("Invalid magic")

    def _read_bytes(self, address: str, count: str) -> str:
        first = int(address, 16)
        content = [f"0x{self.memory.get(first + number, 0):02X}, " for number in range(int(count))]
        rows = ["".join(content[at : at + 10]) for at in range(0, len(content), 10)]
        return "\n".join(["[", *rows, "]", ""])

    def _registers(self) -> str:
        if not self.newer:
            rows = [f"|R{number:<8}|0x{number:<8X}|" for number in range(13)]
            return "\n".join([*rows, "|SP       |0x2003FFD0|", "|LR       |0x1E1     |", "|PC       |0x160     |", ""])
        rows = [f"| R{number:<8} | {number:<5} | 0x{number:<8X} |" for number in range(13)]
        return "\n".join([*rows, "| SP / R13  | 13    | 0x2003FFD0 |", "| PC / R15  | 15    | 0x160      |", ""])

    def _instructions(self) -> str:
        return f"0x{self.now_ns // 10:016X}\n"

    def _trace(self, path: str) -> None:
        """All of it at once; with STAND_IN_GATE one half, and the other one at a run, once that file is there."""
        self.tracing = _path(path)
        content = Path(os.environ["STAND_IN_TRACE"]).read_bytes()
        half = len(content) // 2 if "STAND_IN_GATE" in os.environ else len(content)
        self.tracing.write_bytes(content[:half])
        self.untraced = content[half:]

    def _trace_on(self) -> None:
        if self.tracing is None or not self.untraced:
            return
        while not Path(os.environ["STAND_IN_GATE"]).exists():
            time.sleep(0.01)
        with self.tracing.open("ab") as file:
            file.write(self.untraced)
        self.untraced = b""

    def _nothing(self, *_: str) -> None:
        pass

    def _version(self) -> str:
        return "Renode, version 1.16.1 (local)\n" if self.newer else "Renode, version 1.14.0.27945 (local)\n"

    def _echo(self, text: str) -> str:
        return f"{text}\n"

    def _missing_property(self, path: str, name: str) -> str:
        self._need(f"sysbus.{path}" if self.using and not path.startswith("sysbus") else path)
        raise Refused(f"sysbus.cpu does not provide a field, method or property {name}.")


def _path(text: str) -> Path:
    return Path(text.removeprefix("@").replace("\\ ", " "))


_FILE = r"(@(?:\\ |[^\s;])+)"
_COMMANDS: tuple[tuple[str, Callable[..., str | None]], ...] = (
    (r"version", Emulation._version),
    (r'echo "(.*)"', Emulation._echo),
    (r'mach create(?: "(.*)")?', Emulation._create),
    (r"using sysbus", Emulation._using),
    (rf"i {_FILE}", Emulation._include),
    (rf"machine LoadPlatformDescription {_FILE}", Emulation._platform),
    (r"machine Reset", Emulation._nothing),
    (rf"sysbus LoadELF {_FILE}", Emulation._load),
    (rf"sysbus LoadBinary {_FILE} (0x[0-9A-F]+)", Emulation._binary),
    (r"sysbus\.cpu VectorTableOffset 0x[0-9A-F]+", Emulation._nothing),
    (r"sysbus ReadBytes (0x[0-9A-Fa-f]+) (\d+)", Emulation._read_bytes),
    (r"emulation RunFor (.+)", Emulation._run_for),
    (r"emulation SetGlobalAdvanceImmediately true", Emulation._nothing),
    (r"currentTime", Emulation._current_time),
    (r"pause", lambda _: "Pausing emulation...\n"),
    (rf"(sysbus\.[\w.]+) CreateFileBackend {_FILE} true", Emulation._backend),
    (r"(sysbus\.[\w.]+) WriteChar 0x[0-9A-F]{2}", Emulation._need),
    (r"(sysbus\.[\w.]+) (?:Press|Release)", Emulation._need),
    (rf"(sysbus\.[\w.]+) FeedAccelerationSamplesFromRESD {_FILE}", Emulation._feed),
    (r"sysbus\.cpu GetRegistersValues", Emulation._registers),
    (r"sysbus\.cpu ExecutedInstructions", Emulation._instructions),
    (rf'sysbus\.cpu CreateExecutionTracing "\w+" {_FILE} PCAndOpcode true', Emulation._trace),
    (r"tinysimTracer TrackMemoryAccesses", Emulation._nothing),
    (r"sysbus\.cpu DisableExecutionTracing", Emulation._nothing),
    (r"(cpu|sysbus\.cpu) (NoSuchMethod)", Emulation._missing_property),
)
