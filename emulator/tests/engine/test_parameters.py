"""Numbers of a chip replaced for one run: they change the count, stand in the record, and unknown ones are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from tinysim.errors import InputError
from tinysim.machine import Machine

HELLO = Path(__file__).parents[3] / "firmware" / "prebuilt" / "nrf52840dk" / "hello.elf"


def active_cycles(parameters: dict[str, int]) -> int:
    with Machine("nrf52840", parameters=parameters) as machine:
        machine.load(HELLO)
        machine.run_for(0.01)
        return int(machine.record().manifest["counters"]["cpu.active_cycles"])


def test_a_dearer_branch_costs_cycles_by_either_form_of_its_name() -> None:
    usual = active_cycles({})
    assert active_cycles({"branch_register_refill": 3}) > usual
    assert active_cycles({"timing.branch_register_refill": 3}) == active_cycles({"branch_register_refill": 3})


def test_the_record_names_what_was_set() -> None:
    with Machine("nrf52840", parameters={"wake_up": 9}) as machine:
        machine.load(HELLO)
        assert "wake_up is set to 9 for this run" in machine.record().manifest["timing"]["assumptions"]


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"no parameter 'branch_refil'.*branch_refill"):
        Machine("nrf52840", parameters={"branch_refil": 2})


@pytest.mark.parametrize("value", [-1, 2**31])
def test_a_value_out_of_range_is_refused(value: int) -> None:
    with pytest.raises(InputError, match="out of range"):
        Machine("nrf52840", parameters={"branch_refill": value})


def test_a_snapshot_does_not_fit_a_machine_with_other_numbers() -> None:
    with Machine("nrf52840") as usual, Machine("nrf52840", parameters={"wake_up": 9}) as changed:
        usual.load(HELLO)
        changed.load(HELLO)
        with pytest.raises(InputError, match="wake_up=9"):
            changed.restore(usual.snapshot())
