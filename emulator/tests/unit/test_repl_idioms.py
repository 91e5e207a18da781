"""Platform files in the idioms of Renode's own (data/repl_idioms, written for these tests): all load, and as meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from tinysim.errors import InputError
from tinysim.platform import Platform, load_platform
from tinysim.repl.syntax import EnumValue, ObjectValue, Range, Reference, Special

ROOT = Path(__file__).parents[1] / "data" / "repl_idioms"
FILES = sorted(ROOT.rglob("*.repl"))
CHIPS, BOARDS, IDIOMS = ROOT / "platforms" / "cpus", ROOT / "platforms" / "boards", ROOT / "idioms"


def load(path: Path) -> Platform:
    return load_platform(path, [ROOT])


def idiom(name: str) -> Platform:
    return load(IDIOMS / f"{name}.repl")


def wires(platform: Platform, source: str) -> set[tuple[object, str, int | None, int]]:
    return {(w.output, w.target, w.local, w.input) for w in platform.connections if w.source == source}


def test_there_are_twenty_of_them() -> None:
    assert len(FILES) >= 20


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_file_loads(path: Path) -> None:
    platform = load(path)
    assert platform.cpus and platform.memories and platform.files


def test_a_board_needs_its_search_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="E36"):
        load_platform(BOARDS / "stm32f7_discovery-bb.repl")
    assert load(BOARDS / "stm32f7_discovery-bb.repl").cpu.type == "cortex-m7"
    with pytest.raises(InputError, match="no such folder"):
        load_platform(BOARDS / "stm32f7_discovery-bb.repl", [tmp_path / "gone"])


def test_the_search_path_goes_before_our_chips() -> None:
    assert not load_platform(BOARDS / "nrf52840dk_nrf52840.repl", [ROOT]).device("radio").parameters
    ours = load_platform(BOARDS / "nrf52840dk_nrf52840.repl")
    assert "radio" not in {device.name for device in ours.devices} and ours.device("nvmc")


def test_a_chip_of_theirs_has_the_numbers_of_ours() -> None:
    nrf, f4, f7 = (load(CHIPS / f"{name}.repl") for name in ("nrf52840", "stm32f429", "stm32f746"))
    assert (nrf.chip.name, f4.chip.name, f7.chip.name) == ("nrf52840", "stm32f429", "")
    assert "chips/stm32f429.toml" in [each.path for each in f4.files]


def test_a_chip_of_theirs_gets_clocks_and_gates_from_ours() -> None:
    f4, ours = load(BOARDS / "stm32f4_discovery.repl"), load_platform("stm32f4_discovery")
    assert f4.device("usart2").parameters["gate"] == ours.device("usart2").parameters["gate"]
    assert f4.device("usart2").parameters["rcc"] == Reference("rcc", f4.device("usart2").place)
    assert f4.device("rcc").parameters["flash"] == Reference("flash_controller", f4.device("rcc").place)
    assert f4.device("rcc").parameters["hseFrequency"] == 8_000_000
    assert [omission.text for omission in f4.omissions] == ["hseFrequency is not said, 8 MHz is assumed"]
    assert load(CHIPS / "nrf52840.repl").device("gpio1").parameters == {"numberOfPins": 16}


def test_the_camera_is_on_two_buses() -> None:
    camera = load(BOARDS / "arduino_nano_33_ble.repl").device("ardu_cam")
    assert [(one.parent, one.point) for one in camera.attachments] == [("spi2", None), ("twi0", 0x30)]


def test_option_bytes_are_a_region() -> None:
    registrations = load(CHIPS / "stm32f4.repl").device("flash_controller").registrations
    assert [(one.address, one.size, one.region) for one in registrations] == [
        (0x40023C00, None, None), (0x1FFFC000, 0x100, "optionBytes"),
    ]  # fmt: skip


def test_a_relative_of_a_chip_changes_a_little() -> None:
    f412 = load(CHIPS / "stm32f412.repl")
    assert next(memory.size for memory in f412.memories if memory.name == "flash") == 0x100000
    assert f412.device("spi2").parameters["bufferCapacity"] == 2
    assert f412.device("spi2").parameters["series"] == EnumValue("STM32Series.F4")


def test_timers_reach_pins_as_alternate_functions() -> None:
    f4 = load(CHIPS / "stm32f4.repl")
    assert {(0, "gpioPortA", 8, 1), (1, "gpioPortA", 9, 1)} <= wires(f4, "timer1")
    assert {("TriggerInterrupt", "nvic", None, 26), ("CommutationInterrupt", "nvic", None, 26)} <= wires(f4, "timer1")
    assert wires(f4, "dma1") == {(n, "nvic", None, i) for n, i in enumerate((*range(11, 18), 47))}


def test_wires_are_replaced_output_by_output() -> None:
    found = wires(load(BOARDS / "stm32f4_discovery-additional_gpios.repl"), "gpioPortD")
    assert {output for output, *_ in found} == set(range(16)) - {13}
    assert {end for end in found if end[0] in (14, 15)} == {
        (14, "redLed", None, 0), (14, "exti", None, 14), (15, "blueLed", None, 0),
    }  # fmt: skip


def test_braces_and_indentation_say_the_same() -> None:
    braces = idiom("braces")
    assert braces.device("timer").parameters == {"numberOfEvents": 4}
    assert [tag.name for tag in braces.tags] == ["GAP; { not }", ""]


def test_updates_replace_remove_and_add() -> None:
    platform = idiom("updates")
    uart = platform.device("uart")
    assert ([one.address for one in uart.registrations], uart.parameters) == ([0x40003000], {})
    assert wires(platform, "uart") == {("IRQ", "nvic", None, 3)}
    assert platform.device("timer").parameters == {"numberOfEvents": 6}
    assert [tag.name for tag in platform.tags] == ["GAP; { not }", "", "MORE"]


def test_two_cpus_see_different_devices_at_one_address() -> None:
    platform = idiom("dual_core")
    assert [cpu.type for cpu in platform.cpus] == ["cortex-m4", "cortex-m33"]
    owners = {name: platform.device(name).registrations[0].access[0].initiator for name in ("own0", "own1", "nvic1")}
    assert owners == {"own0": "cpu", "own1": "cpu1", "nvic1": "cpu1"}
    secure, other = platform.device("secured").registrations
    assert secure.access[0].states == {("secure", True)}
    assert {(one.initiator, one.states) for one in other.access} == {
        ("cpu", frozenset({("secure", False)})), ("cpu1", frozenset()),
    }  # fmt: skip


def test_regions_aliases_and_ranges_are_registrations() -> None:
    platform = idiom("regions")
    assert [one.region for one in platform.device("smu").registrations] == ["smu_s", "smu_ns"]
    assert platform.device("fdcan").registrations[0].size == 0x400
    (alias,) = platform.device("alias").attachments
    assert (alias.parent, alias.point) == ("rcc", EnumValue("RegistrationPeripheralAlias.ADC3"))


def test_interrupts_in_every_form() -> None:
    platform = idiom("interrupts")
    port = {(output, target, number) for output, target, _, number in wires(platform, "port")}
    assert {(0, "nvic", 6), (1, "nvic", 7), (3, "nvic", 9), (5, "nvic", 13), (7, "nvic", 11), (11, "nvic", 25)} <= port
    assert {(12, "nvic", 30), (12, "or", 0), (12, "port", 15), (13, "or", 1), (14, "nvic", 32)} <= port
    assert 15 not in {output for output, *_ in port}
    assert wires(platform, "a") == {(None, "nvic", None, 33)} and wires(platform, "b") == {("IRQ", "nvic", None, 33)}


def test_values_of_every_kind() -> None:
    values = idiom("values").device("thing").parameters
    assert values["text"] == 'quotes " and backslash \\ and // no comment'
    assert str(values["longText"]).endswith("an escaped ''' inside")
    numbers = [values[name] for name in ("decimal", "negative", "leadingZero", "hexadecimal", "real")]
    assert numbers == [1_000_000, -42, 7, 0xDEADBEEF, -2.5]
    assert values["window"] == values["sized"] == Range(0x100, 0x200)
    assert (values["longEnum"], values["shortEnum"]) == (EnumValue("Company.Kind.First"), EnumValue(".Second"))
    assert values["defaulted"] is Special.EMPTY and values["pins"] == ((0, 1), (2,), ())
    assert values["table"] == {1: "one", "two": (2, 2), EnumValue("Kind.Three"): {3: True}}
    assert values["indented"] == {1: 10, 2: 20}
    part = values["part"]
    assert isinstance(part, ObjectValue) and part.attributes["x"] == 640
    assert isinstance(part.attributes["inner"], ObjectValue) and part.attributes["inner"].attributes["y"] == -1


def test_monitor_lines_by_phase() -> None:
    lines = [(line.phase, line.text) for line in idiom("monitor_lines").monitor_lines if line.variable == "device"]
    assert lines == [
        ("preinit", "include @Device.cs"),
        ("init", "WriteDoubleWord 0x4 0x1"),
        ("init", 'Label "a; b { c }"'),
        ("init", "WriteDoubleWord 0xC 0x2"),
        ("reset", "WriteDoubleWord 0x8 0x0"),
        ("reset", "WriteDoubleWord 0x10 0x3"),
        ("reset", "WriteDoubleWord 0x14 0x4"),
    ]


def test_local_names_of_two_files_are_two_devices() -> None:
    platform = idiom("locals")
    parts = [device for device in platform.devices if device.type == "Sensors.LIS2DW12"]
    assert {(part.parent, part.point) for part in parts} == {("bus", 0x19), ("locals.bus", 0x18)}
    assert set(platform.aliases) == {"pins", "second"}


def test_python_registers_keep_their_script() -> None:
    platform = idiom("python")
    assert "self.count += 1" in str(platform.device("counter").parameters["script"])
    assert platform.device("file").parameters["filename"] == "repeater.py"
