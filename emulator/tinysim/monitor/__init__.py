"""Renode's Monitor: the language of `.resc` scripts and of `Execute Command`, on tinysim's machines.

`Monitor(emulation).execute(line)` is in tinysim.monitor.interpreter; tinysim.monitor.lines serves platform files.
"""
