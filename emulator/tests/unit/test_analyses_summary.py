from __future__ import annotations

import io
import json

from record_builder import RecordBuilder

from tinysim.analyses.summary import summarise
from tinysim.reports.json_report import summary_as_json
from tinysim.reports.text import print_summary

FAULT = {
    "kind": "BusFault",
    "flags": ["PRECISERR", "BFARVALID"],
    "pc": 0x1234,
    "address": 0x4FFF_0000,
    "function": "read_sensor",
    "source": "tap.c:41",
    "cfsr": 0x8200,
    "hfsr": 0,
    "registers": {"r0": 1, "r1": 2, "r2": 3, "r3": 4, "r12": 5, "lr": 6, "pc": 0x1234, "xpsr": 0x0100_0000},
}


def full_record() -> RecordBuilder:
    builder = RecordBuilder(1.0).say(0.01, "TS boot app=tap odr=200 window=80 hop=40\n")
    builder.manifest["streams"] = [
        {
            "sensor": "accelerometer",
            "file": "tap.csv",
            "sha256": "0",
            "samples": 200,
            "rate_hz": 200.0,
            "duration_s": 1.0,
        }
    ]
    builder.manifest["dma_masters"] = ["twi0"]
    builder.stage("inference", 0.4, 0.405).say(0.41, "TS win n=0 class=none lost=0\n").sleep(0.42, 1.0)
    builder.row("exception", number=22, enter=10, exit=20)
    builder.row("dma", master=0, start=0, end=100, address=0x2000_0000, bytes=6, to_memory=1)
    return builder.count(samples_produced=200, samples_read=200, samples_lost=0, overruns=0)


def text_of(builder: RecordBuilder) -> str:
    stream = io.StringIO()
    print_summary(summarise(builder.build()), stream)
    return stream.getvalue()


def test_a_clean_run_exits_0() -> None:
    assert summarise(full_record().build()).exit_code == 0


def test_the_text_report_says_where_its_numbers_come_from() -> None:
    text = text_of(full_record())
    for expected in (
        "nrf52840dk  cortex-m4f at 64 MHz",
        "simulated estimate: model m4 1, not calibrated against silicon",
        "assumes flash without wait states",
        "accelerometer: 200 produced, 200 read, 0 lost",
        "worst slack 195.00 ms of 200.00 ms",
        "320,000",
        "stopped: time after 1.000000 s virtual; 0 gaps; simulated estimate",
    ):
        assert expected in text


def test_the_json_report_is_the_same_data_and_repeats_itself() -> None:
    first, second = (summary_as_json(summarise(full_record().build())) for _ in range(2))
    assert first == second
    data = json.loads(first)
    assert list(data)[:3] == ["schema", "provenance", "stop"]
    assert data["provenance"]["nature"] == "simulated estimate"
    assert data["stages"][0]["median_cycles"] == 320_000
    assert data["samples"]["sensors"][0]["lost"] == 0
    assert data["exit_code"] == 0


def test_a_fault_exits_3_and_is_decoded() -> None:
    builder = full_record()
    builder.manifest["stop"] = {"reason": "fault", "detail": "BusFault", "fault": FAULT}
    assert summarise(builder.build()).exit_code == 3
    text = text_of(builder)
    assert "BusFault (PRECISERR, BFARVALID) at pc 0x00001234 in read_sensor (tap.c:41)" in text
    assert "faulting address 0x4FFF0000" in text
    assert "xpsr 0x01000000" in text


def test_a_lost_sample_exits_1() -> None:
    assert summarise(full_record().count(samples_lost=1, overruns=1).build()).exit_code == 1


def test_a_text_that_never_came_exits_1() -> None:
    builder = full_record()
    builder.manifest["options"]["until"] = "TS event"
    assert summarise(builder.build()).exit_code == 1
    builder.manifest["stop"]["reason"] = "until"
    assert summarise(builder.build()).exit_code == 0


def test_a_deadlock_alone_is_a_warning() -> None:
    builder = full_record()
    builder.manifest["stop"]["reason"] = "deadlock"
    summary = summarise(builder.build())
    assert (summary.exit_code, [finding.severity for finding in summary.findings]) == (0, ["warning"])


def test_an_interrupted_run_exits_1() -> None:
    builder = full_record()
    builder.manifest["stop"]["reason"] = "interrupted"
    assert summarise(builder.build()).exit_code == 1


def test_errors_come_before_warnings() -> None:
    builder = full_record().count(samples_lost=1, overruns=1)
    builder.manifest["gaps"] = [
        {"address": 0x4000_7000, "register": None, "pc": 0, "function": None, "access": "read", "count": 1}
    ]
    assert [finding.severity for finding in summarise(builder.build()).findings] == ["error", "error", "warning"]


def test_text_of_the_guest_is_not_taken_for_markup() -> None:
    builder = full_record()
    builder.manifest["firmware"]["name"] = "[red]tap[/red].elf"
    assert "[red]tap[/red].elf" in text_of(builder)


def test_a_warning_of_a_block_is_a_finding_with_its_place() -> None:
    builder = full_record()
    text = "usart1: a received byte is lost (SR.ORE): DR had not been read"
    builder.manifest["warnings"] = [{"time_ns": 1_500_000, "text": text, "pc": 0x1234, "function": "read_sensor"}]
    (finding,) = summarise(builder.build()).findings
    assert (finding.severity, finding.code, finding.message) == ("warning", "warning", text)
    assert finding.where == "read_sensor 0x00001234, 0.001500 s"


def test_a_complaint_of_the_firmware_is_an_error_named_once() -> None:
    builder = full_record().say(0.6, "TS error what=accelerometer_bus\n").say(0.7, "TS error what=accelerometer_bus\n")
    (finding,) = summarise(builder.build()).findings
    assert (finding.code, finding.where) == ("firmware-error", "0.600 s")
    assert "'accelerometer_bus' (2 times)" in finding.message
