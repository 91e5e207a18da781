"""The profile for speedscope: the call tree with all cycles, causes as the innermost frames, and the time line.

Format: https://github.com/jlfwong/speedscope/wiki/Importing-from-custom-sources (its JSON schema is kept in the tests).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tinysim.analyses.call_tree import ROOT_NAME, CallNode, NodeKind
from tinysim.analyses.causes import CAUSE_MEANINGS
from tinysim.analyses.summary import Provenance
from tinysim.analyses.time_line import Step
from tinysim.record import PROFILE_CAUSES

SCHEMA = "https://www.speedscope.app/file-format-schema.json"
UNIT = "none"  # cycles: speedscope knows times and bytes only


def speedscope_json(tree: CallNode, steps: list[Step], note: str | None, provenance: Provenance) -> str:
    """One file with two profiles: "cycles by call path" (sums to all) and, if there are steps, "time line"."""
    frames = Frames()
    profiles = [_paths(tree, frames)]
    if steps:
        profiles.append(_time_line(tree, steps, note, frames))
    model = f"{provenance.timing_model} {provenance.timing_version}"
    content = {
        "$schema": SCHEMA,
        "exporter": f"tinysim {provenance.tinysim}",
        "name": f"{provenance.firmware} on {provenance.platform}, CPU cycles, {provenance.nature} ({model})",
        "activeProfileIndex": 0,
        "shared": {"frames": [{"name": name} for name in frames.names]},
        "profiles": profiles,
    }
    return json.dumps(content, ensure_ascii=False) + "\n"


class Frames:
    """Numbers of frame names, in the order of their first use."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._numbers: dict[str, int] = {}

    def number(self, name: str) -> int:
        """The frame of this name."""
        if name not in self._numbers:
            self._numbers[name] = len(self.names)
            self.names.append(name)
        return self._numbers[name]


def _paths(tree: CallNode, frames: Frames) -> dict[str, Any]:
    samples: list[list[int]] = []
    weights: list[int] = []
    for path, node in _walk(tree, ()):
        stack = [frames.number(name) for name in path]
        for cause, cycles in zip(PROFILE_CAUSES, node.own.by_cause, strict=True):
            if cycles:
                is_plain = cause in ("base", "sleep")
                samples.append(stack if is_plain else [*stack, frames.number(f"({CAUSE_MEANINGS[cause]})")])
                weights.append(cycles)
    total = sum(weights)
    return {
        "type": "sampled", "name": "cycles by call path", "unit": UNIT, "startValue": 0, "endValue": total,
        "samples": samples, "weights": weights,
    }  # fmt: skip


def _walk(node: CallNode, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], CallNode]]:
    own_path = path if node.kind is NodeKind.ROOT else (*path, node.name)
    yield own_path or (ROOT_NAME,), node
    for child in node.children:
        yield from _walk(child, own_path)


def _time_line(tree: CallNode, steps: list[Step], note: str | None, frames: Frames) -> dict[str, Any]:
    names = {node.number: node.name for _, node in _walk(tree, ())}
    events = [
        {"type": "O" if step.is_enter else "C", "frame": frames.number(names[step.node]), "at": step.cycle}
        for step in steps
    ]
    name = f"time line in CPU cycles ({note})" if note else "time line in CPU cycles"
    return {
        "type": "evented", "name": name, "unit": UNIT, "startValue": steps[0].cycle, "endValue": steps[-1].cycle,
        "events": events,
    }  # fmt: skip
