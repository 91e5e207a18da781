"""Keywords of tinysim's own that make, feed and touch a board. They work on both engines."""

from __future__ import annotations

from pathlib import Path

from robot.api.deco import keyword

from tinysim.robot.session import Session


class BoardKeywords:
    """`machine=` names one of several machines."""

    session: Session

    @keyword
    def create_machine(self, platform: str, name: str | None = None) -> None:
        """Make a machine of a board, a chip or a .repl file: `Create Machine    platform=nrf52840`."""
        from tinysim.platform import find_platform

        with self.session.emulation.lock:
            board = self.session.emulation.create(name)
            board.describe(find_platform(platform))
            _ = board.machine  # what is wrong with the description is said here

    @keyword
    def load_firmware(self, path: str, machine: str | None = None) -> None:
        """Load an ELF, an Intel HEX or `fw.bin@0x08000000` into the machine."""
        with self.session.emulation.lock:
            self.session.board(machine).do(lambda board: board.load(path))

    @keyword
    def feed_stream(self, sensor: str, file: str, machine: str | None = None) -> None:
        """Play a recording into a sensor from power-on on; before the machine runs."""
        with self.session.emulation.lock:
            self.session.board(machine).do(lambda board: board.attach_stream(sensor, Path(file)))

    @keyword
    def press_button(self, button: str, machine: str | None = None) -> None:
        """Hold a button of the board."""
        with self.session.emulation.lock:
            board = self.session.board(machine).machine
            board.press(button)

    @keyword
    def release_button(self, button: str, machine: str | None = None) -> None:
        """Let it go."""
        with self.session.emulation.lock:
            board = self.session.board(machine).machine
            board.release(button)

    @keyword
    def run_for(self, seconds: float, machine: str | None = None) -> None:
        """Let exactly this virtual time pass; the machine stands still then."""
        self.session.emulation.pause()
        self.session.run_for(self.session.board(machine), seconds)

    @keyword
    def virtual_time(self, machine: str | None = None) -> float:
        """Virtual seconds since power-on."""
        with self.session.emulation.lock:
            return self.session.board(machine).machine.time
