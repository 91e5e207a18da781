"""Platforms: what a description becomes, the committed nRF52840 files, names, overlaps, the chip's numbers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tinysim.errors import InputError
from tinysim.platform import Platform, find_platform, load_platform, platform_directories, platform_names
from tinysim.platform.chip_file import parse_chip_file

CPU = (
    "nvic: IRQControllers.NVIC @ sysbus 0xE000E000\n    -> cpu@0\n"
    'cpu: CPU.CortexM @ sysbus\n    cpuType: "cortex-m4"\n    nvic: nvic\n'
)


def load(folder: Path, text: str, toml: str | None = None) -> Platform:
    (folder / "board.repl").write_text(CPU + text, encoding="utf-8")
    if toml is not None:
        (folder / "board.toml").write_text(toml, encoding="utf-8")
    return load_platform(folder / "board.repl")


def refusal(folder: Path, text: str) -> InputError:
    with pytest.raises(InputError) as caught:
        load(folder, text)
    assert caught.value.remedy
    return caught.value


@pytest.fixture(scope="module")
def board() -> Platform:
    return load_platform("nrf52840")


def test_the_chips_name_means_its_default_board(board: Platform) -> None:
    assert board.name == "nrf52840dk" and board.files == load_platform("nrf52840dk").files
    assert (board.cpu.name, board.cpu.type, board.cpu.nvic) == ("cpu", "cortex-m4", "nvic")


def test_the_nrf52840_has_its_memories(board: Platform) -> None:
    memories = {memory.name: (memory.size, memory.addresses, memory.kind) for memory in board.memories}
    assert memories == {
        "flash": (0x100000, (0,), "flash"),
        "ram": (0x40000, (0x800000, 0x20000000), "ram"),
    }


def test_the_accelerometer_hangs_on_twi0_and_signals_pin_28(board: Platform) -> None:
    part = board.device("accelerometer")
    assert (part.type, part.parent, part.point, part.registrations) == ("Sensors.LIS2DW12", "twi0", 0x19, ())
    (line,) = [connection for connection in board.connections if connection.source == "accelerometer"]
    assert (line.output, line.target, line.local, line.input) == ("Interrupt1", "gpio0", None, 28)
    assert str(line.place).startswith("platforms/boards/nrf52840dk.repl:") or line.place.file.endswith(
        "nrf52840dk.repl"
    )


def test_each_interrupt_of_the_nrf52840_is_the_number_of_its_address(board: Platform) -> None:
    lines = {connection.source: connection.input for connection in board.connections if connection.target == "nvic"}
    for name, number in lines.items():
        address = board.device(name).registrations[0].address
        assert number == (address >> 12) & 0x7F and number in board.chip.irq_names, name


def test_files_are_named_without_a_machines_paths(board: Platform) -> None:
    names = [file.path.removeprefix("boards/") for file in board.files]
    assert names == ["chips/nrf52840.repl", "nrf52840dk.repl", "chips/nrf52840.toml", "chips/cortex_m4.toml"]
    assert all(len(file.sha256) == 64 for file in board.files)


def test_the_chip_file_gives_numbers_with_their_source(board: Platform) -> None:
    chip = board.chip
    assert (chip.name, chip.console, chip.svd) == ("nrf52840", "uart0", "nrf52840.svd")
    assert chip.integer("clocks.cpu_hz") == 64_000_000
    assert chip.integers("core")["cpuid"] == 0x410FC241
    assert chip.integers()["exception_entry"] == 12
    assert all(parameter.source and parameter.unit for parameter in chip.parameters.values())
    assert any(gap.begin <= 0x4001D000 < gap.end for gap in chip.gap_ranges)
    assert chip.irq_names[3].startswith("SPIM0")
    with pytest.raises(InputError, match=r"did you mean timing\.tail_chain"):
        chip.parameter("timing.tail_chian")


def test_unknown_types_name_line_and_nearest(board: Platform) -> None:
    known = {device.type for device in board.devices} - {"Sensors.LIS2DW12"} | {"Sensors.LIS2DS12"}
    (error,) = board.unknown_types(known)
    assert error.problem == "E04 accelerometer: unknown type Sensors.LIS2DW12"
    assert error.remedy == "nearest known type: Sensors.LIS2DS12" and error.place


def test_an_unknown_name_lists_near_ones() -> None:
    with pytest.raises(InputError, match="nrf52840"):
        load_platform("nrf52804")
    with pytest.raises(InputError) as caught:
        load_platform("gone/board.repl")
    assert str(caught.value.file) == "gone/board.repl"


def test_the_environment_adds_platforms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "boards").mkdir()
    (tmp_path / "boards" / "mine.repl").write_text('using "chips/nrf52840.repl"\n', encoding="utf-8")
    monkeypatch.setenv("TINYSIM_PLATFORMS", str(tmp_path))
    assert platform_directories()[0] == tmp_path and "mine" in platform_names()
    assert find_platform("mine") == tmp_path / "boards" / "mine.repl"
    platform = load_platform("mine")
    assert platform.chip.name == "nrf52840"
    assert platform.files[1].path.removeprefix("boards/") == "mine.repl"


def test_the_stem_beside_the_repl_is_the_chip_file(tmp_path: Path) -> None:
    toml = '[chip]\nname = "c"\n[memory_kinds]\nm = "rom"\n'
    platform = load(tmp_path, "m: Memory.ArrayMemory @ sysbus 0\n    size: 16\n", toml)
    assert platform.chip.name == "c" and platform.memories[0].kind == "rom"


def test_without_chip_file_a_number_is_an_error_with_remedy(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"without \.toml"):
        load(tmp_path, "").chip.number("clocks.cpu_hz")


def test_registrations_on_the_bus_in_all_forms(tmp_path: Path) -> None:
    text = """a: A.A @ {
    sysbus <0x100, 0x200>; sysbus 0x300;
    sysbus new Bus.BusPointRegistration { address: 0x400; cpu: cpu };
    sysbus new Bus.BusRangeRegistration { range: <0x500, +0x10>; condition: "initiator == cpu" };
    sysbus new Bus.BusMultiRegistration { address: 0x600; size: 0x20; region: "second" };
    b; b 5 }
b: B.B
"""
    device = load(tmp_path, text).device("a")
    assert [(r.address, r.size, r.region, r.initiator) for r in device.registrations] == [
        (0x100, 0x100, None, None),
        (0x300, None, None, None),
        (0x400, None, None, "cpu=cpu"),
        (0x500, 0x10, None, "condition=initiator == cpu"),
        (0x600, 0x20, "second", None),
    ]
    assert [(a.parent, a.point) for a in device.attachments] == [("b", None), ("b", 5)]


def test_tags_are_read_and_other_monitor_lines_kept(tmp_path: Path) -> None:
    text = (
        'sysbus:\n    init:\n        Tag <0x10, 0x1F> "NAME" 0x5\n        Tag <0x20 8> "B"\n'
        "        SilenceRange <64 4>\n        ApplySVD @x\n"
    )
    platform = load(tmp_path, text)
    tags = [(tag.name, tag.address, tag.size, tag.value, tag.silent) for tag in platform.tags]
    assert tags == [("NAME", 0x10, 16, 5, False), ("B", 0x20, 8, None, False), ("", 64, 4, None, True)]
    assert [(line.variable, line.phase, line.text) for line in platform.monitor_lines] == [
        ("sysbus", "init", "ApplySVD @x")
    ]


def test_local_names_stay_apart(tmp_path: Path) -> None:
    (tmp_path / "part.repl").write_text("local x: A.A\ny: B.B\n    r: x\n", encoding="utf-8")
    (tmp_path / "board.repl").write_text('using "./part.repl"\n' + CPU + "x: C.C\n    -> y@1\n", encoding="utf-8")
    platform = load_platform(tmp_path / "board.repl")
    assert platform.device("x").type == "C.C" and platform.device("part.x").type == "A.A"
    assert platform.device("y").parameters["r"].name == "part.x"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("m: Memory.MappedMemory @ sysbus 0", "E25", "needs size"),
        ("m: Memory.MappedMemory @ sysbus 0\n    size: 0", "E06", "size 0"),
        ('m: Memory.MappedMemory @ sysbus 0\n    size: "big"', "E06", "size of m"),
        ("m: Memory.MappedMemory @ sysbus 0xFFFFFFFF\n    size: 2", "E39", "past the end"),
        ("a: A.A @ sysbus -4", "E21", "no address"),
        ("a: A.A @ sysbus 0x100000000", "E21", "no address"),
        ('a: A.A @ sysbus "x"', "E21", "no address"),
        ("a: A.A @ sysbus new Bus.Other { address: 1 }", "E21", "Bus.Other"),
        ("a: A.A @ sysbus new Bus.BusPointRegistration { adress: 1 }", "E21", "adress"),
        ("a: A.A @ sysbus new Bus.BusPointRegistration", "E21", "lacks address"),
        ("sysbus:\n    init:\n        Tag <0x20, 0x10> \"x\"", "E29", "range"),
        ("cpu2: CPU.CortexM", "E25", "cpuType"),
    ],
)  # fmt: skip
def test_wrong_descriptions_are_refused(tmp_path: Path, text: str, code: str, words: str) -> None:
    error = refusal(tmp_path, text)
    assert error.problem.startswith(code) and words in str(error) and error.place


@pytest.mark.parametrize(
    "text",
    [
        "m: Memory.MappedMemory @ sysbus 0x1000\n    size: 0x1000\nn: Memory.MappedMemory @ sysbus 0x1FFF\n    size: 4",
        "m: UART.NRF52840_UART @ sysbus 0x40002000\nn: A.A @ sysbus 0x40002800",
        "m: A.A @ sysbus 0x1000\nn: B.B @ sysbus 0x1000",
        "m: A.A @ sysbus <0x1000, +0x100>\nn: B.B @ sysbus new Bus.BusPointRegistration { address: 0x1010; cpu: cpu }",
    ],
)
def test_an_overlap_names_both_with_addresses_and_lines(tmp_path: Path, text: str) -> None:
    error = str(refusal(tmp_path, text))
    assert "overlaps m (0x" in error and "n (0x" in error and error.count("board.repl:") == 3


def test_devices_of_two_initiators_may_share_addresses(tmp_path: Path) -> None:
    text = 'cpu2: CPU.CortexM @ sysbus\n    cpuType: "cortex-m4"\n    nvic: nvic\n' + "".join(
        f"d{n}: A.A @ sysbus new Bus.BusRangeRegistration {{ address: 0x100; size: 0x10; cpu: {cpu} }}\n"
        for n, cpu in enumerate(("cpu", "cpu2"))
    )
    assert len(load(tmp_path, text).cpus) == 2


def test_a_platform_without_cpu_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.repl").write_text("a: A.A\n", encoding="utf-8")
    with pytest.raises(InputError, match="no CPU"):
        load_platform(tmp_path / "x.repl")


GOOD = '{ value = 1, unit = "cycles", source = "s", uncertainty = "V" }'


@pytest.mark.parametrize(
    ("toml", "name"),
    [
        ('t.x = { value = 1, unit = "cycles", uncertainty = "V" }', "t.x"),
        ('t.x = { value = 1, unit = "cycles", source = "", uncertainty = "V" }', "t.x.source"),
        ('t.x = { value = 1, unit = "cycles", source = "s", uncertainty = "sure" }', "t.x"),
        ('t.x = { value = "1", unit = "cycles", source = "s", uncertainty = "V" }', "t.x"),
        ("t.x = 5", "t.x"),
        (f"t.x = {GOOD}\nu.x = {GOOD}", "u.x"),
        ('gap_ranges = [{ name = "g", begin = 5, end = 5, source = "s" }]', "gap_ranges"),
        ('irqs.source = "s"\nirqs.names.first = "X"', "irqs.names.first"),
        ('memory_kinds.m = "disk"', "memory_kinds.m"),
        ("t.x = ", None),
    ],
)
def test_a_bad_chip_file_is_refused_by_name(toml: str, name: str | None) -> None:
    with pytest.raises(InputError) as caught:
        parse_chip_file(f'{toml}\n[chip]\nname = "c"\n'.encode(), "c.toml")
    assert (caught.value.file, caught.value.place) == ("c.toml", name) and caught.value.remedy


BOARD_TEXT = find_platform("nrf52840dk").parent.parent.joinpath("chips", "nrf52840.repl").read_text(encoding="utf-8")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(0, len(BOARD_TEXT)),
    st.integers(0, 40),
    st.text("{}[]<>:;@#|.,-+\"'/*\\ \n0x1aT_", max_size=12) | st.text(max_size=6),
)
def test_a_damaged_chip_file_gives_a_platform_or_one_clear_error(tmp_path: Path, at: int, cut: int, put: str) -> None:
    path = tmp_path / "damaged.repl"
    path.write_text(BOARD_TEXT[:at] + put + BOARD_TEXT[at + cut :], encoding="utf-8", errors="replace")
    try:
        assert isinstance(load_platform(path), Platform)
    except InputError as error:
        assert error.remedy
