"""Failures of keywords under the names that Renode gives them, since suites expect these in messages."""

from __future__ import annotations


class KeywordException(AssertionError):
    """A keyword could not do, or did not find, what it was told."""


class InvalidOperationException(AssertionError):
    """A tester's expectation was not met."""


class RecoverableException(AssertionError):
    """A name that does not exist."""
