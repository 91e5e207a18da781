"""One device of the core without a CPU, asked for its registers: builds and runs core/tests/register_probe.cc."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Sequence

import pytest
from core_programs import program


def ask_lines(device_type: str, address: int, parameters: Sequence[str], commands: Iterable[str]) -> list[str]:
    """Run commands on a fresh device; its answers. Skips when the type is not there."""
    arguments = [str(program("register_probe")), device_type, hex(address), *parameters]
    script = "\n".join(commands) + "\n"
    result = subprocess.run(arguments, input=script, capture_output=True, text=True, check=False, timeout=60)
    if result.returncode == 2:
        pytest.skip(f"no device for {device_type} yet")
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()
