"""Lines for the Monitor in platform files: run when the machine is made, or left out with their place."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from tinysim.emulation import Emulation
from tinysim.errors import InputError
from tinysim.machine import Machine
from tinysim.monitor.interpreter import Monitor

PLATFORM = """
using "chips/nrf52840.repl"

uart1:
    init:
        WriteDoubleWord 0x524 0x01D60000 // BAUDRATE
    reset:
        WriteDoubleWord 0x524 0x00275000

cpu:
    init:
        SP 0x20001000
        LogFunctionNames true

ram:
    init:
        WriteDoubleWord 0x10 0xCAFE; WriteByte 0x14 0x7
"""
BAUD_RATE = 0x40028524


def platform(folder: Path, text: str = PLATFORM) -> Path:
    path = folder / "board.repl"
    path.write_text(text)
    return path


def test_init_lines_are_run_when_the_machine_is_made(tmp_path: Path) -> None:
    with Machine(platform(tmp_path)) as machine:
        assert machine.read_memory(0x20000010, 5) == b"\xfe\xca\0\0\x07"
        assert machine.registers["sp"] == 0x20001000
        assert machine.engine.debug().read_device(BAUD_RATE, 4) == (0x01D60000).to_bytes(4, "little")


def test_what_is_not_run_is_left_out_with_its_place(tmp_path: Path) -> None:
    with Machine(platform(tmp_path)) as machine:
        left = [omission for omission in machine.platform.omissions if omission.kind == "line"]
        assert {(one.name, one.text, one.place.line) for one in left} == {
            ("cpu", "the init line 'LogFunctionNames true' is not run", 13),
            (
                "uart1",
                "the reset line 'WriteDoubleWord 0x524 0x00275000' is run at `machine Reset` of the Monitor only",
                8,
            ),
        }


def test_a_line_that_fails_is_told_and_strict_refuses_it(tmp_path: Path) -> None:
    path = platform(tmp_path, 'using "chips/nrf52840.repl"\n\nram:\n    init:\n        WriteByte 0x0 0x100\n')
    with Machine(path) as machine:
        name, reason = machine.left_out[-1]
        assert name == "ram" and "board.repl:5:9: 0x100 does not fit into 1 bytes" in reason
        assert any("does not fit" in text for _, text in machine.engine.warnings())
    with pytest.raises(InputError, match=r"board\.repl:5:9: 0x100 does not fit into 1 bytes"):
        Machine(path, strict=True)


def test_reset_lines_are_run_by_the_monitors_reset(tmp_path: Path) -> None:
    monitor = Monitor(Emulation())
    monitor.execute(f"mach create; machine LoadPlatformDescription @{platform(tmp_path)}")
    assert monitor.execute("uart1 ReadDoubleWord 0x524") == "0x01D60000\n"
    monitor.execute("sysbus WriteWord 0x20000000 0xE7FE; cpu PC 0x20000000")  # B .
    monitor.execute('emulation RunFor "0.001"; machine Reset; emulation RunFor "0.001"')
    assert monitor.execute("uart1 ReadDoubleWord 0x524") == "0x00275000\n"
