"""Detected events against labels: each labelled event is to be found once, with its class, and nothing else.

An event counts for a label when its line is complete within [start, end + 1 s]. Labels of class `none` are hard
negatives: they expect nothing. A label whose time is not over when the run ends is not judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from tinysim.analyses.console import ts_lines
from tinysim.analyses.finding import Finding, Severity
from tinysim.analyses.timebase import timebase
from tinysim.record import Record

TOLERANCE_S = 1.0
NO_EVENT_CLASS = "none"


@dataclass(frozen=True)
class Event:
    """One `TS event` line."""

    time_s: float
    event_class: str
    window: int | None


@dataclass(frozen=True)
class Label:
    """A span of the stream with what happens in it."""

    start_s: float
    end_s: float
    event_class: str


@dataclass(frozen=True)
class Match:
    """A label with its event; `delay_s` is from the label's end to the printed line."""

    label: Label
    event: Event
    delay_s: float


@dataclass(frozen=True)
class Events:
    """All events, and when there are labels: what was found, missed, taken for another class, or false."""

    detected: tuple[Event, ...]
    windows: int
    labelled: bool
    found: tuple[Match, ...] = ()
    wrong_class: tuple[Match, ...] = ()
    missed: tuple[Label, ...] = ()
    false: tuple[Event, ...] = ()
    not_judged: tuple[Label, ...] = ()
    median_delay_s: float | None = None


def analyse_events(record: Record) -> Events:
    """Read the events of the console and match them to `labels` of the manifest, if it has any."""
    detected = tuple(
        Event(ts.line.time_s, ts.fields.get("class", ""), ts.integer("window")) for ts in ts_lines(record, "event")
    )
    windows = len(ts_lines(record, "win"))
    raw = record.manifest.get("labels")
    if raw is None:
        return Events(detected, windows, labelled=False)
    labels = [Label(float(one["start_s"]), float(one["end_s"]), str(one["class"])) for one in raw]
    wanted = sorted((one for one in labels if one.event_class != NO_EVENT_CLASS), key=lambda one: one.start_s)
    return _match(detected, windows, wanted, timebase(record).elapsed_s)


def _match(detected: tuple[Event, ...], windows: int, wanted: list[Label], run_s: float) -> Events:
    """First events of the right class, then what is left over of a wrong one."""
    free_events, free_labels = list(detected), list(wanted)
    found = _pair(free_events, free_labels, same_class=True)
    wrong = _pair(free_events, free_labels, same_class=False)
    delays = [match.delay_s for match in found]
    return Events(
        detected=detected,
        windows=windows,
        labelled=True,
        found=tuple(found),
        wrong_class=tuple(wrong),
        missed=tuple(label for label in free_labels if label.end_s + TOLERANCE_S <= run_s),
        false=tuple(free_events),
        not_judged=tuple(label for label in free_labels if label.end_s + TOLERANCE_S > run_s),
        median_delay_s=median(delays) if delays else None,
    )


def _pair(events: list[Event], labels: list[Label], *, same_class: bool) -> list[Match]:
    """Take pairs out of both lists, in order of time."""
    pairs = []
    for label in list(labels):
        for event in events:
            in_time = label.start_s <= event.time_s <= label.end_s + TOLERANCE_S
            if in_time and (event.event_class == label.event_class) == same_class:
                pairs.append(Match(label, event, event.time_s - label.end_s))
                events.remove(event)
                labels.remove(label)
                break
    return pairs


def event_findings(events: Events) -> list[Finding]:
    """Each miss, mix-up and false event is an error."""
    findings = [
        Finding(Severity.ERROR, "event-missed", f"a {label.event_class} was not detected", _span(label))
        for label in events.missed
    ]
    findings += [
        Finding(
            Severity.ERROR,
            "event-wrong-class",
            f"a {match.label.event_class} was reported as {match.event.event_class}",
            _span(match.label),
        )
        for match in events.wrong_class
    ]
    if events.labelled:
        findings += [
            Finding(
                Severity.ERROR,
                "event-false",
                f"a {event.event_class} was reported where none is",
                f"{event.time_s:.3f} s",
            )
            for event in events.false
        ]
    if events.not_judged:
        message = f"{len(events.not_judged)} labelled events lie beyond the end of the run and are not judged"
        findings.append(Finding(Severity.NOTE, "event-not-judged", message))
    return findings


def _span(label: Label) -> str:
    return f"{label.start_s:.3f}-{label.end_s:.3f} s"
