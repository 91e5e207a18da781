"""tinysim: run TinyML firmware without its board, with cycles that an engineer can check."""

from __future__ import annotations

__version__ = "0.1.0"
