from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import types
from pathlib import Path

import pytest
from stand_in_machine import Machine, Script

import tinysim
from tinysim.cli import main
from tinysim.cli.demo import demo_firmware
from tinysim.errors import InputError
from tinysim.platform import load_platform
from tinysim.record import Record

IMAGE = struct.pack("<II", 0x2004_0000, 0x11) + bytes(8) + b"\x00\xbf\xfe\xe7"


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> type[Machine]:
    """The stand-in takes the engine's place, and the test its own folder."""
    module = types.ModuleType("tinysim.machine")
    module.Machine = Machine  # type: ignore[attr-defined]
    module.fitted_platform = load_platform  # type: ignore[attr-defined]
    module.require_engine = str  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "tinysim.machine", module)
    monkeypatch.setattr(Machine, "script", Script())
    monkeypatch.setattr(Machine, "made", [])
    monkeypatch.chdir(tmp_path)
    Path("fw.bin").write_bytes(IMAGE)
    Path("tap.csv").write_text("t_s,ax_g,ay_g,az_g\n0,0,0,1\n")
    return Machine


def run(*arguments: str) -> int:
    return main(["run", "fw.bin@0x0", "--platform", "nrf52840", *arguments])


def error_line(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line on stderr."""
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1, lines
    assert lines[0].startswith("tinysim: error: ")
    return lines[0]


def test_console_lines_come_with_virtual_time_and_a_summary_follows(capsys: pytest.CaptureFixture[str]) -> None:
    Machine.script.said = [(0.25, "TS boot app=tap odr=200 window=80 hop=40"), (1.234567, "hello \x1b[31mred")]
    assert run("--stream", "tap.csv") == 0
    captured = capsys.readouterr()
    assert "[   0.250000 s] TS boot app=tap" in captured.out
    assert "[   1.234567 s] hello [31mred" in captured.out
    assert "simulated estimate" in captured.out
    assert "stopped: time after 2.000000 s virtual" in captured.out
    assert "x real time" in captured.err


def test_quiet_shows_the_summary_alone(capsys: pytest.CaptureFixture[str]) -> None:
    Machine.script.said = [(0.25, "hello")]
    assert run("--quiet") == 0
    assert "hello" not in capsys.readouterr().out


def test_json_is_alone_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    Machine.script.said = [(0.25, "TS event n=0 class=single window=1")]
    assert run("--json", "--for", "500ms") == 0
    captured = capsys.readouterr()
    data = json.loads(captured.out)
    assert data["stop"]["virtual_time_s"] == 0.5
    assert data["events"]["detected"][0]["event_class"] == "single"
    assert "[   0.250000 s] TS event" in captured.err


def test_without_a_stream_a_run_lasts_one_second() -> None:
    assert run("-o", "out") == 0
    assert Record.load("out").manifest["virtual_time_ns"] == 1_000_000_000


def test_two_runs_leave_equal_bytes() -> None:
    for folder in ("first", "second"):
        assert run("--stream", "accelerometer=tap.csv", "-o", folder, "--quiet") == 0
    for file in ("manifest.json", "record.npz"):
        assert Path("first", file).read_bytes() == Path("second", file).read_bytes()


def test_labels_beside_the_stream_are_checked(capsys: pytest.CaptureFixture[str]) -> None:
    Path("tap.labels.csv").write_text("start_s,end_s,class\n0.2,0.3,single\n")
    Machine.script.said = [(0.5, "TS event n=0 class=single window=1")]
    assert run("--stream", "tap.csv") == 0
    Machine.script.said = []
    assert run("--stream", "tap.csv") == 1
    assert "event-missed: a single was not detected [0.200-0.300 s]" in capsys.readouterr().out


def test_lost_samples_exit_1() -> None:
    Machine.script.counters = {
        "accelerometer.samples_produced": 9,
        "accelerometer.samples_lost": 2,
        "accelerometer.overruns": 1,
    }
    assert run() == 1


def test_until_stops_at_the_text() -> None:
    Machine.script.said = [(0.3, "TS event n=0 class=single")]
    assert run("--until", "class=single", "-o", "out") == 0
    manifest = Record.load("out").manifest
    assert manifest["stop"] == {"reason": "until", "detail": "class=single", "fault": None}
    assert manifest["virtual_time_ns"] == 0.3e9


def test_until_without_the_text_exits_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--until", "never") == 1
    assert "until-not-met" in capsys.readouterr().out


def test_a_deadlock_is_told_and_exits_0_unless_a_text_was_awaited(capsys: pytest.CaptureFixture[str]) -> None:
    Machine.script.stop_at_s = 0.4
    assert run() == 0
    assert "stopped: deadlock after 0.400000 s" in capsys.readouterr().out
    assert run("--until", "never") == 1


def test_a_fault_exits_3_decoded_and_keeps_the_record(capsys: pytest.CaptureFixture[str]) -> None:
    Machine.script.stop_at_s, Machine.script.stop_reason = 0.1, "fault"
    Machine.script.fault = {
        "kind": "HardFault",
        "flags": ["FORCED"],
        "pc": 0x10,
        "address": 0x6000_0000,
        "registers": {"r0": 7},
    }
    assert run("-o", "out") == 3
    captured = capsys.readouterr()
    assert "tinysim: error: HardFault (FORCED) at pc 0x00000010" in captured.err
    assert "faulting address 0x60000000" in captured.out
    assert Record.load("out").manifest["stop"]["fault"]["kind"] == "HardFault"


def test_ctrl_c_keeps_the_record_so_far() -> None:
    Machine.script.interrupt_at_s = 0.2
    assert run("-o", "out") == 1
    manifest = Record.load("out").manifest
    assert manifest["stop"]["reason"] == "interrupted"
    assert 0.2e9 <= manifest["virtual_time_ns"] < 1e9


def test_a_budget_names_stages_and_the_deadline() -> None:
    Machine.script.symbols = {"nn_invoke": 0x10, "other": 0x12}
    Path("budget.toml").write_text('[stages]\ninference = "nn_invoke"\n[deadline]\nperiod_ms = 200\n')
    assert run("--budget", "budget.toml", "--stage", "extra=other", "-o", "out") == 0
    manifest = Record.load("out").manifest
    assert manifest["stages"] == [{"name": "inference", "symbol": "nn_invoke"}, {"name": "extra", "symbol": "other"}]
    assert manifest["options"]["deadline_period_ms"] == 200


def test_without_stage_options_known_functions_are_watched() -> None:
    Machine.script.symbols = {"nn_invoke": 0x10}
    assert run() == 0
    assert Machine.made[-1].stages == {"inference": "nn_invoke"}


def test_uart_input_is_sent() -> None:
    Path("keys").write_bytes(b"infer\r")
    assert run("--uart-input", "keys", "--uart", "uart0") == 0
    assert Machine.made[-1].console.written == b"infer\r"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--platform", "nrf99"], "unknown platform 'nrf99'"),
        (["--stream", "imu=tap.csv"], "no sensor 'imu'"),
        (["--stream", "empty.csv"], "empty.csv: the file is empty"),
        (["--uart", "uart7"], "no UART 'uart7'"),
        (["--for", "soon"], "'soon' is no time greater than zero"),
        (["--for", "0s"], "write 2s, 500ms or 20us"),
        (["--stage", "inference"], "is not NAME=SYMBOL"),
        (["--stage", "inference=nn_invoke"], "has no symbol 'nn_invoke'"),
        (["--budget", "none.toml"], "none.toml: cannot be read"),
        (["--budget", "bad.toml"], "bad.toml: is no TOML"),
        (["--budget", "section.toml"], "section.toml:[limits]: is no section"),
        (["--budget", "period.toml"], "deadline.period_ms: must be a number greater than 0"),
        (["--uart-input", "none"], "none: cannot be read"),
        (["-o", "fw.bin"], "fw.bin: cannot be made"),
        (["--engine", "qemu"], "'qemu' is not one of"),
        (["--nonsense"], "No such option"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(
    arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("empty.csv").touch()
    Path("bad.toml").write_text("[stages\n")
    Path("section.toml").write_text("[limits]\n")
    Path("period.toml").write_text("[deadline]\nperiod_ms = 0\n")
    assert run(*arguments) == 2
    assert expected in error_line(capsys)


@pytest.mark.parametrize(
    ("firmware", "expected"),
    [
        ("none.elf", "none.elf: cannot be read"),
        ("cut.elf", "damaged ELF"),
        ("riscv.elf", "is an ELF for RISC-V"),
        ("fw.bin", "give its address: fw.bin@0x08000000"),
        ("fw.bin@0x08000000", "0x08000000-0x08000013 (20 bytes) lies outside the memories of the platform: flash"),
    ],
)
def test_bad_firmware_is_one_line_and_exit_2(firmware: str, expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("cut.elf").write_bytes(b"\x7fELF\x01\x01\x01")
    header = (
        b"\x7fELF\x01\x01\x01" + bytes(9) + struct.pack("<HHIIIIIHHHHHH", 2, 243, 1, 0, 52, 0, 0, 52, 32, 0, 40, 0, 0)
    )
    Path("riscv.elf").write_bytes(header)
    assert main(["run", firmware, "--platform", "nrf52840"]) == 2
    assert expected in error_line(capsys)


def test_a_missing_platform_option_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "fw.bin"]) == 2
    assert "--platform" in error_line(capsys)


def test_an_unknown_platform_is_named_before_its_demo_is_looked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--platform", "unheard_of"]) == 2
    assert "unknown platform 'unheard_of'" in error_line(capsys)


def test_a_platform_without_a_demo_asks_for_a_firmware() -> None:
    with pytest.raises(InputError, match="no demo firmware for the platform 'unheard_of'"):
        demo_firmware("unheard_of")


@pytest.mark.parametrize("platform", ["nrf52840", "nrf52840dk", "boards/nrf52840dk.repl"])
def test_the_demo_of_a_chip_and_of_its_board_is_the_same(platform: str) -> None:
    assert demo_firmware(platform).name == "tap.elf"


def test_help_does_not_load_numpy_or_rich() -> None:
    program = (
        "import sys; from tinysim.cli import main; assert main(['run', '--help']) == 0;"
        "print('heavy:', sorted({'numpy', 'rich', 'elftools'} & set(sys.modules)))"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(tinysim.__file__).resolve().parents[1])}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "heavy: []"


def test_the_verbs_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    assert all(verb in text for verb in ("run", "stream", "platforms", "sensors", "doctor"))


def test_the_doctor_reports_and_does_not_fail(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    text = capsys.readouterr().out
    assert "tinysim" in text and "renode" in text


def test_a_sensor_is_shown_and_an_unknown_one_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sensors", "lis2dw12"]) == 0
    assert "0x18, 0x19" in capsys.readouterr().out
    assert main(["sensors", "lis2dw21"]) == 2
    assert "did you mean lis2dw12?" in error_line(capsys)


def test_platforms_are_listed_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["platforms"]) == 0
    assert "nrf52840dk" in capsys.readouterr().out
    assert main(["platforms", "nrf52840"]) == 0
    text = capsys.readouterr().out
    assert "0x20000000-0x2003FFFF" in text
    assert "on twi0 0x19" in text


def test_without_a_verb_the_help_is_shown_with_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "Commands:" in capsys.readouterr().err


def test_a_reader_that_leaves_is_no_error_of_ours() -> None:
    program = "from tinysim.cli import main; import sys; sys.exit(main(['sensors', 'lis2dw12']))"
    environment = {**os.environ, "PYTHONPATH": str(Path(tinysim.__file__).resolve().parents[1])}
    command = f'{sys.executable} -c "{program}" | true'
    done = subprocess.run(["sh", "-c", command], env=environment, capture_output=True, text=True, check=True)
    assert "Traceback" not in done.stderr
