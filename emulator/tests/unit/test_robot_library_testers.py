"""LED, log and CPU keywords on a machine that follows a script (scripted_board.py)."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

pytest.importorskip("robot", reason="robotframework is not installed")

from scripted_board import ScriptedBoard, ScriptedMachine

from tinysim.emulation import Board
from tinysim.robot import TinysimLibrary
from tinysim.robot.errors import InvalidOperationException, KeywordException, RecoverableException

BLINKS_S = [0.1, 0.2, 0.4, 0.5, 0.7, 0.8, 1.0, 1.1]  # lit for 0.1 s, dark for 0.2 s


@pytest.fixture
def library() -> TinysimLibrary:
    library = TinysimLibrary()
    library.session.emulation.boards["machine-0"] = cast(Board, ScriptedBoard())
    library.create_led_tester("sysbus.gpio0.led1")
    return library


def script(library: TinysimLibrary) -> ScriptedMachine:
    return cast(ScriptedMachine, library.session.machine)


# ---- LED ----


def test_an_led_is_waited_for_and_found_at_its_change(library: TinysimLibrary) -> None:
    script(library).light_changes_s = [0.3]
    library.assert_led_state(False, pauseEmulation=True)
    with pytest.raises(InvalidOperationException, match=r"LED assertion not met\.\nled1 was not lit within 0\.1 s"):
        library.assert_led_state(True, timeout=0.1, pauseEmulation=True)
    library.assert_led_state(True, timeout=0.5, pauseEmulation=True)
    assert script(library).time == 0.3


def test_a_state_must_hold(library: TinysimLibrary) -> None:
    script(library).light_changes_s = [0.3, 0.9]
    library.assert_and_hold_led_state(True, 0.5, 0.5, pauseEmulation=True)
    with pytest.raises(InvalidOperationException, match=r"led1 did not hold its state for 0\.2 s"):
        library.assert_and_hold_led_state(True, 0.5, 0.2, pauseEmulation=True)
    with pytest.raises(InvalidOperationException, match="did not reach its state"):
        library.assert_and_hold_led_state(True, 0.1, 0.1, pauseEmulation=True)


def test_blinking_is_measured_by_whole_stretches(library: TinysimLibrary) -> None:
    script(library).light_changes_s = BLINKS_S
    library.assert_led_is_blinking(0.95, onDuration=0.1, offDuration=0.2, pauseEmulation=True)


@pytest.mark.parametrize(("on_s", "off_s", "said"), [(0.2, 0.2, "lit for 0.1"), (0.1, 0.1, "dark for 0.2")])
def test_another_rhythm_fails(library: TinysimLibrary, on_s: float, off_s: float, said: str) -> None:
    script(library).light_changes_s = BLINKS_S
    with pytest.raises(InvalidOperationException, match=said):
        library.assert_led_is_blinking(1.0, onDuration=on_s, offDuration=off_s, pauseEmulation=True)


def test_a_light_that_stays_as_it_is_does_not_blink(library: TinysimLibrary) -> None:
    with pytest.raises(InvalidOperationException, match="did not change in 1 s"):
        library.assert_led_is_blinking(1.0, 0.1, 0.1, pauseEmulation=True)


def test_the_duty_cycle_is_the_part_of_the_time(library: TinysimLibrary) -> None:
    script(library).light_changes_s = [0.0, 0.25, 0.5, 0.75]
    library.assert_led_duty_cycle(1.0, 0.5, pauseEmulation=True)
    script(library).now_ns = 0
    with pytest.raises(InvalidOperationException, match=r"lit for 0\.5000 of the time instead of 0\.6"):
        library.assert_led_duty_cycle(1.0, 0.6, pauseEmulation=True)


def test_led_testers_have_numbers(library: TinysimLibrary) -> None:
    assert library.create_led_tester("led2") == 1
    assert library.create_led_tester("led1") == 0
    with pytest.raises(KeywordException, match="There is more than one tester available"):
        library.assert_led_state(False)
    with pytest.raises(KeywordException, match=r"wrong type: 'led9'. Available LEDs: \[led1, led2\]"):
        library.create_led_tester("led9")


# ---- log ----


def test_an_entry_is_waited_for_and_taken(library: TinysimLibrary) -> None:
    library.create_log_tester(1.0, defaultPauseEmulation=True)
    script(library).warned = [(0.2, "uart0: odd"), (0.4, "spi1: late 17")]
    assert library.wait_for_log_entry(r"late \d+", treatAsRegex=True) == "spi1: late 17"
    assert script(library).time == 0.4
    with pytest.raises(KeywordException, match='Expected pattern "odd" did not appear in the log\nLast 0 buffered'):
        library.wait_for_log_entry("odd", timeout=0.1)


def test_a_kept_entry_is_found_again_and_levels_count(library: TinysimLibrary) -> None:
    library.create_log_tester(1.0, defaultPauseEmulation=True)
    script(library).warned = [(0.2, "uart0: odd")]
    library.wait_for_log_entry("odd", keep=True, level="Warning")
    with pytest.raises(KeywordException):
        library.wait_for_log_entry("odd", level="Error", timeout=0)
    with pytest.raises(KeywordException, match="there is no log level 'Loud'"):
        library.wait_for_log_entry("odd", level="Loud")


def test_what_must_not_be_logged_is_waited_out(library: TinysimLibrary) -> None:
    library.create_log_tester(1.0, defaultPauseEmulation=True)
    script(library).warned = [(0.5, "uart0: odd")]
    library.should_not_be_in_log("odd", timeout=0.4)
    with pytest.raises(KeywordException, match='Unexpected line detected in the log: "uart0: odd"'):
        library.should_not_be_in_log("odd", timeout=0.4)


def test_a_failing_string_of_the_log_ends_any_wait(library: TinysimLibrary) -> None:
    library.register_failing_log_string("odd")
    script(library).warned = [(0.2, "uart0: odd")]
    with pytest.raises(KeywordException, match="Test failing entry has been found in log:\nuart0: odd"):
        library.assert_led_state(True, timeout=0.3, pauseEmulation=True)
    library.unregister_failing_log_string("odd")
    library.assert_led_state(False, pauseEmulation=True)


def test_the_log_is_saved_and_forgotten(library: TinysimLibrary, tmp_path: Path) -> None:
    script(library).warned = [(0.0, "uart0: odd")]
    library.save_cached_log(str(tmp_path / "log"))
    assert (tmp_path / "log").read_text() == "0.000000 uart0: odd\n"
    library.clear_cached_log()
    library.save_cached_log(str(tmp_path / "log"))
    assert (tmp_path / "log").read_text() == ""


def test_without_a_log_tester_there_is_a_hint(library: TinysimLibrary) -> None:
    with pytest.raises(KeywordException, match="use Create Log Tester"):
        library.wait_for_log_entry("x")


# ---- CPU ----


def test_registers_are_compared_by_number_and_name(library: TinysimLibrary) -> None:
    library.pc_should_be_equal(0x160)
    library.register_should_be_equal("15", 0x160)
    library.register_should_be_equal("R0", 7)
    library.register_should_be_equal("SP", 0x2000_0064)
    with pytest.raises(KeywordException, match="PC value assertion failed, actual: 0x160, expected: 0xaa"):
        library.pc_should_be_equal(0xAA)
    with pytest.raises(KeywordException, match="Register 0 value assertion failed, actual: 0x7, expected: 0x0"):
        library.register_should_be_equal("0", 0)
    with pytest.raises(RecoverableException, match="Wrong register name: NOPE"):
        library.register_should_be_equal("NOPE", 0)
    with pytest.raises(KeywordException, match="there is no CPU 'cpu1'"):
        library.pc_should_be_equal(0, cpuName="cpu1")
