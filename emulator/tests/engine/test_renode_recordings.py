"""What the engine reads out of Renode's answers and log, on the recordings of both versions (../shared/renode)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tinysim.engines.renode_console import timestamp_ns
from tinysim.engines.renode_log import RenodeLog
from tinysim.engines.renode_setup import registers_in
from tinysim.engines.renode_text import numbers_in, undoubled, virtual_time_ns

RECORDINGS = Path(__file__).resolve().parents[4] / "shared" / "renode"
VERSIONS = ("1.14.0", "1.16.1")
FAULTY_PC = {"1.14.0": 0x138, "1.16.1": 0x13A}  # of the block, of the access

pytestmark = [
    pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings of Renode are not beside the checkout"),
    pytest.mark.parametrize("version", VERSIONS),
]


def answers(version: str, asked: str) -> Iterator[Any]:
    """The values that passed requests with this text returned."""
    for path in sorted(RECORDINGS.glob(f"xmlrpc-{version}*.jsonl")):
        for record in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            value = record.get("value")
            if asked in json.dumps(record.get("params")) and isinstance(value, dict) and value["status"] == "PASS":
                yield value.get("return")


def log_of(version: str, case: str, folder: Path) -> RenodeLog:
    """What one recorded run printed, read as a log."""
    lines = (RECORDINGS / "logs" / f"runs-{version}.jsonl").read_text(encoding="utf-8").splitlines()
    pieces = next(record["io"] for record in map(json.loads, lines) if record["case"] == case)
    path = folder / "renode.log"
    path.write_text("".join(text for _, _, text in pieces))
    log = RenodeLog(path)
    log.read(7)
    return log


def test_registers_are_read_from_the_recorded_table(version: str) -> None:
    table = next(answers(version, "cpu GetRegistersValues"))
    found = registers_in(undoubled(table))
    assert (found["r0"], found["r7"], found["pc"], found["sp"], found["lr"], found["xpsr"]) == (
        0x2A2, 0x2000_0064, 0x160, 0x2003_FFD0, 0x1E1, 0x6100_0000,
    )  # fmt: skip
    assert len(found) == 17


def test_bytes_of_memory_are_read_from_the_recorded_answer(version: str) -> None:
    text = next(answers(version, "sysbus ReadBytes 0x0 16"))
    assert bytes(numbers_in(undoubled(text))) == bytes.fromhex("00000420b9000000610000006100 0000")


def test_every_recorded_current_time_is_understood(version: str) -> None:
    times_ns = [virtual_time_ns(undoubled(text)) for text in answers(version, '"currentTime"')]
    assert len(times_ns) > 3
    assert all(0 <= time_ns < 60_000_000_000 for time_ns in times_ns)
    assert any(time_ns % 1_000_000 for time_ns in times_ns)


def test_every_recorded_time_stamp_of_a_line_is_understood(version: str) -> None:
    stamps_ns = [timestamp_ns(result) for result in answers(version, "LineOnUart")]
    assert len(stamps_ns) > 5
    assert any(stamp_ns in (18_000_000, 18_005_150) for stamp_ns in stamps_ns)


def test_bad_accesses_in_the_log_are_gaps(version: str, tmp_path: Path) -> None:
    log = log_of(version, "uart-file", tmp_path)
    found = {(gap.address, gap.access): gap for gap in log.gaps}
    assert set(found) == {(0x4FFF_F000, "read"), (0x4FFF_F004, "write")}
    assert found[0x4FFF_F000, "read"].pc == FAULTY_PC[version]
    assert "warning: uart0: Unhandled write to offset 0xFF0, value 0x1." in [one.text for one in log.warnings]


def test_an_abort_of_the_cpu_is_the_last_warning(version: str, tmp_path: Path) -> None:
    last = log_of(version, "cpu-fault", tmp_path).warnings[-1]
    assert last.text.startswith("error: cpu: CPU abort [PC=0x30000000]")
    assert (last.pc, last.time_ns) == (0x3000_0000, 7)
