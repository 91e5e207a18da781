"""The summary as JSON; the schema is in docs/json.md. Keys keep their order, so equal runs give equal text."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from tinysim.analyses.summary import Summary

SCHEMA = 1


def summary_as_dict(summary: Summary) -> dict[str, Any]:
    """Plain dicts, lists, numbers and texts; `schema` comes first."""
    return {"schema": SCHEMA, **asdict(summary)}


def summary_as_json(summary: Summary) -> str:
    """Indented UTF-8 JSON with a final newline."""
    return json.dumps(summary_as_dict(summary), indent=2, ensure_ascii=False) + "\n"
