"""Where the prebuilt demo firmware stands: `firmware/prebuilt/` in a checkout, `tinysim/prebuilt/` in a wheel."""

from __future__ import annotations

from pathlib import Path

from tinysim.errors import InputError
from tinysim.platform.files import ALIASES

_PACKAGE = Path(__file__).resolve().parents[1]
_PLACES = (_PACKAGE / "prebuilt", _PACKAGE.parents[1] / "firmware" / "prebuilt")
DEMO_NAME = "tap.elf"


def demo_firmware(platform: str) -> Path:
    """The demo of a board, `<board>/tap.elf`, also by its chip's name; raises InputError when there is none."""
    name = Path(ALIASES.get(platform, platform)).stem.lower()
    demos = {path.parent.name: path for place in reversed(_PLACES) for path in place.glob(f"*/{DEMO_NAME}")}
    fitting = [chip for chip in demos if name.startswith(chip) or chip.startswith(name)]
    if fitting:
        return demos[max(fitting, key=len)]
    known = ", ".join(sorted(demos)) or "no chip"
    raise InputError(
        f"there is no demo firmware for the platform '{platform}'",
        remedy=f"name a firmware file; demos exist for {known}",
    )
