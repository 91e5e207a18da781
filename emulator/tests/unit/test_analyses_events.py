from __future__ import annotations

from record_builder import RecordBuilder

from tinysim.analyses.console import console_lines, ts_lines
from tinysim.analyses.events import Events, analyse_events, event_findings

LABELS = [(1.0, 1.2, "single"), (3.0, 3.4, "double"), (5.0, 5.1, "none")]


def events(
    *reported: tuple[float, str], labels: list[tuple[float, float, str]] | None = LABELS, run_s: float = 8.0
) -> Events:
    builder = RecordBuilder(run_s)
    for number, (at_s, name) in enumerate(reported):
        builder.say(at_s, f"TS event n={number} class={name} window={number}\r\n")
    if labels is not None:
        builder.manifest["labels"] = [{"start_s": one[0], "end_s": one[1], "class": one[2]} for one in labels]
    return analyse_events(builder.build())


def codes(result: Events) -> list[str]:
    return [finding.code for finding in event_findings(result)]


def test_each_label_found_once_is_fine() -> None:
    result = events((1.5, "single"), (3.9, "double"))
    assert [match.event.event_class for match in result.found] == ["single", "double"]
    assert abs((result.median_delay_s or 0) - 0.4) < 1e-6
    assert codes(result) == []


def test_an_event_up_to_a_second_after_the_label_counts() -> None:
    assert codes(events((2.199, "single"), (3.9, "double"))) == []
    assert codes(events((2.201, "single"), (3.9, "double"))) == ["event-missed", "event-false"]


def test_a_missed_label_is_an_error() -> None:
    assert codes(events((1.5, "single"))) == ["event-missed"]


def test_a_wrong_class_is_neither_missed_nor_false() -> None:
    assert codes(events((1.5, "double"), (3.9, "double"))) == ["event-wrong-class"]


def test_a_second_report_of_one_tap_is_false() -> None:
    assert codes(events((1.5, "single"), (1.7, "single"), (3.9, "double"))) == ["event-false"]


def test_a_double_that_is_also_a_single_leaves_a_false_single() -> None:
    assert codes(events((1.5, "single"), (3.5, "single"), (3.9, "double"))) == ["event-false"]


def test_an_event_in_a_hard_negative_is_false() -> None:
    result = events((1.5, "single"), (3.9, "double"), (5.05, "single"))
    assert codes(result) == ["event-false"]
    assert event_findings(result)[0].where == "5.050 s"


def test_a_label_beyond_the_end_of_the_run_is_not_judged() -> None:
    result = events((1.5, "single"), run_s=4.0)
    assert result.missed == ()
    assert codes(result) == ["event-not-judged"]


def test_without_labels_nothing_is_checked() -> None:
    result = events((1.5, "single"), labels=None)
    assert not result.labelled
    assert len(result.detected) == 1
    assert codes(result) == []


def test_labels_without_events_make_every_report_false() -> None:
    assert codes(events((1.5, "single"), labels=[])) == ["event-false"]


def test_a_console_line_has_the_time_of_its_last_byte() -> None:
    record = RecordBuilder().say(0.25, "first\r\n").say(0.5, "\0TS win n=1 class=none p=0.5\nrest").build()
    lines = console_lines(record)
    assert [line.text for line in lines] == ["first", "TS win n=1 class=none p=0.5", "rest"]
    assert abs(lines[0].time_s - 0.25) < 1e-9
    assert lines[1].first_cycle < lines[1].cycle


def test_lines_of_several_uarts_come_in_order_of_time() -> None:
    record = RecordBuilder().say(0.5, "late\n", "uart0").say(0.2, "early\n", "uart1").build()
    assert [(line.uart, line.text) for line in console_lines(record)] == [("uart1", "early"), ("uart0", "late")]


def test_only_well_formed_ts_lines_are_parsed() -> None:
    record = RecordBuilder().say(0.5, "TS\nTSx win n=1\nhello TS win\nTS win n=3 odd us=x =7\n").build()
    (one,) = ts_lines(record)
    assert (one.tag, one.integer("n"), one.integer("us"), one.integer("absent")) == ("win", 3, None, None)
