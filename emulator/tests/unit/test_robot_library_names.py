"""Which keywords there are: all of Renode's with its arguments, each of those that tinysim lacks with its reason."""

from __future__ import annotations

import inspect

import pytest

pytest.importorskip("robot", reason="robotframework is not installed")

from tinysim.errors import EngineMissing, InputError
from tinysim.robot import TinysimLibrary
from tinysim.robot.errors import KeywordException
from tinysim.robot.keywords_refused import REFUSED

# renode/renode 06854d4d, RobotFrameworkEngine: keywords for UART, LED, CPU, log and general use, with arguments.
RENODES = {
    "create_terminal_tester": "uart timeout machine endLineOption defaultPauseEmulation defaultWaitForEcho "
    "defaultMatchNextLine binaryMode",
    "set_default_uart_timeout": "timeout",
    "set_default_tester": "id",
    "get_terminal_tester_report": "testerId",
    "clear_terminal_tester_report": "testerId",
    "register_failing_uart_string": "pattern treatAsRegex testerId",
    "unregister_failing_uart_string": "pattern treatAsRegex testerId",
    "wait_for_prompt_on_uart": "prompt testerId timeout treatAsRegex pauseEmulation",
    "wait_for_line_on_uart": "content timeout testerId treatAsRegex includeUnfinishedLine pauseEmulation matchNextLine",
    "wait_for_lines_on_uart": "content timeout testerId treatAsRegex includeUnfinishedLine pauseEmulation "
    "matchFromNextLine",
    "wait_for_bytes_on_uart": "content timeout testerId treatAsRegex pauseEmulation matchStart",
    "should_not_be_on_uart": "content timeout testerId treatAsRegex includeUnfinishedLine",
    "wait_for_next_line_on_uart": "timeout testerId pauseEmulation",
    "send_key_to_uart": "c testerId",
    "write_char_on_uart": "c testerId",
    "write_to_uart": "content testerId",
    "write_line_to_uart": "content testerId waitForEcho pauseEmulation",
    "test_if_uart_is_idle": "timeout testerId pauseEmulation",
    "write_char_delay": "delay testerId",
    "set_default_led_timeout": "timeout",
    "create_led_tester": "led defaultTimeout machine",
    "assert_led_state": "state timeout testerId pauseEmulation",
    "assert_and_hold_led_state": "initialState timeoutAssert timeoutHold testerId pauseEmulation",
    "assert_led_duty_cycle": "testDuration expectedDutyCycle tolerance testerId pauseEmulation",
    "assert_led_is_blinking": "testDuration onDuration offDuration tolerance testerId pauseEmulation",
    "pc_should_be_equal": "value machine cpuName",
    "register_should_be_equal": "register value machine cpuName message",
    "run_until_breakpoint": "timeout machine cpuName address",
    "reset_emulation": "",
    "start_emulation": "",
    "execute_command": "command machine",
    "execute_script": "path",
    "handle_hot_spot": "action",
    "provides": "state type",
    "requires": "state",
    "wait_for_pause": "timeout",
    "wait_for_gdb_connection": "port machine pauseToWait acceptRunningServer",
    "allocate_temporary_file": "",
    "allocate_temporary_directory": "dirName",
    "download_file": "uri",
    "register_failing_log_string": "pattern treatAsRegex",
    "unregister_failing_log_string": "pattern treatAsRegex",
    "create_log_tester": "timeout defaultPauseEmulation maxLogEntries",
    "wait_for_log_entry": "pattern timeout keep treatAsRegex pauseEmulation level startEmulation",
    "should_not_be_in_log": "pattern timeout treatAsRegex pauseEmulation level",
    "clear_log_tester_history": "",
    "log_to_file": "filePath flushAfterEveryWrite",
    "enable_logging_to_cache": "",
    "save_cached_log": "filePath",
    "clear_cached_log": "",
}


@pytest.mark.parametrize("name", RENODES)
def test_a_keyword_takes_renodes_arguments_in_their_order(name: str) -> None:
    method = getattr(TinysimLibrary, name)
    assert hasattr(method, "robot_name")
    assert list(inspect.signature(method).parameters)[1:] == RENODES[name].split()


def test_all_64_names_of_renode_are_there() -> None:
    assert len(RENODES) + len(REFUSED) == 64


@pytest.mark.parametrize("name", REFUSED)
def test_what_tinysim_has_not_is_refused_with_its_reason(name: str) -> None:
    with pytest.raises(KeywordException, match=f"{name} is not supported by tinysim: "):
        getattr(TinysimLibrary(), name.replace(" ", "_"))("some", argument="other")


def test_a_command_that_does_not_exist_is_named_and_nothing_is_guessed() -> None:
    with pytest.raises(InputError, match="levitate"):
        TinysimLibrary().execute_command("levitate cpu")


def test_a_state_that_nobody_provided_is_named() -> None:
    with pytest.raises(KeywordException, match=r"Required state golden not found\."):
        TinysimLibrary().requires("golden")
    with pytest.raises(KeywordException, match="'Magic' is no kind of state"):
        TinysimLibrary().provides("golden", type="Magic")


def test_an_engine_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TINYSIM_RENODE", "/nowhere/renode")
    with pytest.raises(EngineMissing):
        TinysimLibrary(engine="renode")
    with pytest.raises(InputError, match="unknown engine 'qemu'"):
        TinysimLibrary(engine="qemu")


def test_nothing_is_downloaded() -> None:
    with pytest.raises(KeywordException, match="no network"):
        TinysimLibrary().download_file("https://example.org/firmware.elf")


def test_temporary_files_go_with_the_suite() -> None:
    from pathlib import Path

    library = TinysimLibrary()
    files = [Path(library.allocate_temporary_file()) for _ in range(2)]
    assert files[0] != files[1]
    assert all(file.is_file() for file in files)
    library.close()
    assert not any(file.exists() for file in files)
