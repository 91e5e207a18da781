"""Engines: what runs the firmware. `base` is what machine.py asks of one; `native` is our own core."""
