"""The pytest plugin, in tests of tests: fixtures, marker, options, and what a failed test's machine tells."""

from __future__ import annotations

import tomllib
from importlib import import_module
from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from tap_runs import FIRMWARE, ROOT, STREAMS

pytest_plugins = ["pytester"]

MARKER = "import pytest\npytestmark = pytest.mark.tinysim({})\n"


def run(pytester: pytest.Pytester, source: str, *arguments: str) -> pytest.RunResult:
    """A test file in a fresh folder, on this plugin alone."""
    pytester.plugins = []
    pytester.makepyfile(source)
    return pytester.runpytest_inprocess("-p", "tinysim.pytest_plugin", "-p", "no:cacheprovider", *arguments)


@pytest.fixture(autouse=True)
def no_installed_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plugin under test is named with -p: an installed tinysim would bring it a second time."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)


def with_machine(firmware: str, body: str, **settings: str) -> str:
    named = {"platform": "nrf52840", "firmware": str(FIRMWARE / f"{firmware}.elf"), **settings}
    return MARKER.format(", ".join(f"{key}={value!r}" for key, value in named.items())) + body


# ---- fixtures, marker, options ----


def test_the_marker_names_platform_firmware_and_stream(pytester: pytest.Pytester) -> None:
    body = "def test(machine):\n    assert machine.uart().wait_for('TS event .*class=single', timeout=4.0)\n"
    source = with_machine("tap", body, stream=str(STREAMS / "tap_single.csv"))
    run(pytester, source, "--strict-markers").assert_outcomes(passed=1)


def test_a_stream_may_name_its_sensor(pytester: pytest.Pytester) -> None:
    body = "def test(machine):\n    assert machine.stream_duration_s == 4.0\n"
    source = with_machine("tap", body, stream=f"accelerometer={STREAMS / 'tap_single.csv'}")
    run(pytester, source).assert_outcomes(passed=1)


def test_options_stand_in_where_the_marker_is_silent(pytester: pytest.Pytester) -> None:
    source = """
        def test(machine, firmware):
            assert machine.uart().wait_for("TS hello", timeout=0.1)
            assert firmware.name == "hello.elf"
    """
    hello = str(FIRMWARE / "hello.elf")
    result = run(pytester, source, "--tinysim-platform=nrf52840", "--tinysim-firmware", hello)
    result.assert_outcomes(passed=1)


def test_the_nearest_marker_wins_setting_by_setting(pytester: pytest.Pytester) -> None:
    body = f"""
@pytest.mark.tinysim(firmware={str(FIRMWARE / "deadlock.elf")!r})
def test(machine):
    assert machine.run_for(0.1) == "deadlock"
"""
    run(pytester, with_machine("hello", body)).assert_outcomes(passed=1)


@pytest.mark.parametrize("place", ["tests", "."])
def test_firmware_is_found_beside_the_test_and_in_the_rootdir(pytester: pytest.Pytester, place: str) -> None:
    folder = pytester.mkdir("tests")
    image = pytester.path / place / "fw.elf"
    image.write_bytes((FIRMWARE / "hello.elf").read_bytes())
    source = MARKER.format('firmware="fw.elf"') + f"def test(firmware):\n    assert firmware == {str(image)!r}\n"
    (folder / "test_it.py").write_text(source.replace("firmware ==", "str(firmware.resolve()) =="))
    run(pytester, "", "--rootdir", str(pytester.path), "tests").assert_outcomes(passed=1)


def test_a_suite_may_build_its_own_firmware(pytester: pytest.Pytester) -> None:
    source = f"""
        import pathlib, pytest
        @pytest.fixture
        def firmware():
            return pathlib.Path({str(FIRMWARE / "hello.elf")!r})
        @pytest.mark.tinysim(platform="nrf52840")
        def test(machine, firmware):
            assert machine.symbol("main")
    """
    run(pytester, source).assert_outcomes(passed=1)


def test_a_machine_closes_itself_and_each_test_has_its_own(pytester: pytest.Pytester) -> None:
    body = """
machines = []
def test_one(machine):
    machine.close = lambda: machines.append(machine)
    machine.run_for(0.1)
def test_two(machine):
    assert machines and machines[0] is not machine
    assert machine.time == 0
"""
    run(pytester, with_machine("hello", body)).assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("marker", "expected"),
    [
        ('platform="nrf99"', "*unknown platform 'nrf99'*"),
        ('platform="nrf52840", firmware="no.elf"', "*there is no firmware no.elf: looked for *no.elf"),
        ('platform="nrf52840", stream="no.csv"', "*there is no stream no.csv: looked for *no.csv"),
        ('platform="nrf52840", rate=5', "*the marker tinysim does not know rate: it takes platform, firmware, stream*"),
        ("", "*no platform is named: @pytest.mark.tinysim*"),
    ],
)
def test_a_mistake_is_one_line(pytester: pytest.Pytester, marker: str, expected: str) -> None:
    result = run(pytester, MARKER.format(marker) + "def test(machine):\n    pass\n")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([expected])
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*another exception*")


# ---- the report ----


def test_a_fault_is_told_with_function_line_and_instructions(pytester: pytest.Pytester) -> None:
    body = "def test(machine):\n    assert machine.run_for(0.1) == 'time'\n"
    result = run(pytester, with_machine("fault_div", body))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "fault_div.elf on nrf52840dk, engine native",
            "stopped: fault at 0.00* s, cycle *",
            "HardFault (DIVBYZERO, FORCED) at pc 0x* in main (fault_div.c:11)",
            "-- console: nothing was sent",
            "-- last 20 instructions",
            "0x*  fb?? f???  main+0x*  fault_div.c:11",
        ],
        consecutive=False,
    )


def test_console_lines_stand_there_though_the_test_read_them(pytester: pytest.Pytester) -> None:
    body = """
def test(machine):
    machine.run_for(1.1)
    assert not machine.uart().read_new()
"""
    result = run(pytester, with_machine("tap", body, stream=str(STREAMS / "tap_single.csv")))
    result.stdout.fnmatch_lines(
        [
            "stopped: time at 1.100000 s, cycle 70,400,000",
            "-- console, last * of * lines",
            "    0.00???? s  TS boot app=tap *",
            "    1.01???? s  TS win n=3 *",
            "-- last 20 instructions",
            "0x*  bf?0       board_sleep+0x*  core.h:*",
        ]
    )


def test_gaps_are_named(pytester: pytest.Pytester) -> None:
    program = bytes.fromhex("00100020 09000000 0148 0168 fee7 00bf 00950240".replace(" ", ""))
    (pytester.path / "gap.bin").write_bytes(program)
    source = MARKER.format('platform="nrf52840", firmware="gap.bin@0x0"')
    result = run(pytester, source + "def test(machine):\n    assert not (machine.run_for(0.001), machine.gaps)\n")
    result.stdout.fnmatch_lines(
        ["-- not modelled: 1 addresses", "read of * at 0x40029500 is not modelled (1 x), first from pc 0x0000000A"]
    )
    result.stdout.fnmatch_lines(["0x0000000c  e7fe       unknown code *times)"])


def test_a_fixture_that_failed_on_the_machine_is_told_of_too(pytester: pytest.Pytester) -> None:
    body = """
@pytest.fixture
def prompt(machine):
    return machine.uart().wait_for("ready", timeout=0.1)
def test(prompt):
    pass
"""
    result = run(pytester, with_machine("deadlock", body))
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["stopped: deadlock at *", "-- last 20 instructions", "0x*  main+0x0 *deadlock.c:*"])


def test_a_test_that_passes_or_is_expected_to_fail_says_nothing(pytester: pytest.Pytester) -> None:
    body = """
def test_fine(machine):
    machine.run_for(0.1)
@pytest.mark.xfail
def test_not_fine(machine):
    assert machine.run_for(0.1) == "fault"
"""
    result = run(pytester, with_machine("hello", body), "-rA")
    result.assert_outcomes(passed=1, xfailed=1)
    result.stdout.no_fnmatch_line("*last 20 instructions*")


# ---- costs and packaging ----


def test_unused_it_imports_nothing_of_tinysim(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    package = Path(import_module("tinysim").__file__ or "").resolve().parents[1]
    monkeypatch.setenv("PYTHONPATH", str(package))
    pytester.makepyfile(
        """
        import sys
        def test():
            known = sorted(name for name in sys.modules if name.split(".")[0] in ("tinysim", "numpy", "elftools"))
            assert known == ["tinysim", "tinysim.pytest_plugin"]
        """
    )
    pytester.runpytest_subprocess("-p", "tinysim.pytest_plugin").assert_outcomes(passed=1)


def test_the_package_declares_the_plugin() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["entry-points"]["pytest11"] == {"tinysim": "tinysim.pytest_plugin"}
    assert import_module("tinysim.pytest_plugin").machine
