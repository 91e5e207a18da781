"""Factors between units, for everybody."""

NANOSECONDS_PER_SECOND = 1_000_000_000
