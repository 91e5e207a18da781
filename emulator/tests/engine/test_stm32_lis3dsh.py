"""The LIS3DSH of the STM32F4DISCOVERY (fixtures/stm32/stm32_lis3dsh.c): SPI, FIFO watermark on INT1, overrun."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

import itertools

from prebuilt_firmware import console_text, prebuilt

from tinysim.analyses.samples import analyse_samples, sample_findings
from tinysim.machine import Machine
from tinysim.record import Record

BATCHES, BATCH, MICRO_G_PER_ROW = 6, 16, 5000


def run(seconds: float, tmp_path: Path) -> Record:
    stream = tmp_path / "ramp.csv"
    rows = "".join(f"{i / 100:.2f},{i * MICRO_G_PER_ROW / 1e6},0,1\n" for i in range(200))
    stream.write_text("t_s,ax_g,ay_g,az_g\n" + rows, encoding="utf-8")
    with Machine("stm32f4_discovery") as machine:
        machine.load(prebuilt("stm32f4_discovery", "stm32_lis3dsh"))
        machine.attach_stream("lis3dsh", stream)
        assert machine.run_for(seconds) == "time"
        assert machine.gaps == []
        return machine.record()


def test_each_watermark_brings_a_batch_with_every_sample_once(tmp_path: Path) -> None:
    record = run(1.0, tmp_path)
    text = console_text(record, "usart2")
    assert "TS who lis3dsh=0x0000003f" in text
    means = [int(mean) for mean in re.findall(r"^TS batch n=\d+ x=(\d+) z=1000020", text, flags=re.MULTILINE)]
    assert len(means) == BATCHES
    for earlier, later in itertools.pairwise(means):
        assert later - earlier == pytest.approx(BATCH * MICRO_G_PER_ROW, abs=60)
    assert record.manifest["counters"]["lis3dsh.samples_read"] == BATCHES * BATCH
    assert record.manifest["counters"]["lis3dsh.samples_lost"] == 0
    assert record.manifest["warnings"] == []


def test_a_fifo_that_nobody_reads_any_more_is_a_loss_in_the_record(tmp_path: Path) -> None:
    record = run(1.6, tmp_path)
    (finding,) = sample_findings(analyse_samples(record))
    assert finding.code == "samples-lost" and finding.where == "lis3dsh" and "in 1 overruns" in finding.message
