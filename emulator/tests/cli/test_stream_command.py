"""`tinysim stream info | check`: texts, JSON and exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import tinysim
from tinysim.cli.stream import stream

HEADER = "t_s,ax_g,ay_g,az_g\n"


def rows(count: int, gap_at: int | None = None) -> str:
    late_s = [0.05 if gap_at is not None and sample >= gap_at else 0.0 for sample in range(count)]
    return HEADER + "".join(
        f"{sample * 0.005 + late_s[sample]:.3f},{sample % 3 * 0.001:.3f},{sample % 5 * 0.001:.3f},1.0{sample % 7}\n"
        for sample in range(count)
    )


@pytest.fixture
def tap(tmp_path: Path) -> Path:
    path = tmp_path / "tap.csv"
    path.write_text(rows(400))
    return path


def test_info_shows_rate_duration_ranges_and_labels(tap: Path) -> None:
    tap.with_name("tap.labels.csv").write_text("start_s,end_s,class\n0.5,0.6,single\n1.0,1.4,double\n")
    result = CliRunner().invoke(stream, ["info", str(tap)])
    assert result.exit_code == 0
    for text in ("400", "2.000 s", "200 Hz", "ax_g, ay_g, az_g", "1 double, 1 single", "noise mg"):
        assert text in result.output


def test_info_as_json_holds_the_same_facts(tap: Path) -> None:
    data = json.loads(CliRunner().invoke(stream, ["info", str(tap), "--json"]).output)
    assert (data["samples"], data["rate_hz"], data["duration_s"]) == (400, 200.0, 2.0)
    assert data["axes"]["z"]["max_g"] == pytest.approx(1.06)
    assert data["labels"] is None
    assert len(data["sha256"]) == 64


def test_check_of_a_clean_stream_exits_0(tap: Path) -> None:
    options = ["--full-scale", "4g", "--sensor", "lis2dw12", "--rate", "200"]
    result = CliRunner().invoke(stream, ["check", str(tap), *options])
    assert result.exit_code == 0, result.output
    assert "tap.csv: 400 samples, 2.000 s: clean" in result.output


def test_check_of_a_stream_with_a_gap_exits_1_and_names_the_line(tap: Path) -> None:
    tap.write_text(rows(400, gap_at=100))
    result = CliRunner().invoke(stream, ["check", str(tap)])
    assert result.exit_code == 1
    assert "(line 102)" in result.output
    data = json.loads(CliRunner().invoke(stream, ["check", str(tap), "--json"]).output)
    assert data["ok"] is False
    assert [finding["lines"] for finding in data["findings"] if finding["kind"] == "gap"] == [[102]]


def test_check_against_another_rate_says_it_once(tap: Path) -> None:
    result = CliRunner().invoke(stream, ["check", str(tap), "--rate", "100"])
    assert result.exit_code == 1
    assert result.output.count("warning: rate:") == 1


def test_an_unreadable_stream_exits_2_with_all_problems(tap: Path) -> None:
    tap.write_text(HEADER + "0,1,2,3\n0.005,1,2\n0.010,1,x,3\n")
    result = CliRunner().invoke(stream, ["check", str(tap)])
    assert result.exit_code == 2
    assert "tap.csv:3: 3 columns, expected 4, and 1 more" in result.output
    assert "tap.csv:4: column 'ay_g' is 'x', expected a number" in result.output
    data = json.loads(CliRunner().invoke(stream, ["info", str(tap), "--json"]).output)
    assert [problem["line"] for problem in data["problems"]] == [3, 4]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--sensor", "lis2dv12"], "did you mean lis2dw12?"),
        (["--sensor", "lis2dw12", "--full-scale", "3g"], "it has 2g, 4g, 8g, 16g"),
        (["--full-scale", "wide"], "'wide' is not a full scale such as 4g"),
        (["--unit", "mg"], "the option says mg"),
    ],
)
def test_wrong_options_exit_2_with_a_remedy(tap: Path, options: list[str], expected: str) -> None:
    result = CliRunner().invoke(stream, ["check", str(tap), *options])
    assert result.exit_code == 2
    assert expected in result.output


def test_a_wrong_sidecar_is_named_too(tap: Path) -> None:
    tap.with_name("tap.labels.csv").write_text("start_s,end_s,class\n0.5,99,single\n")
    result = CliRunner().invoke(stream, ["check", str(tap)])
    assert result.exit_code == 2
    assert "tap.labels.csv:2: the span ends at 99 s" in result.output


def test_importing_the_command_does_not_import_numpy_or_rich() -> None:
    imports = "import sys, tinysim.cli.stream, tinysim.streams, tinysim.sensors"
    program = f"{imports}; print({{'numpy', 'rich'}} & set(sys.modules))"
    environment = {**os.environ, "PYTHONPATH": str(Path(tinysim.__file__).parents[1])}
    result = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert result.stdout == "set()\n"
