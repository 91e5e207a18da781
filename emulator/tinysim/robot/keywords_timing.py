"""Keywords of tinysim's own about cycles, deadlines and losses. What an engine cannot say is skipped, with the reason.

All numbers are simulated estimates of the native engine (docs/timing.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from robot.api import SkipExecution
from robot.api.deco import keyword

from tinysim.robot.errors import KeywordException
from tinysim.robot.session import Session
from tinysim.units import MILLISECONDS_PER_SECOND

if TYPE_CHECKING:
    from tinysim.analyses.finding import Finding
    from tinysim.analyses.stages import Stage
    from tinysim.record import Record

_NO_CYCLES = "it does not count cycles"


class TimingKeywords:
    """They look at the record of the run up to now."""

    session: Session

    @keyword
    def watch_stage(self, name: str, function: str) -> None:
        """Measure a function from now on, from entry to return; before the machine runs."""
        native_only(self.session, _NO_CYCLES)
        with self.session.emulation.lock:
            self.session.board().do(lambda board: board.watch_stages({name: function}))

    @keyword
    def cycles_between(self, begin: str, end: str, at_least: int | None = None, at_most: int | None = None) -> int:
        """CPU cycles from the end of the first line that contains `begin` to that of the next one that contains `end`.

        Fails when a line is not there, or with fewer or more cycles than given.
        """
        from tinysim.analyses.console import console_lines

        native_only(self.session, _NO_CYCLES)
        lines = console_lines(self._record())
        first = next((number for number, line in enumerate(lines) if begin in line.text), None)
        if first is None:
            raise KeywordException(f"no line contains '{begin}'")
        last = next((line for line in lines[first + 1 :] if end in line.text), None)
        if last is None:
            raise KeywordException(f"no line behind '{lines[first].text}' contains '{end}'")
        cycles = last.cycle - lines[first].cycle
        if (at_least is not None and cycles < at_least) or (at_most is not None and cycles > at_most):
            raise KeywordException(
                f"{cycles} cycles from '{lines[first].text}' to '{last.text}', expected {at_least} to {at_most}"
            )
        return cycles

    @keyword
    def stage_cycles(self, name: str) -> int:
        """The most cycles that a watched stage has taken, interrupts inside included."""
        native_only(self.session, _NO_CYCLES)
        return self._stage(name).max_cycles or 0

    @keyword
    def deadline_should_hold(self, stage: str | None = None, within_ms: float | None = None) -> None:
        """Each window's work is done before the next hop; with both arguments: each run of a stage within a time."""
        native_only(self.session, _NO_CYCLES)
        if stage is not None and within_ms is not None:
            worst_ms = MILLISECONDS_PER_SECOND * (self._stage(stage).max_s or 0.0)
            if worst_ms > within_ms:
                raise KeywordException(f"{stage} took {worst_ms:.3f} ms, more than {within_ms:g} ms")
            return
        from tinysim.analyses.deadline import analyse_deadline, deadline_findings

        if stage is not None or within_ms is not None:
            raise KeywordException("give stage and within_ms, or none of them")
        deadline = analyse_deadline(self._record())
        if deadline is None:
            raise KeywordException("no window was decided, or nothing names the hop: there is no deadline to hold")
        for finding in deadline_findings(deadline):
            raise KeywordException(f"{finding.message} ({finding.where})")

    @keyword
    def should_have_lost_no_samples(self) -> None:
        """Fails when a sensor lost a sample or overran, or when the firmware says so."""
        from tinysim.analyses.samples import analyse_samples, sample_findings

        native_only(self.session, "its sensors do not count what was not read")
        samples = analyse_samples(self._record())
        if not samples.sensors:
            raise KeywordException("no sensor counts its samples: nothing can be said about losses")
        if findings := sample_findings(samples):
            raise KeywordException("; ".join(f"{finding.where}: {finding.message}" for finding in findings))

    @keyword
    def should_have_reported_an_overrun(self) -> None:
        """Passes when a sensor overran and the firmware's own counters tell of overruns and lost samples."""
        from tinysim.analyses.samples import analyse_samples

        native_only(self.session, "its sensors do not overrun")
        samples = analyse_samples(self._record())
        overruns = sum(sensor.overruns for sensor in samples.sensors)
        if not overruns:
            raise KeywordException("no sensor overran")
        if not samples.firmware.overruns or not samples.firmware.lost:
            raise KeywordException(
                f"the sensors overran {overruns} times, the firmware says overruns={samples.firmware.overruns} "
                f"lost={samples.firmware.lost}"
            )

    @keyword
    def report_should_have_no_findings(self, *but: str) -> None:
        """Fails when the report of the run has errors or warnings; `but` names codes that may be there."""
        findings = [
            f"{finding.severity.value} {finding.code}: {finding.message} ({finding.where})"
            for finding in self._findings()
            if finding.code not in but
        ]
        if findings:
            raise KeywordException("the report has findings:\n" + "\n".join(findings))

    @keyword
    def report_should_have_finding(self, code: str) -> str:
        """The message of a finding that the report must have."""
        messages: dict[str, str] = {}
        for finding in self._findings():
            messages.setdefault(finding.code, finding.message)
        if code not in messages:
            raise KeywordException(f"the report has no finding '{code}': it has {', '.join(messages) or 'none'}")
        return messages[code]

    @keyword
    def fault_should_be(self, *flags: str) -> str:
        """The firmware has stopped with a fault of these flags, e.g. PRECISERR; returns its exception's name."""
        fault = self._record().manifest["stop"]["fault"]
        if fault is None:
            raise KeywordException("the firmware took no fault")
        if missing := [flag for flag in flags if flag not in fault["flags"]]:
            raise KeywordException(f"the {fault['kind']} has {', '.join(fault['flags'])}, not {', '.join(missing)}")
        return str(fault["kind"])

    def _findings(self) -> list[Finding]:
        from tinysim.analyses.finding import Severity
        from tinysim.analyses.summary import summarise

        return [each for each in summarise(self._record()).findings if each.severity is not Severity.NOTE]

    def _stage(self, name: str) -> Stage:
        from tinysim.analyses.stages import analyse_stages

        found = next((stage for stage in analyse_stages(self._record()) if stage.name == name and stage.count), None)
        if found is None:
            raise KeywordException(f"stage '{name}' is not watched or never ran: use Watch Stage before the run")
        return found

    def _record(self) -> Record:
        with self.session.emulation.lock:
            return self.session.machine.record()


def native_only(session: Session, reason: str) -> None:
    """Skip the test on another engine."""
    if session.engine != "native":
        raise SkipExecution(f"the engine {session.engine} cannot do this: {reason}")
