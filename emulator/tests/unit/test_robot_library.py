"""The UART keywords on a machine that follows a script (scripted_board.py). Times are virtual."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

pytest.importorskip("robot", reason="robotframework is not installed")

from scripted_board import ScriptedBoard, ScriptedMachine

from tinysim.emulation import Board
from tinysim.robot import TinysimLibrary
from tinysim.robot.errors import InvalidOperationException, KeywordException


@pytest.fixture
def library() -> TinysimLibrary:
    library = TinysimLibrary()
    library.session.emulation.boards["machine-0"] = cast(Board, ScriptedBoard())
    library.create_terminal_tester("sysbus.uart0", defaultPauseEmulation=True)
    return library


def script(library: TinysimLibrary) -> ScriptedMachine:
    return cast(ScriptedMachine, library.session.machine)


def test_a_wait_ends_at_the_line_and_keeps_later_ones(library: TinysimLibrary) -> None:
    script(library).said = [(0.1, "one\n"), (0.25, "two 42\n"), (0.3, "three\n")]
    hit = library.wait_for_line_on_uart(r"two (?<number>\d+)", treatAsRegex=True)
    assert hit == {"Line": "two 42", "Timestamp": 250.0, "Groups": ["42"], "IsFailingString": False}
    assert script(library).time == 0.25
    assert library.wait_for_next_line_on_uart()["Line"] == "three"


def test_results_have_the_keys_of_older_versions_and_attributes(library: TinysimLibrary) -> None:
    script(library).said = [(0.1, "one\n")]
    hit = library.wait_for_line_on_uart("one")
    assert (hit["line"], hit.Line, hit.isFailingString) == ("one", "one", False)
    with pytest.raises(KeyError, match="nothing"):
        _ = hit["nothing"]
    with pytest.raises(AttributeError, match="nothing"):
        _ = hit.nothing


def test_lines_before_a_match_are_gone(library: TinysimLibrary) -> None:
    script(library).said = [(0.1, "one\n"), (0.2, "two\n")]
    library.wait_for_line_on_uart("two")
    with pytest.raises(InvalidOperationException, match=r"did not come within 1 s of virtual time"):
        library.wait_for_line_on_uart("one", timeout=1)


def test_a_line_that_came_during_a_failed_wait_is_found_by_a_later_one(library: TinysimLibrary) -> None:
    script(library).said = [(0.1, "one\n")]
    with pytest.raises(InvalidOperationException):
        library.wait_for_line_on_uart("two", timeout=1)
    assert library.wait_for_line_on_uart("one", timeout=0)["Timestamp"] == 100.0


def test_a_timeout_is_virtual_and_the_failure_shows_what_came(library: TinysimLibrary) -> None:
    script(library).said = [(0.1, "\x1b[32mboot\x1b[0m\r\n"), (0.2, "> ")]
    with pytest.raises(InvalidOperationException) as failure:
        library.wait_for_line_on_uart("event")
    text = str(failure.value)
    assert text.startswith("Terminal tester failed!\n")
    assert "100.000000] boot\n" in text
    assert text.endswith("--- Current line buffer contains 2 characters: >>> <<")
    assert script(library).time == 8.0


def test_a_machine_that_stopped_for_good_is_not_waited_for(library: TinysimLibrary) -> None:
    script(library).stop_at_s = 0.5
    with pytest.raises(InvalidOperationException, match=r"never will: the machine stopped with 'fault' at 0\.500000 s"):
        library.wait_for_line_on_uart("event", timeout=1000)


def test_the_next_line_must_match_when_asked(library: TinysimLibrary) -> None:
    script(library).said = [(0.1, "one\n"), (0.2, "two\n")]
    with pytest.raises(InvalidOperationException, match="the next line is 'one'"):
        library.wait_for_line_on_uart("two", matchNextLine=True)


def test_lines_that_follow_each_other_match_together(library: TinysimLibrary) -> None:
    script(library).said = [(0.1, "a\n"), (0.2, "x\n"), (0.3, "a\n"), (0.4, "b\n"), (0.5, "c\n")]
    assert library.wait_for_lines_on_uart(["a", "b"])["Timestamp"] == 400.0
    assert library.wait_for_next_line_on_uart()["Line"] == "c"


def test_a_prompt_is_found_where_it_ends_and_taken_once(library: TinysimLibrary) -> None:
    script(library).said = [(0.2, "login: "), (0.3, "x")]
    assert library.wait_for_prompt_on_uart("login:")["Line"] == "login: "
    assert script(library).time == 0.2
    with pytest.raises(InvalidOperationException, match="did not come"):
        library.wait_for_prompt_on_uart("login:", timeout=0.5)


def test_what_a_prompt_took_is_missing_in_the_finished_line(library: TinysimLibrary) -> None:
    script(library).said = [(0.2, "name: "), (0.3, "me\n")]
    library.wait_for_prompt_on_uart("name:")
    assert library.wait_for_next_line_on_uart()["Line"] == "me"


def test_an_unfinished_line_counts_only_when_asked(library: TinysimLibrary) -> None:
    script(library).said = [(0.2, "progress 50")]
    with pytest.raises(InvalidOperationException):
        library.wait_for_line_on_uart("progress", timeout=0.5)
    assert library.wait_for_line_on_uart("progress", includeUnfinishedLine=True)["Line"] == "progress 50"


def test_a_carriage_return_ends_a_line_when_asked(library: TinysimLibrary) -> None:
    library.create_terminal_tester("uart0", endLineOption="TreatCarriageReturnAsEndLine", defaultPauseEmulation=True)
    script(library).said = [(0.1, "one\r"), (0.2, "\ntwo\r")]
    assert library.wait_for_next_line_on_uart()["Line"] == "one"
    assert library.wait_for_next_line_on_uart()["Line"] == "two"
    with pytest.raises(KeywordException, match="endLineOption is TreatLineFeedAsEndLine or"):
        library.create_terminal_tester("uart0", endLineOption="Bogus")


def test_bytes_are_matched_as_hexadecimal_or_expression(library: TinysimLibrary) -> None:
    library.create_terminal_tester("uart0", binaryMode=True, defaultPauseEmulation=True)
    script(library).said = [(0.1, "\x01\x00\x7f"), (0.2, "\n\xff\x05")]
    assert library.wait_for_bytes_on_uart("00 7F")["Content"] == b"\x00\x7f"
    hit = library.wait_for_bytes_on_uart(r"\xff(.)", treatAsRegex=True)
    assert (hit["Groups"], hit["Timestamp"]) == (["05"], 200.0)
    with pytest.raises(KeywordException, match="is a binary one"):
        library.wait_for_line_on_uart("x")
    with pytest.raises(KeywordException, match="'zz' is no row of hexadecimal bytes"):
        library.wait_for_bytes_on_uart("zz")


def test_a_failing_string_is_looked_for_first(library: TinysimLibrary) -> None:
    library.register_failing_uart_string("PANIC")
    script(library).said = [(0.1, "PANIC in main\n"), (0.2, "done\n")]
    with pytest.raises(InvalidOperationException, match="Test failing entry has been found on UART:\nPANIC in main"):
        library.wait_for_line_on_uart("done")
    library.unregister_failing_uart_string("PANIC")
    assert library.wait_for_line_on_uart("done")["Line"] == "done"
    with pytest.raises(KeywordException, match="was not registered"):
        library.unregister_failing_uart_string("PANIC")


def test_text_that_must_not_come_is_waited_out(library: TinysimLibrary) -> None:
    script(library).said = [(0.5, "TS event n=1 class=double\n")]
    library.should_not_be_on_uart("event", timeout=0.4)
    assert script(library).time == 0.4
    with pytest.raises(InvalidOperationException, match=r"'TS event n=1 class=double' is there at 500\.000000 ms"):
        library.should_not_be_on_uart("event", timeout=1)


def test_an_idle_uart_says_nothing(library: TinysimLibrary) -> None:
    script(library).said = [(0.5, "h")]
    library.test_if_uart_is_idle(0.4)
    with pytest.raises(InvalidOperationException, match="it was not idle"):
        library.test_if_uart_is_idle(0.4)


def test_a_written_line_waits_for_its_echo_and_answers_an_empty_result(library: TinysimLibrary) -> None:
    script(library).said = [(0.1, "help")]
    assert library.write_line_to_uart("help")["Line"] == ""
    library.write_line_to_uart("quiet", waitForEcho=False)
    library.write_to_uart("x")
    library.send_key_to_uart(13)
    assert script(library).written == b"help\rquiet\rx\r"
    with pytest.raises(KeywordException, match="'qq' is not one character"):
        library.write_char_on_uart("qq")


def test_a_fault_of_the_line_goes_with_its_bytes(library: TinysimLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[bytes, dict[str, object]]] = []
    port = SimpleNamespace(write=lambda content, **wrong: sent.append((content, wrong)))
    monkeypatch.setattr(script(library), "uart", lambda _name: port, raising=False)
    library.write_to_uart_with_fault("x", "noise", 9600)
    assert sent == [(b"x", {"fault": "noise", "baud_hz": 9600})]


def test_a_delay_passes_behind_each_byte(library: TinysimLibrary) -> None:
    library.write_char_delay(0.01)
    library.write_to_uart("abc")
    assert script(library).time == pytest.approx(0.03)


def test_testers_are_found_by_number_and_default(library: TinysimLibrary) -> None:
    assert library.create_terminal_tester("sysbus.uart1", defaultPauseEmulation=True) == 1
    assert library.create_terminal_tester("uart0", defaultPauseEmulation=True) == 0
    script(library).said = [(0.1, "one\n")]
    with pytest.raises(KeywordException, match="There is more than one tester available"):
        library.wait_for_line_on_uart("one")
    library.set_default_tester(0)
    library.wait_for_line_on_uart("one")
    library.set_default_tester("null")
    with pytest.raises(KeywordException, match=r"there is no terminal tester 5: there are \[0, 1\]"):
        library.wait_for_line_on_uart("one", testerId=5)


def test_names_that_are_not_there_are_told_with_those_that_are(library: TinysimLibrary) -> None:
    with pytest.raises(KeywordException, match=r"wrong type: 'sysbus\.uart9'\. Available UARTs: \[sysbus\.uart0, "):
        library.create_terminal_tester("sysbus.uart9")
    with pytest.raises(KeywordException, match=r"Machine with name other not found. Available machines: \[machine-0\]"):
        library.create_terminal_tester("uart0", machine="other")


def test_the_machine_runs_on_unless_it_is_paused(library: TinysimLibrary) -> None:
    script(library).said = [(0.1, "one\n"), (0.2, "two\n")]
    library.wait_for_line_on_uart("one")
    assert not library.session.emulation.is_started
    library.wait_for_line_on_uart("two", pauseEmulation=False)
    assert library.session.emulation.is_started
    library.reset_emulation()


def test_reset_forgets_machines_and_testers(library: TinysimLibrary) -> None:
    library.reset_emulation()
    with pytest.raises(KeywordException, match="there is no terminal tester"):
        library.wait_for_next_line_on_uart()
    with pytest.raises(KeywordException, match="There is no machine in the emulation"):
        library.create_terminal_tester("uart0")
