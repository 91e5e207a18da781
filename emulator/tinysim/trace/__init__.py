"""Execution traces in Renode's binary format: writing one of a run, and counting the cycles of a recorded one."""
