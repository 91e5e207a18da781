"""Engines: what runs the firmware. `base` is what machine.py asks; `native` is our core, `renode` another's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tinysim.errors import InputError
from tinysim.platform import Platform, fit, load_platform, with_some_chip

if TYPE_CHECKING:
    from tinysim.engines.base import Engine


def fitted_platform(
    source: str | Path | Platform, search_path: Sequence[Path] = (), *, engine: str = "native"
) -> Platform:
    """Load a platform, or take one, as `engine` can build it; its `omissions` are what has no model there."""
    platform = source if isinstance(source, Platform) else load_platform(source, search_path)
    from tinysim.engines.native import CPU_TYPES, known_types

    if engine == "renode":
        from tinysim.engines.renode_fit import fit_to_renode
        from tinysim.engines.renode_shapes import uses_models

        return fit_to_renode(platform, known_types(), models=uses_models())
    return fit(with_some_chip(platform), known_types(), CPU_TYPES)


def make_engine(name: str, platform: Platform, parameters: Mapping[str, int] | None = None) -> Engine:
    """An engine by name for a platform; `parameters` replaces numbers of its chip. Raises InputError, EngineMissing."""
    if name == "native":
        from tinysim.engines.native import NativeEngine

        return NativeEngine(platform, parameters)
    if name == "renode":
        from tinysim.engines.renode import RenodeEngine

        return RenodeEngine(platform, parameters)
    raise _unknown(name)


def require_engine(name: str) -> str:
    """What the engine is, in words. Raises InputError for one that does not exist, EngineMissing if it is not there."""
    if name == "renode":
        from tinysim.engines.renode_find import find_renode

        return str(find_renode())
    if name != "native":
        raise _unknown(name)
    return "tinysim's own core"


def _unknown(name: str) -> InputError:
    return InputError(f"unknown engine '{name}'", remedy="known: native, renode")
