"""Engines: what runs the firmware. `base` is what machine.py asks of one; `native` is our own core."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tinysim.errors import EngineMissing, InputError

if TYPE_CHECKING:
    from tinysim.engines.base import Engine
    from tinysim.platform import Platform


def make_engine(name: str, platform: Platform) -> Engine:
    """An engine by name, built for a platform. Raises InputError, EngineMissing."""
    if name == "native":
        from tinysim.engines.native import NativeEngine

        return NativeEngine(platform)
    if name == "renode":
        raise EngineMissing("the renode engine is not built into this version: use --engine native")
    raise InputError(f"unknown engine '{name}'", remedy="known: native, renode")
