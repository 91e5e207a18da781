"""The keywords that make, feed and judge a machine, joined with those for UARTs and LEDs."""

from __future__ import annotations

from pathlib import Path

from robot.api.deco import keyword, library

from tinysim import __version__
from tinysim.robot.emulation import Emulation
from tinysim.robot.keywords_led import LedKeywords
from tinysim.robot.keywords_uart import UartKeywords
from tinysim.robot.monitor import execute


@library(scope="SUITE", version=__version__)
class TinysimLibrary(UartKeywords, LedKeywords):
    """Renode's keywords on tinysim's engine, and a few of tinysim's own. All times are virtual seconds."""

    def __init__(self) -> None:
        self.emulation = Emulation()

    @keyword
    def create_machine(self, platform: str) -> None:
        """Make a machine of a board, a chip or a .repl file: `Create Machine    platform=nrf52840`."""
        self.emulation.create(platform)

    @keyword
    def load_firmware(self, path: str) -> None:
        """Load an ELF, an Intel HEX or `fw.bin@0x08000000` into the machine."""
        self.emulation.machine.load(path)

    @keyword
    def feed_stream(self, sensor: str, file: str) -> None:
        """Play a recording into a sensor from power-on on; before the machine runs."""
        self.emulation.machine.attach_stream(sensor, Path(file))

    @keyword
    def start_emulation(self) -> None:
        """Power the machine on. It runs while a later keyword waits."""
        _ = self.emulation.machine

    @keyword
    def reset_emulation(self) -> None:
        """Throw the machine and all testers away."""
        self.emulation.reset()

    @keyword
    def execute_command(self, command: str, machine: str | None = None) -> str:
        """Run a Monitor command of the small set that tinysim knows; fails for any other."""
        return execute(self.emulation, command)

    @keyword
    def should_have_lost_no_samples(self) -> None:
        """Fails when a sensor lost a sample or overran, or when the firmware says so."""
        from tinysim.analyses.samples import analyse_samples, sample_findings

        samples = analyse_samples(self.emulation.machine.record())
        findings = sample_findings(samples)
        if not samples.sensors:
            raise AssertionError("no sensor counts its samples: nothing can be said about losses")
        if findings:
            raise AssertionError("; ".join(f"{finding.where}: {finding.message}" for finding in findings))

    @keyword
    def should_have_reported_an_overrun(self) -> None:
        """Passes when a sensor overran and the firmware's own counters tell of overruns and lost samples."""
        from tinysim.analyses.samples import analyse_samples

        samples = analyse_samples(self.emulation.machine.record())
        overruns = sum(sensor.overruns for sensor in samples.sensors)
        if not overruns:
            raise AssertionError("no sensor overran")
        if not samples.firmware.overruns or not samples.firmware.lost:
            raise AssertionError(
                f"the sensors overran {overruns} times, the firmware says overruns={samples.firmware.overruns} "
                f"lost={samples.firmware.lost}"
            )
