"""A platform joined from files and texts, as LoadPlatformDescription and its ...FromString add to a machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tinysim.errors import InputError
from tinysim.platform import find_platform, join_platform, load_platform, with_some_chip

BOARD = find_platform("nrf52840dk")
CPU = (
    'nvic: IRQControllers.NVIC @ sysbus 0xE000E000\n\ncpu: CPU.CortexM @ sysbus { cpuType: "cortex-m4"; nvic: nvic }\n'
)


def test_a_text_adds_to_a_file() -> None:
    platform = join_platform([BOARD, "lamp: Miscellaneous.LED @ gpio0 9", "gpio0:\n    9 -> lamp@0"])
    assert platform.name == "nrf52840dk"
    assert platform.device("lamp").point == 9
    assert any(wire.target == "lamp" and wire.output == 9 for wire in platform.connections)
    assert {file.path for file in load_platform(BOARD).files} <= {file.path for file in platform.files}


def test_mistakes_name_the_piece_with_line_and_column() -> None:
    with pytest.raises(InputError, match=r"^description-2:1:27: E20 gpio9 is declared nowhere"):
        join_platform([BOARD, "lamp: Miscellaneous.LED @ gpio9 9"])
    with pytest.raises(InputError, match=r"^description-3:2:1: E02 lamp is already declared at description-2:1:1"):
        join_platform([BOARD, "lamp: Miscellaneous.LED @ gpio0 9", "\nlamp: Miscellaneous.LED @ gpio0 8"])


def test_a_text_uses_files_of_the_search_path(tmp_path: Path) -> None:
    (tmp_path / "lamp.repl").write_text("lamp: Miscellaneous.LED @ gpio0 9")
    platform = join_platform([BOARD, 'using "lamp.repl"'], [tmp_path])
    assert platform.device("lamp").point == 9


def test_pieces_may_lack_a_cpu_only_while_more_are_to_come() -> None:
    memory = "ram: Memory.MappedMemory @ sysbus 0x20000000 { size: 0x1000 }"
    assert join_platform([memory], may_lack_cpu=True).cpus == ()
    with pytest.raises(InputError, match="the platform has no CPU"):
        join_platform([memory])
    assert join_platform([memory, CPU]).name == "description"


def test_a_description_of_no_chip_runs_at_a_round_clock_and_says_so() -> None:
    platform = with_some_chip(join_platform([CPU]))
    assert platform.chip.integer("clocks.cpu_hz") == 100_000_000
    assert [omission.kind for omission in platform.omissions] == ["hint"]
    assert "100 MHz, no wait states" in platform.omissions[0].text
    assert {"platforms/any_cortex_m4.toml", "chips/cortex_m4.toml"} <= {file.path for file in platform.files}


def test_a_chip_of_ours_keeps_its_numbers() -> None:
    board = load_platform(BOARD)
    assert with_some_chip(board) is board
