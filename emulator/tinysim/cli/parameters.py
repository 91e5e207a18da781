"""Option values of our own: a virtual time (`2s`, `500ms`), NAME=SYMBOL pairs, a sensor's stream."""

from __future__ import annotations

import re
from pathlib import Path

import click

_DURATION = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\s*(ns|us|ms|s|min|h)?")
_NANOSECONDS = {
    "ns": 1,
    "us": 1_000,
    "ms": 1_000_000,
    "s": 10**9,
    "min": 60 * 10**9,
    "h": 3600 * 10**9,
}
_FREQUENCY = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\s*([kKMG]?)(?:[hH][zZ])?")
_HERTZ = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9}
_LOOPBACK = "127.0.0.1"
_STREAM = re.compile(r"(?P<sensor>[A-Za-z_]\w*)=(?P<file>.+)")


def duration_ns(text: str) -> int:
    """`1.5s`, `500ms`, `20us`, `2min` as whole nanoseconds; a bare number is seconds. Raises BadParameter."""
    match = _DURATION.fullmatch(text.strip())
    nanoseconds = round(float(match[1]) * _NANOSECONDS[match[2] or "s"]) if match else 0
    if nanoseconds <= 0:
        raise click.BadParameter(f"'{text}' is no time greater than zero; write 2s, 500ms or 20us")
    return nanoseconds


def named_symbol(text: str) -> tuple[str, str]:
    """`inference=nn_invoke` as a pair. Raises BadParameter unless both sides are there."""
    name, equals, symbol = text.partition("=")
    if not (name and equals and symbol):
        raise click.BadParameter(f"'{text}' is not NAME=SYMBOL, e.g. inference=nn_invoke")
    return name, symbol


def named_number(text: str) -> tuple[str, int]:
    """`branch_refill=2` as a pair; the number may be hexadecimal. Raises BadParameter."""
    name, _, number = text.partition("=")
    try:
        return name, int(number, 0)
    except ValueError:
        raise click.BadParameter(f"'{text}' is not NAME=VALUE with a whole number, e.g. branch_refill=2") from None


def frequency_hz(text: str) -> int:
    """`168MHz`, `32768Hz`, `64M` as whole hertz; a bare number is hertz. Raises BadParameter."""
    match = _FREQUENCY.fullmatch(text.strip())
    hertz = round(float(match[1]) * _HERTZ[match[2].lower()]) if match else 0
    if hertz <= 0:
        raise click.BadParameter(f"'{text}' is no frequency greater than zero; write 168MHz")
    return hertz


def gdb_address(text: str) -> tuple[str, int]:
    """`3333`, `:3333` or `HOST:3333` as (host, port); this machine only unless a host is named. Raises BadParameter."""
    host, _, port = text.rpartition(":")
    if not port.isascii() or not port.isdecimal() or int(port) > 65535:
        raise click.BadParameter(f"'{text}' is no [HOST:]PORT, e.g. 3333")
    return host.removeprefix("[").removesuffix("]") or _LOOPBACK, int(port)


def sensor_stream(text: str) -> tuple[str | None, Path]:
    """`FILE` or `SENSOR=FILE` as (sensor or None, path); a file that is really called `a=b.csv` stays a file."""
    match = _STREAM.fullmatch(text)
    if match is None or Path(text).exists():
        return None, Path(text)
    return match["sensor"], Path(match["file"])
