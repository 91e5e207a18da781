"""What a line, a log entry or a row of bytes must be like: a text that it contains, or a regular expression in it.

Regular expressions are Python's; .NET's `(?<name>...)` is understood, its other differences are not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from tinysim.console import CONSOLE_ENCODING
from tinysim.robot.errors import KeywordException

_DOT_NET_GROUP = re.compile(r"\(\?<(?![=!])")

Matcher: TypeAlias = "Callable[[str], tuple[str, ...] | None]"
BytesMatcher: TypeAlias = "Callable[[bytes], re.Match[bytes] | None]"


def matcher(content: str, *, as_regex: bool) -> Matcher:
    """Answers the groups of the expression, no groups for a text, None where it is not."""
    if not as_regex:
        return lambda text: () if content in text else None
    pattern = _compiled(content)

    def search(text: str) -> tuple[str, ...] | None:
        found = pattern.search(text)
        return None if found is None else tuple(group or "" for group in found.groups())

    return search


def bytes_matcher(content: str, *, as_regex: bool, at_start: bool) -> BytesMatcher:
    """`content` is hexadecimal, `0a 0D`, or with `as_regex` an expression over bytes, `\\x0a.*`."""
    if as_regex:
        expression = _compiled(content).pattern.encode(CONSOLE_ENCODING)
    else:
        try:
            expression = re.escape(bytes.fromhex(content))
        except ValueError:
            raise KeywordException(f"'{content}' is no row of hexadecimal bytes, e.g. 0A0D") from None
    pattern = re.compile(expression, re.DOTALL)
    return pattern.match if at_start else pattern.search


def _compiled(content: str) -> re.Pattern[str]:
    try:
        return re.compile(_DOT_NET_GROUP.sub("(?P<", content))
    except re.error as error:
        raise KeywordException(f"'{content}' is no regular expression: {error}") from None
