"""What Renode has and tinysim has not, by name, each with its reason: refused, and nothing is guessed."""

from __future__ import annotations

_PYTHON = "Python runs outside of tinysim only; drive it by `from tinysim import Machine` or by a Robot keyword"
_GDB = "use `tinysim run --gdb PORT`"
_PROFILE = "use `tinysim profile`, which counts cycles"
_TRACE = "use `tinysim run --trace FILE`, which writes Renode's binary format"
_ALONE = "machines run each for itself, there are no wires between them"
_HOST = "the outside world is not connected"
_REPEAT = "there is no repetition in the Monitor; use RunFor in a script"
_CREATE = "use mach create"
_LOG_ACCESS = "accesses without a model are reported as gaps, the others are not logged"

COMMANDS = {
    "python": _PYTHON, "py": _PYTHON, "watch": _REPEAT, "w": _REPEAT, "connector": _ALONE, "host": _HOST,
    "externals": _HOST, "autoSave": "take snapshots by Save", "reverseExecMode": _GDB, "createPlatform": _CREATE,
    "c": _CREATE, "resd": "use `tinysim stream info`", "tags": "`tinysim platforms NAME` shows what has no model",
    "sara": "use peripherals", "verboseMode": "nothing more is known", "lastLog": "use logFile",
    "numbersMode": "numbers are hexadecimal", "allowPrivates": "there are no private members",
    "commandFromHistory": "use the cursor keys",
}  # fmt: skip
METHODS: dict[str, dict[str, str]] = {
    "sysbus": {
        "ApplySVD": "--svd names registers", "AddWatchpointHook": _PYTHON, "LogPeripheralAccess": _LOG_ACCESS,
        "SetHookBeforePeripheralRead": _PYTHON, "SetHookAfterPeripheralRead": _PYTHON,
        "SetHookBeforePeripheralWrite": _PYTHON, "SetHookAfterPeripheralWrite": _PYTHON,
        "LogAllPeripheralsAccess": _LOG_ACCESS, "Redirect": "addresses are as the platform file says",
        "LoadUImage": "give an ELF, HEX or binary",
        "UnhandledAccessBehaviour": "an access to nothing is a gap or a fault, as on the chip",
    },
    "cpu": {
        "AddHook": _PYTHON, "AddSymbolHook": _PYTHON, "RemoveHooksAt": _PYTHON, "AddHookAtInterruptBegin": _PYTHON,
        "LogFunctionNames": _PROFILE, "CreateExecutionTracing": _TRACE, "LogFile": _TRACE,
        "EnableProfilerPerfetto": _PROFILE, "EnableProfilerCollapsedStack": _PROFILE, "EnableProfiler": _PROFILE,
        "MaximumBlockSize": "there are no blocks: every instruction is exact",
        "EnableZephyrMode": "threads are not followed",
    },
    "machine": {
        "StartGdbServer": _GDB, "EnableProfiler": _PROFILE, "CreateUARTRESDFeeder": "use WriteLine",
        "PyDevFromFile": _PYTHON,
    },
    "emulation": {
        "CreateUARTHub": _ALONE, "CreateSwitch": _ALONE, "CreateCANHub": _ALONE, "CreateBLEMedium": _ALONE,
        "CreateIEEE802_15_4Medium": _ALONE, "CreateWirelessMedium": _ALONE, "CreateServerSocketTerminal": _HOST,
        "CreateUartPtyTerminal": _HOST, "CreateTap": _HOST, "EnableProfilerGlobally": _PROFILE,
        "CreateGDBServer": _GDB,
    },
    "uart": {"AddLineHook": _PYTHON},
    "device": {"SetInputFile": "feed the microphone that is attached to it"},
}  # fmt: skip
