"""Robot Framework library: `Library    tinysim.robot` is Renode's keywords on tinysim's machines, and some of ours.

While a keyword waits the machine runs as fast as it can; between keywords it runs on in the background, never faster
than the wall clock, until it is paused (`pauseEmulation=true`). Regular expressions are Python's; `(?<name>...)` is
understood.
"""

from __future__ import annotations

from tinysim.robot.library import TinysimLibrary

# Robot Framework looks for a class with the last part of the library's name.
robot = TinysimLibrary

__all__ = ["TinysimLibrary", "robot"]
