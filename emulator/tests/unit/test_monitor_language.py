"""The language of the Monitor: tokens, variables, macros, scripts, and where a mistake is told to be."""

from __future__ import annotations

from pathlib import Path

import pytest

from tinysim.emulation import Emulation
from tinysim.monitor.completion import complete
from tinysim.monitor.errors import Incomplete, MonitorError, Quit
from tinysim.monitor.interpreter import Monitor
from tinysim.monitor.tokens import statements
from tinysim.monitor.values import File, Range, Word, parse_range, parse_time_s, parse_word, time_text


@pytest.fixture
def monitor() -> Monitor:
    return Monitor(Emulation())


def kinds(text: str) -> list[list[tuple[str, str]]]:
    return [[(token.kind, token.text) for token in statement] for statement in statements(text)]


def test_a_line_is_cut_into_tokens() -> None:
    assert kinds("sysbus WriteDoubleWord 0x10 -5 # comment") == [
        [("word", "sysbus"), ("word", "WriteDoubleWord"), ("word", "0x10"), ("word", "-5")]
    ]
    assert kinds("""Tag <0x10, 0x20> "A; 'B' \\"C\\"" 'd "e"'""") == [
        [("word", "Tag"), ("range", "<0x10, 0x20>"), ("string", "A; 'B' \"C\""), ("string", 'd "e"')]
    ]
    assert kinds('cpu PC `sysbus GetSymbolAddress "x"`')[0][2] == ("command", 'sysbus GetSymbolAddress "x"')
    assert kinds("i @dir/a\\ b.resc")[0][1] == ("path", "dir/a b.resc")
    assert kinds('i @"a b.resc"; i $ORIGIN/x.resc') == [
        [("word", "i"), ("path", "a b.resc")],
        [("word", "i"), ("path", "$ORIGIN/x.resc")],
    ]


def test_headers_comments_and_ends_make_statements() -> None:
    text = ":name: A demo\n:description: with ; in it\n# comment\n\nstart; pause\n$x?=1\n$y=@a"
    assert [[token for _, token in statement] for statement in kinds(text)] == [
        ["start"], ["pause"], ["x", "?=", "1"], ["y", "=", "a"],
    ]  # fmt: skip


def test_a_macro_takes_the_string_of_the_next_line() -> None:
    text = 'macro reset\n"""\n    one; two\n"""\nrunMacro $reset\nmacro a """b"""'
    assert kinds(text) == [
        [("word", "macro"), ("word", "reset"), ("long_string", "\n    one; two\n")],
        [("word", "runMacro"), ("variable", "reset")],
        [("word", "macro"), ("word", "a"), ("long_string", "b")],
    ]
    with pytest.raises(Incomplete):
        kinds('macro a\n"""\nopen')


def test_words_are_numbers_truths_or_themselves() -> None:
    assert [parse_word(word) for word in ("0x1F", "-0x10", "1_000", "2.5", "true", "False", "null")] == [
        31, -16, 1000, 2.5, True, False, None,
    ]  # fmt: skip
    assert parse_word("uart0") == Word("uart0")
    assert parse_range("<0x10 0x20>") == Range(0x10, 0x30)
    assert parse_range("<0x10, 0x1F>") == Range(0x10, 0x20)


def test_times_have_renodes_forms() -> None:
    assert [parse_time_s(text) for text in ("0.5", "00:00:01.5", "01:02:03", "1:30", "abc", "")] == [
        0.5, 1.5, 3723.0, 90.0, None, None,
    ]  # fmt: skip
    assert time_text(3_723_044_400_000) == "01:02:03.044400000"


def test_variables_are_set_defaulted_and_shown(monitor: Monitor) -> None:
    assert monitor.execute('$a=5; $a?=6; $b?="text"; $c=@f.elf; $a; $b; $c') == "0x5\ntext\n@f.elf\n"
    assert monitor.execute("echo $b") == "text\n"
    with pytest.raises(MonitorError, match=r"No such variable: \$bb \(did you mean b\?\)"):
        monitor.execute("echo $bb")
    with pytest.raises(MonitorError, match=r"\$a is no command"):
        monitor.execute("$a 5")


def test_variables_belong_to_the_machine_that_is_selected(monitor: Monitor) -> None:
    monitor.execute('$name?="one"; mach create $name; $bin=@a; mach create "two"')
    assert monitor.execute("$name") == "one\n"
    with pytest.raises(MonitorError, match=r"No such variable: \$bin"):
        monitor.execute("$bin")
    assert monitor.execute("$bin", machine="one") == "@a\n"
    monitor.execute("$global.all=1; mach set 0")
    assert monitor.execute("$all") == "0x1\n"


def test_macros_and_aliases_run_commands(monitor: Monitor) -> None:
    monitor.execute('macro hello\n"""\n echo "one"\n echo "two"\n"""')
    assert monitor.execute("runMacro $hello") == monitor.execute("runMacro hello") == "one\ntwo\n"
    monitor.execute('alias say "echo"')
    assert monitor.execute('say "x"') == "x\n"
    assert monitor.execute("set text 'echo \"x\"'; execute $text") == "x\n"
    with pytest.raises(MonitorError, match=r"No such macro: hallo \(did you mean hello\?\)"):
        monitor.execute("runMacro hallo")


def test_a_command_in_backticks_gives_its_answer(monitor: Monitor) -> None:
    assert monitor.execute('echo `echo "inner"`') == "inner\n"


def test_scripts_include_each_other_from_their_folder(monitor: Monitor, tmp_path: Path) -> None:
    (tmp_path / "inner.resc").write_text('echo "inner"\n$where=$ORIGIN/x\n')
    (tmp_path / "outer.resc").write_text("include @inner.resc\ninclude $ORIGIN/inner.resc\n")
    assert monitor.run_script(tmp_path / "outer.resc") == "inner\ninner\n"
    assert monitor.execute("$where") == f"@{tmp_path}/x\n"
    (tmp_path / "round.resc").write_text("include @round.resc\n")
    with pytest.raises(MonitorError, match="include each other"):
        monitor.run_script(tmp_path / "round.resc")


def test_a_mistake_is_told_with_file_line_and_column(monitor: Monitor, tmp_path: Path) -> None:
    script = tmp_path / "bad.resc"
    script.write_text('mach create\n  echo "before"; nonsense here\necho "after"\n')
    with pytest.raises(MonitorError) as caught:
        monitor.run_script(script)
    assert str(caught.value).startswith(f"{script}:2:18: No such command or device: nonsense")
    assert caught.value.exit_code == 2


def test_a_mistake_in_a_macro_names_the_macro(monitor: Monitor) -> None:
    monitor.execute('macro m\n"""\n\n  nonsense\n"""')
    with pytest.raises(MonitorError, match=r"^macro m:3:3: No such command or device: nonsense"):
        monitor.execute("runMacro $m")


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("nonsense command", "No such command or device: nonsense"),
        ("verson", r"No such command or device: verson \(did you mean version\?\)"),
        ("runMakro $reset", r"No such command or device: runMakro \(did you mean runMacro\?\)"),
        ("emulation RunFr 1", r"does not provide a field, method or property RunFr. \(did you mean RunFor\?\)"),
        ("emulation RunFor 0.01", r"Parameters did not match the signature: 0.01 \(emulation RunFor PERIOD\)"),
        ('emulation RunFor "abc"', "Parameters did not match the signature: abc"),
        ("sysbus ReadByte 0", "there is no machine: use mach create"),
        ("mach set 7", "there is no machine '7'"),
        ("mach frobnicate", "Bad parameters for command mach frobnicate"),
        ("include @nofile.resc", "File does not exist: nofile.resc"),
        ("sysbus LoadELF @https://example.com/x.elf", "there is no machine"),
        ('"', "Could not tokenize here"),
        ("python \"print 1\"", "python is not supported by tinysim: Python runs outside of tinysim"),
        ("connector Connect a b", "connector is not supported by tinysim: machines run each for itself"),
        ('emulation CreateUARTHub "hub"', "emulation CreateUARTHub is not supported by tinysim"),
        ("machine StartGdbServer 3333", "use `tinysim run --gdb PORT`"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused_and_not_guessed(monitor: Monitor, line: str, answer: str) -> None:
    with pytest.raises(MonitorError, match=answer):
        monitor.execute(line)


def test_the_background_is_started_and_paused(monitor: Monitor) -> None:
    assert monitor.execute("start; emulation IsStarted; pause") == (
        "Starting emulation...\nTrue\nPausing emulation...\n"
    )
    monitor.execute("start")
    with pytest.raises(MonitorError, match="This action is not available when emulation is already started"):
        monitor.execute('emulation RunFor "1"')
    monitor.reset()
    assert not monitor.emulation.is_started


def test_python_and_c_sharp_are_not_included(monitor: Monitor, tmp_path: Path) -> None:
    (tmp_path / "Model.cs").write_text("class X {}")
    with pytest.raises(
        MonitorError, match=r"include Model.cs is not supported by tinysim: it runs neither Python nor C#"
    ):
        monitor.execute(f"i @{tmp_path}/Model.cs")


def test_quit_quits_and_help_helps(monitor: Monitor) -> None:
    with pytest.raises(Quit):
        monitor.execute("quit")
    assert "runMacro     : Run the commands of a macro." in monitor.execute("help")
    assert monitor.execute("help mach").startswith("mach [ACTION] [WHICH]\n")
    assert " - RunFor PERIOD" in monitor.execute("help emulation")


def test_machines_are_made_chosen_and_removed(monitor: Monitor) -> None:
    monitor.execute('mach create; mach create "second"')
    assert monitor.execute("mach") == "Available machines:\n0: machine-0\n1: second\n"
    monitor.execute('mach set 0; mach rem "second"')
    assert monitor.emulation.board.name == "machine-0"
    monitor.execute("mach clear")
    with pytest.raises(MonitorError, match="no machine is selected"):
        monitor.execute("peripherals")


def test_the_log_has_levels_and_a_file(monitor: Monitor, tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    monitor.execute(f'logFile @{log} true; log "to file" 3; log "too fine" -1')
    assert log.read_text() == "00:00:00.0000 [ERROR] Script: to file\n"
    monitor.execute('logLevel NOISY; log "fine" -1')
    assert log.read_text().endswith("[NOISY] Script: fine\n")
    assert monitor.execute("logLevel") == "Currently set levels:\nall: NOISY\n"
    with pytest.raises(MonitorError, match="there is no log level 9"):
        monitor.execute("logLevel 9")


def test_completion_offers_commands_methods_and_files(
    monitor: Monitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "script.resc").write_text("")
    monkeypatch.chdir(tmp_path)
    assert complete(monitor, "em") == ["emulation"]
    assert complete(monitor, "emulation Run") == ["RunFor"]
    assert complete(monitor, "include @scr") == ["@script.resc", "@scripts/"]
    assert complete(monitor, "nothing ") == []


def test_files_of_variables_stay_files(monitor: Monitor) -> None:
    monitor.execute("$x=@some.elf")
    assert monitor.variable("x") == File("some.elf")


def test_what_is_printed_is_shown_in_its_order(tmp_path: Path) -> None:
    shown: list[str] = []
    monitor = Monitor(Emulation(), show=shown.append)
    (tmp_path / "inner.resc").write_text('echo "one"; log "two" 3\necho `echo "three"`\n')
    assert monitor.execute(f"include @{tmp_path}/inner.resc") == ""
    assert shown == ["one\n", "00:00:00.0000 [ERROR] Script: two\n", "three\n"]


def test_a_string_that_is_not_closed_is_told_with_its_place(monitor: Monitor, tmp_path: Path) -> None:
    script = tmp_path / "open.resc"
    script.write_text('echo "fine"\n  echo "open\n')
    with pytest.raises(MonitorError) as caught:
        monitor.run_script(script)
    assert str(caught.value).startswith(f"{script}:2:8: Could not tokenize here")
