"""The outputs in the README are what its commands print."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

ROOT = Path(__file__).resolve().parents[3]


def test_the_readme_shows_real_output() -> None:
    command = [sys.executable, "scripts/update_readme.py", "--check"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "emulator")}
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
