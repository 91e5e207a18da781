"""A budget file (TOML): `[stages] name = "function"` names stages, `[deadline] period_ms` sets the hop deadline."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tinysim.errors import InputError

_SECTIONS = {"stages", "deadline"}


@dataclass(frozen=True)
class Budget:
    """Stage name to function; the period in milliseconds, None when the firmware's own hop counts."""

    stages: Mapping[str, str] = field(default_factory=dict)
    deadline_period_ms: float | None = None


def read_budget(path: Path) -> Budget:
    """Read a budget; raises InputError with the line or the key that is wrong."""
    content = _parse(path)
    unknown = sorted(set(content) - _SECTIONS)
    if unknown:
        raise InputError(
            "is no section of a budget",
            file=path,
            place=f"[{unknown[0]}]",
            remedy="sections are [stages] and [deadline]",
        )
    return Budget(_stages(path, content.get("stages", {})), _period_ms(path, content.get("deadline", {})))


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=path, remedy="check the name of --budget") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"is no TOML: {error}", file=path) from None


def _stages(path: Path, stages: Any) -> dict[str, str]:
    if not isinstance(stages, dict):
        raise InputError("must be a section", file=path, place="stages", remedy='write [stages] and name = "function"')
    for name, symbol in stages.items():
        if not isinstance(symbol, str) or not symbol:
            raise InputError(
                "must be the name of a function",
                file=path,
                place=f"stages.{name}",
                remedy=f'write {name} = "nn_invoke"',
            )
    return stages


def _period_ms(path: Path, deadline: Any) -> float | None:
    if not isinstance(deadline, dict) or set(deadline) - {"period_ms"}:
        raise InputError("knows only period_ms", file=path, place="[deadline]", remedy="write period_ms = 200")
    period_ms = deadline.get("period_ms")
    if period_ms is None:
        return None
    if isinstance(period_ms, bool) or not isinstance(period_ms, int | float) or not period_ms > 0:
        raise InputError("must be a number greater than 0", file=path, place="deadline.period_ms")
    return float(period_ms)
