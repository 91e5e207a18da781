"""What goes into a Renode before the run: an image, recordings as RESD; and the table of registers it prints."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from typing import TYPE_CHECKING

from tinysim.engines.debug import CORE_REGISTERS
from tinysim.engines.renode_errors import RenodeRefused
from tinysim.engines.renode_models import model_files, model_text
from tinysim.engines.renode_process import RenodeProcess
from tinysim.engines.renode_shapes import MODELS_VARIABLE, uses_models
from tinysim.engines.renode_text import path_argument
from tinysim.errors import InputError
from tinysim.firmware import Firmware
from tinysim.sensors.feeding import FEEDINGS, resd_method
from tinysim.streams.resd_reader import write_recordings

if TYPE_CHECKING:
    from tinysim.streams.recording import Recording

ELF_MAGIC = b"\x7fELF"
RESD_SINCE = (1, 15)  # 1.14.0 has no feeding by RESD, 1.16.1 has
_REGISTER_ROW = re.compile(r"^\|\s*(\w+)[^|]*\|(?:[^|]*\|)?\s*0x([0-9A-Fa-f]+)\s*\|", re.MULTILINE)
_OUR_NAMES = {"CPSR": "xpsr"}  # the others are those of CORE_REGISTERS, in capitals


def compile_models(process: RenodeProcess, types: Iterable[str]) -> None:
    """Let Renode compile our C# models of those types. Raises RenodeRefused, which names how to do without them."""
    if not uses_models():
        return
    for model in model_files(types):
        copy = process.folder / model.name
        copy.write_text(model_text(model, process.found.version), encoding="utf-8")
        try:
            process.execute(f"i {path_argument(copy)}")
        except RenodeRefused as error:
            raise RenodeRefused(f"{error}; {MODELS_VARIABLE}=none does without tinysim's models") from error


def load_image(process: RenodeProcess, firmware: Firmware, cpu: str) -> None:
    """An ELF as it is, anything else segment by segment with its vector table."""
    if firmware.path is not None and firmware.path.read_bytes()[:4] == ELF_MAGIC:
        copy = process.folder / "firmware.elf"
        shutil.copyfile(firmware.path, copy)
        process.execute(f"sysbus LoadELF {path_argument(copy)}")
        return
    for number, segment in enumerate(firmware.segments):
        part = process.folder / f"segment{number}.bin"
        part.write_bytes(segment.data)
        process.execute(f"sysbus LoadBinary {path_argument(part)} 0x{segment.address:X}")
    process.execute(f"{cpu} VectorTableOffset 0x{firmware.vector_table_address or 0:X}")


def feed(process: RenodeProcess, peripheral: str, sensor: str, recording: Recording) -> None:
    """Raises InputError for what this Renode cannot be fed with."""
    feeding = FEEDINGS.get(recording.quantity)
    if feeding is None or not feeding.is_upstream:
        raise InputError(f"the renode engine cannot play {recording.quantity}", remedy="use --engine native")
    if not process.found.is_at_least(*RESD_SINCE):
        problem = f"Renode {process.found.version_text} cannot be fed a recording: its sensors take no RESD"
        raise InputError(problem, remedy="use Renode 1.16 or newer")
    path = process.folder / f"{sensor}.resd"
    write_recordings([recording], path)
    process.execute(f"{peripheral} {resd_method(feeding.stem)} {path_argument(path)}")


def registers_in(table: str) -> dict[str, int]:
    """r0 to r12, sp, lr, pc and xpsr of what GetRegistersValues prints; 1.16.1 has a column more than 1.14.0."""
    values = {_OUR_NAMES.get(name, name.lower()): int(value, 16) for name, value in _REGISTER_ROW.findall(table)}
    return {name: values[name] for name in CORE_REGISTERS if name in values}
