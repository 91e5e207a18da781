"""tinysim: run TinyML firmware without its board, with cycles that an engineer can check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tinysim.machine import Machine

__all__ = ["Machine", "__version__"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """`from tinysim import Machine` loads the engine only when it is asked for."""
    if name == "Machine":
        from tinysim.machine import Machine

        return Machine
    raise AttributeError(f"module 'tinysim' has no attribute '{name}'")
