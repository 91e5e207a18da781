"""The environment for programs that tests start and that are not ours: without a sanitizer's preload."""

from __future__ import annotations

import os


def plain_environment() -> dict[str, str]:
    """What this process got, less what only an instrumented Python needs."""
    return {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
