"""Keywords of Renode's that tinysim has not: each fails with its reason at the line that used it."""

from __future__ import annotations

from collections.abc import Callable

from robot.api.deco import keyword

from tinysim.robot.errors import KeywordException

_PYTHON = "there is no IronPython in tinysim: write a keyword of your own, or use `from tinysim import Machine`"
_NETWORK = "tinysim has no network controllers"
_CAN = "tinysim has no CAN controllers"
_WINDOWS = "tinysim has no windows"

REFUSED = {
    "Execute Python": _PYTHON,
    "Open GUI": _WINDOWS,
    "Close GUI": _WINDOWS,
    "Stop Remote Server": "the keywords are served by this process; `tinysim --robot-server-port` has a server to stop",
    "Create Network Interface Tester": _NETWORK,
    "Wait For Outgoing Packet": _NETWORK,
    "Wait For Outgoing Packet With Bytes At Index": _NETWORK,
    "Send Frame": _NETWORK,
    "Create CANTester": _CAN,
    "Set Default CANTimeout": _CAN,
    "Wait For Frame With Id": _CAN,
    "Wait For ISOTPMessage Hex": _CAN,
    "Send ISOTPMessage": _CAN,
    "Send UDSCommand And Wait For Positive Response": _CAN,
}


class RefusedKeywords:
    """Filled from the table."""


def _refusal(name: str, reason: str) -> Callable[..., None]:
    def refuse(self: object, *arguments: object, **named: object) -> None:
        raise KeywordException(f"{name} is not supported by tinysim: {reason}")

    refuse.__doc__ = f"Not supported by tinysim: {reason}."
    refuse.__name__ = _attribute(name)
    marked: Callable[..., None] = keyword(name=name, types=None)(refuse)
    return marked


def _attribute(name: str) -> str:
    """Of which the server for `renode-test` makes Renode's own name: Create_CANTester, CreateCANTester."""
    return name.replace(" ", "_")


for _name, _reason in REFUSED.items():
    setattr(RefusedKeywords, _attribute(_name), _refusal(_name, _reason))
