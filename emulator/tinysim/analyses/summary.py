"""All analyses of one record in one frozen value, from which every report is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tinysim.analyses.complaints import complaint_findings, warning_findings
from tinysim.analyses.deadline import Deadline, analyse_deadline, deadline_findings
from tinysim.analyses.dma import DmaMaster, analyse_dma
from tinysim.analyses.events import Events, analyse_events, event_findings
from tinysim.analyses.finding import Finding, Severity
from tinysim.analyses.gaps import Gap, analyse_gaps, gap_findings
from tinysim.analyses.interrupts import Interrupts, analyse_interrupts
from tinysim.analyses.load import Load, analyse_load
from tinysim.analyses.samples import Samples, analyse_samples, sample_findings
from tinysim.analyses.stages import Stage, analyse_stages, stage_findings
from tinysim.analyses.timebase import timebase
from tinysim.record import Record
from tinysim.units import NANOSECONDS_PER_SECOND

HONESTY = "simulated estimate"
EXIT_FINE, EXIT_CHECK_FAILED, EXIT_FAULT = 0, 1, 3
_FAULT_REASONS = ("fault", "lockup")
# A saved record has lost their order.
_STREAM_KEYS = ("sensor", "file", "quantity", "sha256", "samples", "rate_hz", "duration_s")


@dataclass(frozen=True)
class Provenance:
    """Where the numbers come from; `nature` is always "simulated estimate", `calibrated` is None without silicon.

    `memory` says in words what the wait states and caches were. `clock_hz` is the last of `clocks`, (from when, Hz).
    """

    tinysim: str
    engine: str
    platform: str
    cpu: str
    clock_hz: int
    firmware: str
    firmware_sha256: str
    streams: tuple[dict[str, Any], ...]
    timing_model: str
    timing_version: str
    calibrated: str | None
    assumptions: tuple[str, ...]
    memory: tuple[str, ...] = ()
    clocks: tuple[dict[str, float], ...] = ()
    nature: str = HONESTY


@dataclass(frozen=True)
class Stop:
    """Why and when the run ended; `fault` is the decoded fault or None."""

    reason: str
    detail: str
    virtual_time_s: float
    fault: dict[str, Any] | None = None


@dataclass(frozen=True)
class Summary:
    """Everything the text and JSON reports say. `absent` is what the engine cannot give: what rests on it is None."""

    provenance: Provenance
    stop: Stop
    events: Events
    stages: tuple[Stage, ...]
    load: Load | None
    deadline: Deadline | None
    samples: Samples
    interrupts: tuple[Interrupts, ...]
    dma: tuple[DmaMaster, ...]
    gaps: tuple[Gap, ...]
    findings: tuple[Finding, ...] = field(default=())
    exit_code: int = EXIT_FINE
    absent: tuple[str, ...] = ()


def summarise(record: Record) -> Summary:
    """Run every analysis; findings are ordered errors first."""
    stop, absent = _stop(record), tuple(record.manifest.get("absent", ()))
    knows_sleep = "sleep" not in absent
    events, samples = analyse_events(record), analyse_samples(record)
    deadline = analyse_deadline(record) if knows_sleep else None
    gaps, stages = analyse_gaps(record), analyse_stages(record)
    findings = _stop_findings(record, stop) + complaint_findings(record) + warning_findings(record)
    findings += event_findings(events) + sample_findings(samples)
    findings += deadline_findings(deadline) + gap_findings(gaps) + stage_findings(stages)
    order = [Severity.ERROR, Severity.WARNING, Severity.NOTE]
    return Summary(
        provenance=provenance_of(record),
        stop=stop,
        events=events,
        stages=stages,
        load=analyse_load(record) if knows_sleep else None,
        deadline=deadline,
        samples=samples,
        interrupts=analyse_interrupts(record),
        dma=analyse_dma(record),
        gaps=gaps,
        findings=tuple(sorted(findings, key=lambda finding: order.index(finding.severity))),
        exit_code=_exit_code(stop, findings),
        absent=absent,
    )


def _exit_code(stop: Stop, findings: list[Finding]) -> int:
    if stop.reason in _FAULT_REASONS:
        return EXIT_FAULT
    failed = any(finding.severity is Severity.ERROR for finding in findings)
    return EXIT_CHECK_FAILED if failed else EXIT_FINE


def _stop(record: Record) -> Stop:
    stop = record.manifest.get("stop", {})
    return Stop(
        reason=str(stop.get("reason", "time")),
        detail=str(stop.get("detail") or ""),
        virtual_time_s=int(record.manifest.get("virtual_time_ns", 0)) / 1e9,
        fault=stop.get("fault"),
    )


def _stop_findings(record: Record, stop: Stop) -> list[Finding]:
    """What the way a run ended means by itself."""
    where = f"{stop.virtual_time_s:.6f} s"
    findings = []
    until = record.manifest.get("options", {}).get("until")
    if until is not None and stop.reason != "until":
        findings.append(Finding(Severity.ERROR, "until-not-met", f"the text {until!r} never came", where))
    if stop.reason == "exit" and record.manifest["stop"].get("exit_code"):
        findings.append(Finding(Severity.ERROR, "exit-code", f"the program ended with {stop.detail}", where))
    if stop.reason == "interrupted":
        findings.append(Finding(Severity.ERROR, "interrupted", "the run was interrupted", where))
    elif stop.reason in _FAULT_REASONS:
        findings.append(
            Finding(Severity.ERROR, stop.reason, stop.detail or f"the firmware stopped with a {stop.reason}", where)
        )
    elif stop.reason == "deadlock":
        message = "the CPU sleeps and no event will ever wake it"
        findings.append(Finding(Severity.WARNING, "deadlock", message, where))
    return findings


def _clocks(record: Record) -> tuple[dict[str, float], ...]:
    clock = timebase(record)
    begins = (clock.start_ns / NANOSECONDS_PER_SECOND).tolist()
    return tuple({"from_s": begin_s, "hz": hz} for begin_s, hz in zip(begins, clock.hz.tolist(), strict=True))


def provenance_of(record: Record) -> Provenance:
    """What a report's header says."""
    manifest = record.manifest
    platform, firmware, timing = (manifest.get(key, {}) for key in ("platform", "firmware", "timing"))
    return Provenance(
        tinysim=str(manifest.get("tinysim", "")),
        engine=str(manifest.get("engine", "")),
        platform=str(platform.get("name", "")),
        cpu=str(platform.get("cpu", "")),
        clock_hz=int(platform.get("clock_hz", 0)),
        firmware=str(firmware.get("name", "")),
        firmware_sha256=str(firmware.get("sha256", "")),
        streams=tuple({key: stream.get(key) for key in _STREAM_KEYS} for stream in manifest.get("streams", [])),
        timing_model=str(timing.get("model", "unknown")),
        timing_version=str(timing.get("version", "")),
        calibrated=timing.get("calibrated"),
        assumptions=tuple(timing.get("assumptions", [])),
        memory=tuple(timing.get("memory", [])),
        clocks=_clocks(record),
    )
