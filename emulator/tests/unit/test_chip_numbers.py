"""Numbers of a chip that the core does not take are refused by their names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tinysim import _core
from tinysim.engines.native_numbers import check_numbers
from tinysim.errors import InputError
from tinysim.platform.chip_file import ChipFile
from tinysim.platform.files import find_platform
from tinysim.platform.load import load_platform


def chip_with(full: str, value: int) -> ChipFile:
    chip = load_platform(find_platform("stm32f4")).chip
    some = next(iter(chip.parameters.values()))
    return replace(chip, parameters={**chip.parameters, full: replace(some, value=value)})


@pytest.mark.parametrize(
    ("full", "value", "said"),
    [
        ("timing.branch_refill", 99, "99 is out of range"),
        ("timing.divide_bits_per_cycle", 0, "0 is out of range"),
        ("timing.branch_refil", 1, "unknown timing parameter"),
        ("bus.apb_bridge_cycles", -1, "-1 is out of range"),
        ("dma.dma_ahb_transfer_cycles", 65, "65 is out of range"),
        ("flash.flash_program_ns", -5, "-5 is out of range"),
    ],
)
def test_a_number_that_the_core_does_not_take_is_refused_at_its_place(full: str, value: int, said: str) -> None:
    with pytest.raises(InputError) as refused:
        check_numbers(chip_with(full, value), _core.timing_ranges(), _core.bus_ranges())
    assert said in str(refused.value)
    assert refused.value.place == full


def test_a_temperature_may_be_below_zero() -> None:
    check_numbers(
        chip_with("temperature.die_temperature_millicelsius", -5000), _core.timing_ranges(), _core.bus_ranges()
    )
