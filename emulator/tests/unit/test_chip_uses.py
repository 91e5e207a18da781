"""`uses` of a chip's .toml: what files share, the order in which values win, and what is refused by file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from tinysim.errors import InputError
from tinysim.platform import load_platform
from tinysim.platform.chip_file import ChipFile
from tinysim.platform.chip_uses import load_chip_file

SOURCED = 'source = "s", uncertainty = "V"'
CHIP = '[chip]\nname = "c"\n'


def number(name: str, value: int) -> str:
    return f'{name} = {{ value = {value}, unit = "cycles", {SOURCED} }}\n'


def slave(name: str, at: int, size: int = 0x100, more: str = "") -> str:
    return f'{name} = {{ kind = "apb", at = [{at}], size = {size}, {SOURCED}{more} }}\n'


def load(folder: Path, **texts: str) -> ChipFile:
    """The chip of `c.toml` among files by name."""
    for name, text in texts.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return load_chip_file(folder / "c.toml")[0]


def uses(*names: str) -> str:
    return f"uses = {[f'{name}.toml' for name in names]}\n"


def test_a_later_value_wins_name_by_name(tmp_path: Path) -> None:
    first = "[t]\n" + number("x", 1) + number("y", 1) + number("z", 1)
    second = "[t]\n" + number("y", 2) + number("z", 2)
    chip = load(tmp_path, a=first, b=second, c=uses("a", "b") + CHIP + "[t]\n" + number("z", 3))
    assert chip.integers("t") == {"x": 1, "y": 2, "z": 3} and chip.name == "c"


def test_a_file_used_by_a_used_file_comes_before_it(tmp_path: Path) -> None:
    chip = load(tmp_path, a="[t]\n" + number("x", 1), b=uses("a") + "[t]\n" + number("x", 2), c=uses("b") + CHIP)
    assert chip.integer("t.x") == 2


def test_names_kinds_slaves_and_gap_ranges_are_shared_too(tmp_path: Path) -> None:
    gap = 'gap_ranges = [{{ name = "{}", begin = 0, end = {}, source = "s" }}]\n'
    tables = '[irqs]\nsource = "s"\nnames.3 = "{}"\n[memory_kinds]\nm = "{}"\n[bus.slaves]\n'
    shared = gap.format("wide", 16) + tables.format("OLD", "ram") + slave("bridge", 0x1000) + slave("moved", 0x2000)
    own = gap.format("narrow", 4) + tables.format("NEW", "rom") + slave("moved", 0x3000, more=', behind = "bridge"')
    chip = load(tmp_path, a=shared, c=uses("a") + own + CHIP)
    assert [each.name for each in chip.gap_ranges] == ["narrow", "wide"]
    assert (chip.irq_names, chip.memory_kinds) == ({3: "NEW"}, {"m": "rom"})
    assert [(each.name, each.ranges[0][0]) for each in chip.bus.slaves] == [("bridge", 0x1000), ("moved", 0x3000)]


def test_a_clock_of_a_used_file_is_known(tmp_path: Path) -> None:
    bridge = "[bus.slaves]\n" + slave("apb", 0, more=', clock = "pclk_hz"')
    chip = load(tmp_path, a="[clocks]\n" + number("pclk_hz", 16), c=uses("a") + CHIP + bridge)
    assert chip.bus.slaves[0].clock == "pclk_hz"


@pytest.mark.parametrize(
    ("texts", "file", "place"),
    [
        ({"c": 'uses = "a.toml"\n' + CHIP}, "c.toml", "uses"),
        ({"c": "uses = [5]\n" + CHIP}, "c.toml", "uses"),
        ({"c": uses("none") + CHIP}, "c.toml", "uses"),
        ({"a": uses("c"), "c": uses("a") + CHIP}, "a.toml", "uses"),
        ({"a": "[t]\nx = 5\n", "c": uses("a") + CHIP}, "a.toml", "t.x"),
        ({"a": "[t]\n" + number("x", 1), "c": uses("a") + CHIP + "[u]\n" + number("x", 1)}, "c.toml", "u.x"),
        (
            {"a": "[bus.slaves]\n" + slave("p", 0), "c": uses("a") + CHIP + "[bus.slaves]\n" + slave("q", 0)},
            "c.toml",
            "bus.slaves.q",
        ),
        ({"a": "x = ", "c": uses("a") + CHIP}, "a.toml", None),
    ],
)
def test_what_cannot_be_is_refused_by_file_and_key(
    tmp_path: Path, texts: dict[str, str], file: str, place: str | None
) -> None:
    with pytest.raises(InputError) as refused:
        load(tmp_path, **texts)
    assert (Path(str(refused.value.file)).name, refused.value.place) == (file, place) and refused.value.remedy


def test_a_platforms_files_are_all_those_its_numbers_come_from() -> None:
    files = [Path(each.path).name for each in load_platform("stm32f4_discovery").files]
    shared = ["stm32f407.toml", "stm32f4_extended.toml", "stm32f4.toml", "stm32.toml", "cortex_m4.toml"]
    assert files[-len(shared) :] == shared


def test_numbers_without_a_chip_are_refused(tmp_path: Path) -> None:
    (tmp_path / "board.repl").write_text('cpu: CPU.CortexM @ sysbus\n    cpuType: "cortex-m4"\n', encoding="utf-8")
    (tmp_path / "board.toml").write_text("[t]\n" + number("x", 1), encoding="utf-8")
    with pytest.raises(InputError, match=r"board\.toml.*no \[chip\]"):
        load_platform(tmp_path / "board.repl")
