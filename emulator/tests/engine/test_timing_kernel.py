"""One kernel from RAM and from flash, with and without caches, beside and without DMA: the profile names the causes."""

from __future__ import annotations

from functools import cache

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from kernel_runs import (
    ALONE,
    DATA_CACHE,
    DMA_ON_SRAM1,
    DMA_ON_SRAM2,
    FLASH,
    IMAGE,
    INSTRUCTION_CACHE,
    PREFETCH,
    SRAM1,
    SRAM2,
    KernelRun,
    Setting,
    run_kernel,
)

pytestmark = pytest.mark.skipif(not IMAGE.exists(), reason=f"{IMAGE.name} is not built: run make -C firmware prebuilt")

ALL_ON = PREFETCH | INSTRUCTION_CACHE | DATA_CACHE
PLACES = {
    "flash 0 WS": (FLASH, 0, 0),
    "flash 5 WS": (FLASH, 5, 0),
    "flash 5 WS prefetch": (FLASH, 5, PREFETCH),
    "flash 5 WS cache": (FLASH, 5, ALL_ON),
    "SRAM1": (SRAM1, 0, 0),
    "SRAM2": (SRAM2, 0, 0),
}
LOADS = 512


@cache
def run(place: str, beside: int = ALONE) -> KernelRun:
    return run_kernel(Setting(*PLACES[place], beside))


def causes(found: KernelRun) -> set[str]:
    return {name for name in ("fetch", "flash", "contention") if found.cause(name) > 0}


def holders(found: KernelRun) -> set[str]:
    return {master for master, _ in found.own.held_by}


@pytest.mark.parametrize("beside", [ALONE, DMA_ON_SRAM1, DMA_ON_SRAM2])
@pytest.mark.parametrize("place", PLACES)
def test_the_work_is_the_same_everywhere_and_the_parts_make_up_the_whole(place: str, beside: int) -> None:
    found, ideal = run(place, beside), run("flash 0 WS")
    assert found.checksum == ideal.checksum
    assert found.cause("base") == ideal.cause("base")
    assert found.cause("load_store") == ideal.cause("load_store")
    around_the_kernel = found.cycles - found.own.total
    assert 0 < around_the_kernel < 40


@pytest.mark.parametrize("beside", [ALONE, DMA_ON_SRAM1, DMA_ON_SRAM2])
@pytest.mark.parametrize("place", PLACES)
def test_without_the_profile_it_takes_the_same_cycles(place: str, beside: int) -> None:
    assert run_kernel(Setting(*PLACES[place], beside), profiled=False).cycles == run(place, beside).cycles


def test_flash_without_wait_states_waits_for_nothing() -> None:
    assert causes(run("flash 0 WS")) == set()


def test_five_wait_states_cost_most_bare_less_with_prefetch_and_nothing_in_the_cache() -> None:
    bare, prefetch, cached = (run(place) for place in ("flash 5 WS", "flash 5 WS prefetch", "flash 5 WS cache"))
    assert bare.own.total > prefetch.own.total > cached.own.total == run("flash 0 WS").own.total
    assert causes(bare) == causes(prefetch) == {"flash"}


def test_code_in_the_other_sram_is_fetched_at_half_rate() -> None:
    found = run("SRAM2")
    assert causes(found) == {"fetch"}
    assert run("flash 0 WS").own.total < found.own.total < run("SRAM1").own.total


def test_code_in_the_datas_own_sram_makes_data_wait_for_fetches() -> None:
    found = run("SRAM1")
    assert "contention" in causes(found)
    assert holders(found) == {"cpu fetch"}
    assert found.stalls["sram1", "cpu data", "cpu fetch"] > 0


@pytest.mark.parametrize("place", ["flash 0 WS", "flash 5 WS cache"])
def test_dma_on_the_datas_sram_delays_some_loads_by_a_cycle_and_is_named(place: str) -> None:
    beside, alone = run(place, DMA_ON_SRAM1), run(place)
    waited = beside.own.total - alone.own.total
    assert 0 < waited <= LOADS
    assert beside.cause("contention") == waited
    assert holders(beside) <= {"dma2 peripheral", "dma2 memory"}
    assert sum(beside.stalls.get(("sram1", "cpu data", master), 0) for master in holders(beside)) >= waited


def test_behind_flash_wait_states_the_dma_takes_no_further_cycle_but_is_named() -> None:
    beside, alone = run("flash 5 WS", DMA_ON_SRAM1), run("flash 5 WS")
    assert beside.own.total == alone.own.total
    assert beside.cause("contention") + beside.cause("flash") == alone.cause("flash")


@pytest.mark.parametrize("place", ["flash 0 WS", "flash 5 WS", "flash 5 WS prefetch", "flash 5 WS cache", "SRAM1"])
def test_dma_on_another_bank_than_code_and_data_costs_nothing(place: str) -> None:
    beside = run(place, DMA_ON_SRAM2)
    assert beside.own == run(place).own
    assert not any(slave == "sram2" and waiter.startswith("cpu") for slave, waiter, _ in beside.stalls)


def test_dma_on_the_codes_bank_delays_fetches() -> None:
    beside, alone = run("SRAM2", DMA_ON_SRAM2), run("SRAM2")
    assert beside.own.total > alone.own.total
    assert beside.cause("contention") == beside.own.total - alone.own.total
    assert holders(beside) <= {"dma2 peripheral", "dma2 memory"}
    assert any(beside.stalls.get(("sram2", "cpu fetch", master), 0) > 0 for master in holders(beside))


def test_with_code_data_and_dma_in_one_bank_all_three_meet() -> None:
    found = run("SRAM1", DMA_ON_SRAM1)
    assert found.own.total == max(run(place, beside).own.total for place in PLACES for beside in range(3))
    assert "contention" in causes(found)
    assert holders(found) >= {"dma2 peripheral", "dma2 memory"}
    assert found.stalls["sram1", "cpu fetch", "cpu data"] > run("SRAM1").stalls["sram1", "cpu fetch", "cpu data"]
