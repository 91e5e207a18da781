"""The scripts of `Python.PythonPeripheral` entries: inline ones, and files that are looked for as usings are.

What the language of a script may be is in `script_language`; who runs it is the engine's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tinysim.errors import InputError
from tinysim.repl.complaints import complaint, shown

if TYPE_CHECKING:
    from tinysim.platform.model import DeviceSpec

PYTHON = "Python.PythonPeripheral"


@dataclass(frozen=True, slots=True)
class Script:
    """The text of a script; `path` is None for one that stands in the platform file `file`, in the entry at `line`."""

    file: str
    line: int
    text: str
    path: Path | None = None
    content: bytes = b""

    def place(self, line: int) -> str:
        """Name a line of the text as the user finds it: `registers.py:3`, or `board.repl:12, line 3 of the script`."""
        return f"{self.file}:{line}" if self.path is not None else f"{self.file}:{self.line}, line {line} of the script"

    def refusal(self, line: int, problem: str, remedy: str) -> InputError:
        """Build the error for a line of the text."""
        return InputError(f"E38 {problem}", self.place(line), remedy=remedy)


def find_scripts(devices: Iterable[DeviceSpec], search_path: Sequence[Path]) -> dict[str, Script]:
    """Return the script of each PythonPeripheral by its name; none for a file that is not found.

    A relative `filename:` starts at the platform file, then at the folders of `search_path`.
    Raises InputError (E38): neither or both of script and filename, no positive size, a file that is no UTF-8 text.
    """
    found = {}
    for device in devices:
        if device.type == PYTHON:
            script = _script_of(device, search_path)
            if script is not None:
                found[device.name] = script
    return found


def _script_of(device: DeviceSpec, search_path: Sequence[Path]) -> Script | None:
    text, filename = device.parameters.get("script"), device.parameters.get("filename")
    size = device.parameters.get("size")
    if not isinstance(size, int) or isinstance(size, bool) or size <= 0:
        raise complaint(38, f"{device.name}: size is {size}", device.place, "give the bytes its registers take")
    if isinstance(text, str) and filename is None:
        return Script(device.place.file, device.place.line, text)
    if isinstance(filename, str) and text is None:
        return _read(device, filename, search_path)
    remedy = "give one text: script: '''...''' or filename: \"registers.py\""
    raise complaint(38, f"{device.name}: one of script and filename is needed", device.place, remedy)


def _read(device: DeviceSpec, filename: str, search_path: Sequence[Path]) -> Script | None:
    folders = [Path(device.place.file).parent, *search_path]
    for path in (folder / filename for folder in folders):  # an absolute name stays what it is
        try:
            content = path.read_bytes()
            return Script(shown(path), 1, content.decode("utf-8-sig"), path, content)
        except UnicodeDecodeError:
            raise complaint(38, f"{filename} is no UTF-8 text", device.place, "save the script as UTF-8") from None
        except (OSError, ValueError):
            continue
    return None
