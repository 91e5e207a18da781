"""Robot Framework library: `Library    tinysim.robot` gives Renode's keyword names on tinysim's own engine.

The machine moves only inside keywords, in virtual time: `Sleep` does not let it run, and between keywords it stands
still (as with Renode's pauseEmulation=true). Regular expressions are Python's; `(?<name>...)` is understood.
"""

from __future__ import annotations

from tinysim.robot.library import TinysimLibrary

# Robot Framework looks for a class with the last part of the library's name.
robot = TinysimLibrary

__all__ = ["TinysimLibrary", "robot"]
