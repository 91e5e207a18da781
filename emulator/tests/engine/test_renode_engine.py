"""The Renode engine on a strict stand-in of both versions: the record, what is absent, refusals, ways to die."""

from __future__ import annotations

import re
import time
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from stand_in import StandIn, install

from tinysim import Machine
from tinysim.engines.renode_errors import RenodeBroken, RenodeRefused, RenodeStuck
from tinysim.errors import EngineMissing, InputError

ROOT = Path(__file__).resolve().parents[3]
CONSOLE = ROOT / "firmware" / "prebuilt" / "nrf52840dk" / "console.elf"
RECORDED_TRACE = ROOT.parent / "shared" / "renode" / "trace"
VERSIONS = ("1.14.0", "1.16.1")
LINES = ["boot: hello from console", "temp=23 hum=41", "model loaded in 12 ms"]
SHORT_LIMIT_S = 2.0


@pytest.fixture(params=VERSIONS)
def stand_in(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    return install(tmp_path, monkeypatch, version=request.param)


def board() -> Machine:
    machine = Machine("nrf52840dk", engine="renode")
    machine.load(CONSOLE)
    return machine


def test_lines_come_with_the_virtual_time_of_the_tester(stand_in: StandIn) -> None:
    with board() as machine:
        assert machine.run_for(0.05) == "time"
        lines = machine.uart().read_new()
        assert [line.text for line in lines] == LINES
        assert [round(line.time_s, 6) for line in lines] == [0.0, pytest.approx(0.000002, abs=1e-6), 0.018]
        assert machine.uart().unfinished == "tiny> "
        assert machine.time == 0.05
    assert stand_in.left() == []


def test_a_run_to_a_line_stops_there(stand_in: StandIn) -> None:
    with board() as machine:
        hit = machine.uart().wait_for(r"model loaded in (\d+) ms", timeout=1)
        assert (hit.groups, hit.time) == (("12",), 0.018)
        assert machine.time == pytest.approx(0.018)
        assert machine.run_for(0.01) == "time"
        assert machine.time == pytest.approx(0.028)


def test_the_record_has_what_renode_knows_and_names_what_it_does_not(stand_in: StandIn) -> None:
    with board() as machine:
        machine.run_for(0.05)
        record = machine.record()
    manifest = record.manifest
    assert manifest["engine"] == "renode"
    assert {"sleep", "exception", "dma", "bus", "stage"} <= set(manifest["absent"])
    assert not [name for name in record.arrays if name.split(".")[0] in manifest["absent"]]
    assert manifest["counters"] == {"cpu.instructions": 5_000_000}
    assert "instruction" in manifest["timing"]["model"]
    assert record.arrays["clock.hz"].tolist() == [64_000_000]
    content = record.arrays["uart.uart0.byte"].astype(np.uint8).tobytes()
    assert content == "\n".join([*LINES, "tiny> "]).encode()
    assert (np.diff(record.arrays["uart.uart0.cycle"].astype(np.int64)) >= 0).all()
    omitted = [warning["text"] for warning in manifest["warnings"]]
    assert any(text.startswith("uicr: Miscellaneous.NRF52840_UICR is a model of tinysim alone") for text in omitted)


def test_memory_registers_lights_buttons_and_uarts_are_reached(stand_in: StandIn) -> None:
    with board() as machine:
        machine.write_memory(0x2000_0100, b"tiny model")
        assert machine.read_memory(0x2000_0100, 10) == b"tiny model"
        assert (machine.registers["r3"], machine.registers["pc"], machine.registers["sp"]) == (3, 0x160, 0x2003FFD0)
        assert machine.led("led1").state is False
        machine.press("button1")
        machine.uart().write(b"i\r")
        with pytest.raises(InputError, match="cannot read 4 bytes at 0x90000000: there is no memory"):
            machine.read_memory(0x9000_0000, 4)
        sent = machine.engine.transcript()  # type: ignore[attr-defined]
        assert "sysbus.gpio0.button1 Press" in sent
        assert "sysbus.uart0 WriteChar 0x69" in sent


def test_a_recording_goes_in_as_resd_where_the_sensors_take_it(stand_in: StandIn, tmp_path: Path) -> None:
    (tmp_path / "tap.csv").write_text("t_ms,ax_g,ay_g,az_g\n0,0,0,1\n10,0.5,0,1\n20,0,0,1\n")
    with board() as machine:
        if machine.engine.timing()["version"].startswith("1.14"):
            with pytest.raises(InputError, match=r"1\.14\.0 cannot be fed a recording: .*1\.16"):
                machine.attach_stream("accelerometer", tmp_path / "tap.csv")
        else:
            machine.attach_stream("accelerometer", tmp_path / "tap.csv")
            assert "FeedAccelerationSamplesFromRESD @" in machine.engine.transcript()  # type: ignore[attr-defined]


def test_a_raw_image_is_loaded_with_its_vector_table(stand_in: StandIn, tmp_path: Path) -> None:
    (tmp_path / "fw.bin").write_bytes(bytes((0, 0, 4, 0x20, 0x11, 0, 0, 0)) + bytes(8) + b"\xfe\xe7")
    with Machine("nrf52840dk", engine="renode") as machine:
        machine.load(f"{tmp_path}/fw.bin@0x1000")
        sent = machine.engine.transcript()  # type: ignore[attr-defined]
        assert "sysbus LoadBinary" in sent
        assert "sysbus.cpu VectorTableOffset 0x1000" in sent
        with pytest.raises(InputError, match="loads one firmware"):
            machine.load(CONSOLE)


def test_what_renode_cannot_do_is_refused_in_a_line(stand_in: StandIn) -> None:
    with pytest.raises(InputError, match="numbers of the native timing model"):
        Machine("nrf52840dk", engine="renode", parameters={"branch_refill": 2})
    with board() as machine:
        for refused in (machine.snapshot, machine.start_profile, machine.host.enable_itm, machine.engine.debug):
            with pytest.raises(InputError, match="the renode engine has no "):
                refused()
        with pytest.raises(InputError, match="observed stages"):
            machine.watch_stages({"boot": "main"})
        with pytest.raises(InputError, match="cannot send a faulty byte"):
            machine.uart().write(b"x", fault="parity")


@pytest.mark.skipif(not RECORDED_TRACE.is_dir(), reason="the recordings of Renode are not beside the checkout")
def test_a_trace_is_copied_out(stand_in: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded = RECORDED_TRACE / "1.16.1" / "bin-pcopcode-mem.bin"
    monkeypatch.setenv("STAND_IN_TRACE", str(recorded))
    with board() as machine, machine.trace(tmp_path / "out.bin"):
        machine.run_for(0.01)
    assert (tmp_path / "out.bin").read_bytes() == recorded.read_bytes()


# ---- the ways to die ----


def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str) -> tuple[StandIn, str]:
    """A run in a mode that breaks; its stand-in and the error's text."""
    stand_in = install(tmp_path, monkeypatch, mode=mode, limit_s=SHORT_LIMIT_S)
    with pytest.raises(RenodeBroken) as caught, board() as machine:
        machine.run_for(0.01)
    assert caught.value.exit_code == EngineMissing.exit_code
    return stand_in, str(caught.value)


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("crash-start", "ended with 1 before its server was ready"),
        ("crash-run", 'emulation RunFor "0.010000"'),
        ("hang-start", "was not ready within 2 s"),
        ("hang-run", 'did not answer within 2 s: ExecuteCommand .*emulation RunFor "0.010000"'),
        ("stubborn", "did not answer within 2 s"),
        ("deaf", "did not answer within 2 s: WaitForNextLineOnUart"),
        ("garbage", "Renode broke off during get_keyword_names"),
        ("half-closed", "Renode broke off during get_keyword_names"),
        ("few-keywords", "has no keyword AssertLedState"),
    ],
)
def test_a_broken_renode_is_one_line_and_no_orphan(
    mode: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in, text = broken(tmp_path, monkeypatch, mode)
    assert re.search(said, text), text
    assert "\n" not in text
    log = Path(text.rsplit("log: ", 1)[1].rstrip(")"))
    assert log.is_relative_to(stand_in.temporary.resolve())
    assert "Loaded monitor commands" in log.read_text()
    assert (log.parent / "commands.txt").is_file()
    assert stand_in.processes()
    assert stand_in.left() == []


def test_a_version_that_nobody_names_is_broken_and_starts_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in, text = broken(tmp_path, monkeypatch, "no-version")
    assert "names no version: it said: a program that is no Renode" in text
    assert stand_in.processes() == []


def test_one_that_is_too_old_is_refused_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in = install(tmp_path, monkeypatch, version="1.12.0")
    with pytest.raises(EngineMissing, match=r"Renode 1\.12\.0 \(\$TINYSIM_RENODE: .*\) is too old: .* from 1\.14 on"):
        board()
    assert stand_in.processes() == []


def test_a_refused_platform_names_command_message_and_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in = install(tmp_path, monkeypatch, mode="refuse-platform")
    with pytest.raises(
        RenodeRefused, match=r"refused .*LoadPlatformDescription .*E04: Could not resolve.*\(log: "
    ) as caught:
        board()
    assert caught.value.exit_code == 1
    assert stand_in.left() == []


def test_a_cpu_that_aborts_is_a_fault_of_the_firmware(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in = install(tmp_path, monkeypatch, mode="abort", limit_s=SHORT_LIMIT_S)
    monkeypatch.setenv("STAND_IN_TRACE", str(CONSOLE))  # any bytes: a trace must not get in the way of the fault
    with board() as machine:
        begun = time.monotonic()
        with machine.trace(tmp_path / "trace.bin"):
            assert machine.run_for(1.0) == "fault"
        assert machine.run_for(1.0) == "fault"
        assert time.monotonic() - begun < 10 * SHORT_LIMIT_S
        record = machine.record()
    assert record.manifest["stop"]["reason"] == "fault"
    assert record.manifest["counters"] == {}
    last = record.manifest["warnings"][-1]
    assert "CPU abort [PC=0x30000000]: Trying to execute code outside RAM or ROM" in last["text"]
    assert last["pc"] == 0x3000_0000
    assert stand_in.left() == []


def test_a_good_run_leaves_nothing_behind(stand_in: StandIn) -> None:
    with board() as machine:
        machine.run_for(0.01)
    assert list(stand_in.temporary.iterdir()) == []
    assert stand_in.left() == []


def test_our_models_are_compiled_in_the_words_of_the_version(
    stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    with board() as machine:
        sent = machine.engine.transcript()  # type: ignore[attr-defined]
        assert "NRF52840_NVMC.cs" in sent
        assert "nvmc: MTD.NRF52840_NVMC @ sysbus" in sent
    monkeypatch.setenv("TINYSIM_RENODE_MODELS", "none")
    with board() as machine:
        sent = machine.engine.transcript()  # type: ignore[attr-defined]
        assert ".cs" not in sent
        assert 'Tag <0x4001E000, 0x4001EFFF> "nvmc"' in sent


def test_stuck_is_a_kind_of_broken() -> None:
    assert issubclass(RenodeStuck, RenodeBroken)
