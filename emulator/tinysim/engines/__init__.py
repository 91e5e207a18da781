"""Engines: what runs the firmware. `base` is what machine.py asks of one; `native` is our own core."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tinysim.errors import EngineMissing, InputError
from tinysim.platform import Platform, fit, load_platform

if TYPE_CHECKING:
    from tinysim.engines.base import Engine


def fitted_platform(name_or_path: str | Path, search_path: Sequence[Path] = (), *, engine: str = "native") -> Platform:
    """Load a platform as `engine` can build it; its `omissions` are what has no model there."""
    platform = load_platform(name_or_path, search_path)
    if engine != "native":
        return platform
    from tinysim.engines.native import CPU_TYPES, known_types

    return fit(platform, known_types(), CPU_TYPES)


def make_engine(name: str, platform: Platform, parameters: Mapping[str, int] | None = None) -> Engine:
    """An engine by name for a platform; `parameters` replaces numbers of its chip. Raises InputError, EngineMissing."""
    if name == "native":
        from tinysim.engines.native import NativeEngine

        return NativeEngine(platform, parameters)
    if name == "renode":
        raise EngineMissing("the renode engine is not built into this version: use --engine native")
    raise InputError(f"unknown engine '{name}'", remedy="known: native, renode")
