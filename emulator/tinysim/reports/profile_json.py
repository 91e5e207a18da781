"""The profile as JSON; the schema is in docs/json.md. Keys keep their order, so equal runs give equal text."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from tinysim.analyses.call_tree import CallNode
from tinysim.analyses.causes import Cycles
from tinysim.analyses.profile import Profile
from tinysim.analyses.summary import Provenance
from tinysim.record import PROFILE_CAUSES
from tinysim.reports.profile_text import Views

SCHEMA = 1


def profile_as_json(profile: Profile, provenance: Provenance, views: Views) -> str:
    """Indented UTF-8 JSON with a final newline: totals and functions, and of the rest what was asked for."""
    content: dict[str, Any] = {
        "schema": SCHEMA,
        "provenance": asdict(provenance),
        "numbers": {**asdict(profile.numbers), "is_exact": profile.numbers.is_exact},
        "cycles": _cycles(profile.all),
        "functions": [
            {
                "name": row.name,
                "address": row.address,
                "calls": row.calls,
                "with_callees": row.with_callees,
                **_own(row.own),
            }
            for row in profile.functions
        ],
    }
    if views.tree:
        content["tree"] = _node(profile.tree)
    if views.lines is not None:
        content["lines"] = [
            {"file": row.file, "line": row.line, "function": row.function, "executed": row.count, **_own(row.own)}
            for row in views.lines
        ]
    if views.annotated:
        content["annotated"] = {
            name: [
                {"text": line.text}
                if line.instruction is None
                else {
                    "address": line.instruction.address,
                    "text": line.text,
                    "executed": line.instruction.count,
                    **_own(line.instruction.own),
                }
                for line in lines
            ]
            for name, lines in views.annotated
        }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _node(node: CallNode) -> dict[str, Any]:
    head = {"name": node.name, "kind": node.kind.name.lower(), "calls": node.calls, "total": node.total}
    return {**head, **_own(node.own), "children": [_node(child) for child in node.children]}


def _own(cycles: Cycles) -> dict[str, Any]:
    return {"own": _cycles(cycles)}


def _cycles(cycles: Cycles) -> dict[str, Any]:
    causes = dict(zip(PROFILE_CAUSES, cycles.by_cause, strict=True))
    return {"total": cycles.total, **causes, "contention_behind": dict(cycles.held_by)}
