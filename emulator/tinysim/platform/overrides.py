"""A platform with some numbers of its chip changed for one run: a mechanism switched off, an uncertain one varied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from tinysim.errors import InputError
from tinysim.platform.chip_file import Parameter
from tinysim.platform.model import Platform
from tinysim.repl.complaints import nearest

LARGEST = 2**31 - 1
SOURCE = "set for this run"
SWITCHES = "timing"  # the section of a known name that the chip's .toml leaves at its default


def with_parameters(platform: Platform, values: Mapping[str, int], more_names: Iterable[str] = ()) -> Platform:
    """The platform with whole numbers replaced: `branch_refill` or `timing.branch_refill` -> value.

    `more_names` are names of [timing] that the engine knows beyond those in the `.toml`. The range that a number's
    uncertainty states is not held: 0 is how a mechanism is switched off. Raises InputError for an unknown name, a
    table, or a value below 0 or above 2^31 - 1.
    """
    if not values:
        return platform
    chip = platform.chip
    parameters = dict(chip.parameters)
    full_names = {f"{SWITCHES}.{name}": name for name in more_names}
    full_names |= {full: full.rpartition(".")[2] for full in parameters}
    for name, value in values.items():
        full = _full_name(name, full_names, chip.file)
        old = parameters.get(full)
        if old is not None and isinstance(old.value, tuple):
            raise InputError(f"{full} is a table", chip.file, remedy="only single numbers can be set for a run")
        if not 0 <= value <= LARGEST:
            raise InputError(f"{full} = {value} is out of range", remedy=f"give a whole number from 0 to {LARGEST}")
        parameters[full] = Parameter(value, old.unit if old else "setting", SOURCE, "H")
    return replace(platform, chip=replace(chip, parameters=parameters))


def _full_name(name: str, full_names: Mapping[str, str], file: str | None) -> str:
    matches = [full for full, short in full_names.items() if name in (full, short)]
    if matches:
        return matches[0]
    near = nearest(name, [*full_names.values(), *full_names], count=3)
    remedy = f"did you mean {' or '.join(near)}?" if near else "the numbers of a chip stand in its .toml"
    raise InputError(f"there is no parameter '{name}'", file, remedy=remedy)
