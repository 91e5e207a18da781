"""What an entry's type decides: parameters, outputs, registration objects, and what becomes of a type without model."""

# ruff: noqa: E501 - a rule is a line of its table
from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tinysim.errors import InputError
from tinysim.platform import Platform, fit, load_platform, refuse_omissions
from tinysim.platform.renode_types import NOT_GIVEN, RENAMED, find_type

CPU = (
    'nvic: IRQControllers.NVIC @ sysbus 0xE000E000 { -> cpu@0 }\n'
    'cpu: CPU.CortexM @ sysbus { cpuType: "cortex-m4"; nvic: nvic }\n'
    "ram: Memory.MappedMemory @ sysbus 0x20000000 { size: 0x1000 }\n"
)  # fmt: skip
EGU, GPIO = "Miscellaneous.NRF52840_EGU", "GPIOPort.NRF52840_GPIO"
KNOWN = frozenset({EGU, GPIO, "IRQControllers.NVIC", "I2C.NRF52840_TWI_TWIM", "Timers.STM32_Timer"})
CPUS = frozenset({"cortex-m4"})


def load(folder: Path, text: str) -> Platform:
    (folder / "board.repl").write_text(CPU + text, encoding="utf-8")
    return load_platform(folder / "board.repl")


def fitted(folder: Path, text: str) -> Platform:
    return fit(load(folder, text), KNOWN, CPUS)


def point(attributes: str, name: str = "a", kind: str = "Point") -> str:
    return f"{name}: A @ sysbus new Bus.Bus{kind}Registration {{ {attributes} }}\n"


def range_of(attributes: str) -> str:
    return point(attributes, kind="Range")


def multi(attributes: str) -> str:
    return point(attributes, kind="Multi")


SECURE = point('address: 1; condition: "secure"')

# rule: good text, bad text, code
RULES: dict[str, tuple[str, str, str]] = {
    "a parameter belongs to its type": ("u: UART.NRF52840_UART { easyDMA: true }", "u: UART.NRF52840_UART { easyDma: true }", "E25"),
    "a needed parameter is given": ("t: Timers.NRF52840_RTC { numberOfEvents: 3 }", "t: Timers.NRF52840_RTC", "E25"),
    "a property is not judged": ("u: UART.NRF52840_UART { Anything: 1 }", "u: UART.NRF52840_UART { anything: 1 }", "E25"),
    "an output belongs to its type": ("a: I2C.STM32F1_I2C { ErrorInterrupt -> nvic@1 }", "a: I2C.STM32F1_I2C { Error -> nvic@1 }", "E13"),
    "the default output is one": (f"a: {EGU} {{ -> nvic@1 }}", "a: I2C.STM32F1_I2C { -> nvic@1 }", "E15"),
    "there is a default output": (f"a: {EGU} {{ -> nvic@1 }}", f"a: {GPIO} {{ -> nvic@1 }}", "E13"),
    "there is an output at all": ("l: Miscellaneous.LED", "l: Miscellaneous.LED { -> nvic@1 }", "E13"),
    "numbers are outputs of ports": (f"a: {GPIO} {{ 3 -> nvic@1 }}", f"a: {EGU} {{ 3 -> nvic@1 }}", "E14"),
    "the default output is not wired by name too": (f"a: {EGU} {{ IRQ -> nvic@1 | nvic@2 }}", f"a: {EGU} {{ -> nvic@1; IRQ -> nvic@2 }}", "E16"),
    "a memory takes no interrupt": (f"a: {EGU} {{ -> nvic@1 }}", f"a: {EGU} {{ -> ram@1 }}", "E12"),
    "the bus takes no interrupt": (f"a: {EGU} {{ -> nvic@1 }}", f"a: {EGU} {{ -> sysbus@1 }}", "E12"),
    "a memory carries nothing": (f"a: {EGU} @ sysbus 0x100", f"a: {EGU} @ ram 0x100", "E05"),
    "a range is not empty": ("a: A @ sysbus <0x10, 0x20>", "a: A @ sysbus <0x10, 0x10>", "E06"),
    "a point registration has an address": (point("address: 1; offset: 4"), point("offset: 4"), "E21"),
    "a point registration has no size": (point("address: 1"), point("address: 1; size: 4"), "E21"),
    "a range registration has a size": (range_of("address: 1; size: 4"), range_of("address: 1"), "E21"),
    "or a range": (range_of("range: <1, 4>"), range_of("range: 4"), "E06"),
    "a multi registration has a region": (multi('address: 1; size: 4; region: "r"'), multi("address: 1; size: 4"), "E21"),
    "a region is a text": (multi('address: 1; size: 4; region: "r"'), multi("address: 1; size: 4; region: 3"), "E06"),
    "a cpu is a variable": (point("address: 1; cpu: cpu"), point("address: 1; cpu: 3"), "E06"),
    "a cpu is declared": (point("address: 1; cpu: cpu"), point("address: 1; cpu: cpu9"), "E20"),
    "cpu and cluster exclude each other": (point("address: 1; cluster: cpu"), point("address: 1; cpu: cpu; cluster: cpu"), "E21"),
    "a condition is one": (point('address: 1; condition: "secure"'), point('address: 1; condition: "secure &&"'), "E21"),
    "a condition fits its cpu": (point('address: 1; cpu: cpu; condition: "secure"'), point('address: 1; cpu: cpu; condition: "initiator == nvic"'), "E21"),
    "two devices have two places": ("a: A @ sysbus 0x10\nb: A @ sysbus 0x20", "a: A @ sysbus 0x10\nb: A @ sysbus 0x10", "E39"),
    "a condition's initiator is declared": (point('address: 1; condition: "initiator == cpu"'), point('address: 1; condition: "initiator == cpu9"'), "E20"),
    "or two conditions": (SECURE + point('address: 1; condition: "!secure"', "b"), SECURE + point('address: 1; condition: "privileged"', "b"), "E39"),
}  # fmt: skip


@pytest.mark.parametrize(("good", "bad", "code"), RULES.values(), ids=RULES.keys())
def test_a_platform_that_breaks_a_rule_is_refused_and_its_twin_is_not(
    tmp_path: Path, good: str, bad: str, code: str
) -> None:
    assert load(tmp_path, good)
    with pytest.raises(InputError) as caught:
        load(tmp_path, bad)
    assert caught.value.problem.startswith(code) and caught.value.remedy and caught.value.place


def test_a_types_name_may_have_renodes_namespace(tmp_path: Path) -> None:
    platform = load(tmp_path, f"a: Antmicro.Renode.Peripherals.{EGU} @ sysbus 0x40014000")
    assert platform.device("a").type == EGU
    with pytest.raises(InputError, match="E25"):
        load(tmp_path, f"a: Antmicro.Renode.Peripherals.{EGU} {{ nothing: 1 }}")


def test_a_type_without_model_becomes_a_gap_of_its_name_and_size(tmp_path: Path) -> None:
    text = "r: Wireless.NRF52840_Radio @ sysbus 0x40001000 { -> nvic@1 }\ns: Company.Thing @ sysbus <0x50000000, +0x20>"
    platform = fitted(tmp_path, text)
    assert [device.name for device in platform.devices] == ["nvic"]
    assert [(gap.name, gap.begin, gap.end) for gap in platform.chip.gap_ranges] == [
        ("r", 0x40001000, 0x40002000), ("s", 0x50000000, 0x50000020),
    ]  # fmt: skip
    assert platform.gap_name(0x4000150C) == "r+0x50C" and platform.gap_name(0x40002000) is None
    assert platform.left_out()[0] == ("r", "Wireless.NRF52840_Radio has no model")
    assert not [wire for wire in platform.connections if wire.source == "r"]


def test_strict_makes_the_gap_an_error_at_its_line(tmp_path: Path) -> None:
    platform = fitted(tmp_path, "r: Wireless.NRF52840_Radio @ sysbus 0x40001000")
    refuse_omissions(platform, strict=False)
    with pytest.raises(InputError, match=r"board\.repl:4:1: E04 r: Wireless\.NRF52840_Radio has no model"):
        refuse_omissions(platform, strict=True)


def test_hints_are_no_errors_with_strict(tmp_path: Path) -> None:
    text = 'nvic: { systickFrequency: 72000000 }\nsysbus: { init: { ApplySVD @x.svd; Tag <0x10, 0x1F> "T" } }'
    platform = fitted(tmp_path, text)
    assert [omission.name for omission in platform.omissions] == ["nvic", "T", "sysbus"]
    refuse_omissions(platform, strict=True)


def test_what_sits_on_a_gap_is_left_out_with_it(tmp_path: Path) -> None:
    platform = fitted(tmp_path, f"s: SPI.NRF52840_SPI @ sysbus 0x40023000\np: {EGU} @ s\nq: {EGU} @ {{ s; nvic 1 }}")
    assert [(name, why) for name, why in platform.left_out()][1:] == [("p", "sits on s, which has no model")]
    assert platform.device("q")


def test_upstreams_i2c_is_our_twi(tmp_path: Path) -> None:
    assert fitted(tmp_path, "t: I2C.NRF52840_I2C @ sysbus 0x40003000").device("t").type == "I2C.NRF52840_TWI_TWIM"


def test_a_python_peripheral_without_its_file_says_so(tmp_path: Path) -> None:
    text = 'p: Python.PythonPeripheral @ sysbus 0x40010000 { size: 0x100; filename: "gone.py" }'
    platform = fit(load(tmp_path, text), KNOWN | {"Python.PythonPeripheral"}, CPUS)
    assert platform.left_out() == [("p", "the script file gone.py is not found; accesses are reported as gaps")]
    assert platform.omissions[0].areas == ((0x40010000, 0x100),)


def test_regions_of_a_device_are_gaps_beside_it(tmp_path: Path) -> None:
    second = 'sysbus new Bus.BusMultiRegistration { address: 0x5000; size: 0x20; region: "second" }'
    platform = fitted(tmp_path, f"a: {EGU} @ {{ sysbus 0x4000; {second} }}")
    assert [one.address for one in platform.device("a").registrations] == [0x4000]
    assert platform.gap_name(0x5004) == "a.second+0x4"


def test_lines_to_one_input_are_combined_by_an_or(tmp_path: Path) -> None:
    text = "".join(f"{name}: {EGU} @ sysbus {0x4000 + 0x1000 * n} {{ -> nvic@33 }}\n" for n, name in enumerate("abc"))
    platform = fitted(tmp_path, text + f"d: {EGU} @ sysbus 0x8000 {{ -> nvic@34 }}")
    combined = platform.device("nvic@33")
    assert combined.type == "Miscellaneous.CombinedInput" and combined.parameters == {"numberOfInputs": 3}
    wires = {(wire.source, wire.target, wire.input) for wire in platform.connections}
    assert wires == {
        ("nvic", "cpu", 0), ("a", "nvic@33", 0), ("b", "nvic@33", 1), ("c", "nvic@33", 2), ("nvic@33", "nvic", 33),
        ("d", "nvic", 34),
    }  # fmt: skip


def test_wires_that_no_model_has_are_listed(tmp_path: Path) -> None:
    text = (
        "t: Timers.STM32_Timer @ sysbus 0x40000000\n    frequency: 1000\n    initialLimit: 7\n"
        f"    0 -> nvic@1\n    IRQ -> g#03@1\n    UpdateInterrupt -> nvic@2\ng: {GPIO} @ sysbus 0x50000500"
    )
    platform = fitted(tmp_path, text)
    assert [reason for _, reason in platform.left_out()] == [
        "output 0 of Timers.STM32_Timer has no model",
        "the alternate function of pin 3 of g has no model",
    ]
    assert [wire.output for wire in platform.connections if wire.source == "t"] == ["UpdateInterrupt"]


def test_tags_are_gaps_unless_a_model_is_there(tmp_path: Path) -> None:
    text = 'sysbus: { init: { Tag <0x20000000, 0x200000FF> "RAM"; Tag <0x30000000 8> "ID" 0x55 } }'
    platform = fitted(tmp_path, text)
    assert [(omission.kind, omission.name) for omission in platform.omissions] == [("line", "ID")]
    assert platform.gap_name(0x30000004) == "ID+0x4"


def test_lines_for_the_monitor_are_listed(tmp_path: Path) -> None:
    platform = fitted(tmp_path, f"a: {EGU} @ sysbus 0x4000 {{ preinit: {{ include @x.cs }}; reset: {{ y 1 }} }}")
    assert [reason for _, reason in platform.left_out()] == [
        "the preinit line 'include @x.cs' is not run", "the reset line 'y 1' is not run",
    ]  # fmt: skip


def test_a_cpu_without_model_is_refused(tmp_path: Path) -> None:
    platform = fitted(tmp_path, 'cpu: { cpuType: "cortex-m7" }')
    with pytest.raises(InputError, match="cortex-m7 has no model; there is cortex-m4"):
        refuse_omissions(platform, strict=False)


def test_the_table_of_types_agrees_with_itself() -> None:
    for name, outputs in NOT_GIVEN.items():
        known = find_type(name)
        assert known is not None and outputs <= known.outputs
    assert all(find_type(name) is not None for name in RENAMED)


CHIP = Path(__file__).parents[1] / "data" / "repl_idioms" / "platforms" / "cpus" / "stm32f4.repl"
CHIP_TEXT = CHIP.read_text(encoding="utf-8")
PIECES = st.sampled_from(
    ["#3@1", "@ none", "@ sysbus", " -> nvic@1", "[0-3]", "new Bus.BusPointRegistration { address: 4; cpu: cpu }", "{", "}",
     ";", "\n", "\n    ", "rcc", "dma1", "Memory.MappedMemory", "size: 0", '"secure"', "local ", "none", "-1", "0xFFFFFFFF"]
)  # fmt: skip


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(CHIP_TEXT)), st.integers(0, 60), st.lists(PIECES, max_size=4).map("".join))
def test_a_damaged_chip_is_fitted_or_refused(tmp_path: Path, at: int, cut: int, put: str) -> None:
    path = tmp_path / "stm32f4.repl"
    path.write_text(CHIP_TEXT[:at] + put + CHIP_TEXT[at + cut :], encoding="utf-8")
    try:
        platform = fit(load_platform(path), KNOWN, CPUS)
    except InputError as error:
        assert error.remedy
    else:
        assert {device.type for device in platform.devices} <= {*KNOWN, "Miscellaneous.CombinedInput"}
