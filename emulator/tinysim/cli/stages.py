"""Which stages to watch: those the user names, else well-known functions that the firmware holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tinysim.errors import TinysimError

# stage: symbols, the first that the firmware holds counts. Ours first, then the usual inference libraries.
WELL_KNOWN: Mapping[str, tuple[str, ...]] = {
    "read": ("tap_read_block",),
    "preprocess": ("tap_preprocess",),
    "inference": (
        "nn_invoke",
        "_ZN6tflite16MicroInterpreter6InvokeEv",
        "run_classifier",
        "ai_network_run",
        "TVMFuncCall",
    ),
    "decision": ("tap_decide",),
    "report": ("tap_report",),
    "extra work": ("tap_extra_work",),
}


def choose_stages(named: Mapping[str, str], budget: Mapping[str, str], symbol: Callable[[str], int]) -> dict[str, str]:
    """--stage wins over the budget of the same name; a named function that is missing is the caller's InputError."""
    chosen = {**budget, **named}
    if chosen:
        return chosen
    return {
        stage: present[0]
        for stage, candidates in WELL_KNOWN.items()
        if (present := [name for name in candidates if _has(symbol, name)])
    }


def _has(symbol: Callable[[str], int], name: str) -> bool:
    try:
        symbol(name)
    except (TinysimError, KeyError):
        return False
    return True
