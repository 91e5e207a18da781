from __future__ import annotations

from record_builder import RecordBuilder

from tinysim.analyses.dma import analyse_dma
from tinysim.analyses.gaps import analyse_gaps, gap_findings
from tinysim.analyses.interrupts import analyse_interrupts
from tinysim.analyses.samples import Samples, analyse_samples, sample_findings


def counted(lost: int, overruns: int, said: str = "") -> Samples:
    builder = RecordBuilder().count(
        samples_produced=1000, samples_read=990 - lost, samples_lost=lost, overruns=overruns
    )
    return analyse_samples(builder.say(0.5, said).build() if said else builder.build())


def codes(samples: Samples) -> list[str]:
    return [finding.code for finding in sample_findings(samples)]


def test_samples_all_read_are_fine_and_the_rest_waits() -> None:
    samples = counted(0, 0, "TS win n=1 lost=0\n")
    assert samples.sensors[0].waiting == 10
    assert samples.agrees is True
    assert codes(samples) == []


def test_lost_samples_that_the_firmware_counts_too_agree() -> None:
    samples = counted(64, 2, "TS win n=1 lost=0\nTS stats windows=3 overruns=2 lost=64 skipped=0 late=0\n")
    assert (samples.agrees, samples.firmware.overruns) == (True, 2)
    (finding,) = sample_findings(samples)
    assert finding.message == "64 samples lost (6.4 % of 1000) in 2 overruns"
    assert (finding.severity, finding.where) == ("error", "accelerometer")


def test_a_firmware_that_counts_otherwise_is_contradicted() -> None:
    samples = counted(64, 2, "TS win n=1 lost=0\n")
    assert samples.agrees is False
    assert codes(samples) == ["samples-lost", "loss-counters-disagree"]


def test_what_a_poll_leaves_of_a_sensor_without_stream_and_fifo_is_a_note() -> None:
    (finding,) = sample_findings(counted(64, 0))
    assert (finding.severity, finding.code) == ("note", "samples-lost")


def test_of_several_sensors_those_that_never_measured_are_left_out() -> None:
    builder = RecordBuilder().count(samples_produced=10, samples_read=10, samples_lost=0, overruns=0)
    builder.manifest["counters"]["lis3dsh.samples_produced"] = 0
    assert [one.sensor for one in analyse_samples(builder.build()).sensors] == ["accelerometer"]


def full_until(end: int) -> Samples:
    """3 of 64 lost samples are reported at 0.5 s; the FIFO is full from 6,400,000 cycles (0.1 s) to `end`."""
    builder = RecordBuilder().count(samples_produced=1000, samples_read=936, samples_lost=64, overruns=2)
    builder.manifest["levels"] = ["accelerometer.fifo"]
    for cycle, value in ((3_200_000, 31), (6_400_000, 32), (end, 0)):
        builder.row("level", id=0, cycle=cycle, value=value)
    return analyse_samples(builder.say(0.5, "TS win n=1 lost=3\n").build())


def test_a_loss_that_the_firmware_could_not_have_read_yet_is_not_held_against_it() -> None:
    assert full_until(16_000_000).agrees is False
    late = full_until(38_400_000)
    assert late.agrees is None
    assert codes(late) == ["samples-lost"]


def test_a_firmware_that_does_not_count_is_not_blamed_for_it() -> None:
    assert counted(0, 0).agrees is None
    assert codes(counted(3, 1)) == ["samples-lost"]


def test_late_and_skipped_windows_are_errors() -> None:
    samples = counted(0, 0, "TS stats windows=3 overruns=0 lost=0 skipped=2 late=1\n")
    assert codes(samples) == ["windows-skipped", "windows-late"]


def test_interrupts_are_counted_by_name() -> None:
    builder = RecordBuilder()
    builder.manifest["irq_names"] = {"22": "GPIOTE"}
    for number, enter, leave in [(22, 100, 150), (15, 200, 210), (22, 300, 420), (30, 500, 501)]:
        builder.row("exception", number=number, enter=enter, exit=leave)
    found = [(one.name, one.count, one.total_cycles, one.max_cycles) for one in analyse_interrupts(builder.build())]
    assert found == [("SysTick", 1, 10, 10), ("GPIOTE", 2, 170, 120), ("IRQ 14", 1, 1, 1)]


def test_dma_transfers_are_summed_by_master_and_direction() -> None:
    builder = RecordBuilder()
    builder.manifest["dma_masters"] = ["uart0", "twi0"]
    for master, start, end, size, to_memory in [(1, 0, 6400, 60, 1), (1, 3200, 9600, 2, 0), (0, 100, 200, 8, 0)]:
        builder.row("dma", master=master, start=start, end=end, address=0x2000_0000, bytes=size, to_memory=to_memory)
    uart, twi = analyse_dma(builder.build())
    assert (uart.name, uart.transfers, uart.from_memory_bytes) == ("uart0", 1, 8)
    assert (twi.to_memory_bytes, twi.from_memory_bytes, twi.under_way_cycles) == (60, 2, 9600)


def test_gaps_are_warnings_with_register_and_place() -> None:
    builder = RecordBuilder()
    builder.manifest["gaps"] = [
        {"address": 0x4002_D000, "register": None, "pc": 0x10, "function": None, "access": "write", "count": 1},
        {
            "address": 0x4000_7100,
            "register": "SAADC.EVENTS_STARTED",
            "pc": 0x1234,
            "function": "adc_wait",
            "access": "read",
            "count": 7,
        },
    ]
    first, second = gap_findings(analyse_gaps(builder.build()))
    assert first.message == "read of SAADC.EVENTS_STARTED at 0x40007100 is not modelled (7 x)"
    assert (first.severity, first.where) == ("warning", "adc_wait 0x00001234")
    assert "an address at 0x4002D000" in second.message
