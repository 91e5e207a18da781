"""Samples a sensor produced, the firmware read, and nobody read: the sensor's own counters against the firmware's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinysim.analyses.console import ts_lines
from tinysim.analyses.finding import Finding, Severity
from tinysim.analyses.timebase import array, timebase
from tinysim.record import Record

REPORT_LAG_S = 0.05  # from reading an overrun FIFO to the first byte of the line that counts it
_PRODUCED = ".samples_produced"


@dataclass(frozen=True)
class SensorSamples:
    """One sensor's counters at the end of the run; `waiting` samples were neither read nor lost yet.

    `at_rest`: no stream plays into it and its FIFO is not in use; who polls it takes what there is.
    """

    sensor: str
    produced: int
    read: int
    lost: int
    overruns: int
    waiting: int
    at_rest: bool = False


@dataclass(frozen=True)
class FirmwareCounters:
    """What the firmware says of itself (last `TS stats`, `TS win lost=`); None: it never said."""

    lost: int | None
    overruns: int | None
    skipped: int | None
    late: int | None


@dataclass(frozen=True)
class Samples:
    """`agrees` compares lost samples of sensors and firmware.

    None: the firmware does not count, or it counts fewer and a FIFO was full too shortly before its last word.
    """

    sensors: tuple[SensorSamples, ...]
    firmware: FirmwareCounters
    agrees: bool | None


def analyse_samples(record: Record) -> Samples:
    """Collect the counters and compare them. Left out: sensors that measured nothing and had nothing to measure."""
    counters = record.manifest.get("counters", {})
    names = [name.removesuffix(_PRODUCED) for name in sorted(counters) if name.endswith(_PRODUCED)]
    played = {stream["sensor"] for stream in record.manifest.get("streams", [])}
    sensors = tuple(
        _sensor(counters, name, at_rest=name not in played and not _fifo_rows(record, name).any())
        for name in names
        if counters[name + _PRODUCED] or name in played or len(names) == 1
    )
    firmware = FirmwareCounters(*(_last(record, key) for key in ("lost", "overruns", "skipped", "late")))
    lost = sum(sensor.lost for sensor in sensors)
    agrees: bool | None = firmware.lost == lost
    if firmware.lost is None or not sensors or (firmware.lost < lost and _lost_since_last_word(record, sensors)):
        agrees = None
    return Samples(sensors, firmware, agrees)


def _fifo_rows(record: Record, sensor: str) -> NDArray[np.bool_]:
    """Which rows of the levels are those of the sensor's FIFO."""
    ids, levels = array(record, "level.id", np.uint16), record.manifest.get("levels", [])
    name = f"{sensor}.fifo"
    return np.asarray(ids == levels.index(name)) if name in levels else np.zeros(len(ids), dtype=np.bool_)


def _lost_since_last_word(record: Record, sensors: Iterable[SensorSamples]) -> bool:
    """Whether a FIFO was full (at its highest level) after the firmware last counted, or shortly before."""
    clock = timebase(record)
    words = [ts.line for ts in ts_lines(record) if ts.integer("lost") is not None]
    known_s = clock.second(words[-1].first_cycle) - REPORT_LAG_S
    for one in sensors:
        chosen = _fifo_rows(record, one.sensor)
        values = array(record, "level.value", np.int32)[chosen]
        ends = [*array(record, "level.cycle", np.uint64)[chosen][1:].tolist(), clock.elapsed_cycles]
        full = [end for end, value in zip(ends, values.tolist(), strict=False) if value == values.max()]
        if full and clock.second(full[-1]) > known_s:
            return True
    return False


def _sensor(counters: dict[str, int], sensor: str, *, at_rest: bool) -> SensorSamples:
    produced, read, lost, overruns = (
        int(counters.get(f"{sensor}.{name}", 0))
        for name in ("samples_produced", "samples_read", "samples_lost", "overruns")
    )
    return SensorSamples(sensor, produced, read, lost, overruns, produced - read - lost, at_rest)


def _last(record: Record, key: str) -> int | None:
    values = [ts.integer(key) for ts in ts_lines(record) if ts.tag in ("win", "stats")]
    return next((value for value in reversed(values) if value is not None), None)


def sample_findings(samples: Samples) -> list[Finding]:
    """Loss is an error, whoever noticed it; so is a firmware that counts otherwise than the sensor.

    Of a sensor at rest it is a note: its output registers were overwritten with the same.
    """
    findings = []
    for one in samples.sensors:
        if one.lost or one.overruns:
            share = f" ({100 * one.lost / one.produced:.1f} % of {one.produced})" if one.produced else ""
            message = f"{one.lost} samples lost{share} in {one.overruns} overruns"
            severity = Severity.NOTE if one.at_rest and not one.overruns else Severity.ERROR
            findings.append(Finding(severity, "samples-lost", message, one.sensor))
    lost = sum(one.lost for one in samples.sensors)
    said = samples.firmware.lost
    if samples.agrees is False:
        message = f"the firmware counts {said} lost samples, the sensors lost {lost}"
        findings.append(Finding(Severity.ERROR, "loss-counters-disagree", message, "firmware"))
    elif said and not samples.sensors:
        findings.append(Finding(Severity.ERROR, "samples-lost", f"the firmware counts {said} lost samples", "firmware"))
    for name in ("skipped", "late"):
        count = getattr(samples.firmware, name)
        if count:
            code = "windows-skipped" if name == "skipped" else "windows-late"
            findings.append(Finding(Severity.ERROR, code, f"the firmware counts {count} {name} windows", "firmware"))
    return findings
