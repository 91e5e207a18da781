"""Where the cases of firmware/fixtures/timing run on each chip, and what they cost there: docs/timing.md A1.2, A2, A3.

Bands are worked out from the fact in front of them; `L` is the number of flash wait states.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from timing_expectations import BLOCKS, CORE, FETCH_QUEUE, Expected

FLASH, CONTENTION = "flash_wait_states", "bus_contention"
FIRST, SECOND = 0, 1


@dataclass(frozen=True)
class Row:
    """One expectation at one place of one chip, for the first and the second run of the code there, or one of them."""

    place: str
    expected: Expected
    passes: tuple[int, ...] = (FIRST, SECOND)

    @property
    def id(self) -> str:
        return f"{self.place}-{self.expected.name}"


def rows(place: str, *expected: Expected, passes: tuple[int, ...] = (FIRST, SECOND)) -> Iterator[Row]:
    return (Row(place, each, passes) for each in expected)


def core_rows(place: str, *but: str, passes: tuple[int, ...] = (FIRST, SECOND)) -> Iterator[Row]:
    """All that holds at zero wait states, except cases that begin as one of `but`."""
    return rows(place, *(each for each in CORE if not each.name.startswith(but or ("-",))), passes=passes)


ENTRIES = tuple(each.name for each in CORE if each.name.endswith("_entry"))

# ---- nRF52840 ----

_TWO_BLOCKS = "H: that loads of two RAM blocks do not pipeline is measured on STM32F407 alone (V jnk0le)"
_REGISTER = "R: APB at 16 MHz, a read waits 3..7 more than a load's 2"
NRF_DEVICES = (
    Expected("loads_2_of_two_blocks", 3, 4, _TWO_BLOCKS),
    Expected("loads_4_of_two_blocks", 5, 8, _TWO_BLOCKS),
    Expected("register_read", 5, 9, _REGISTER),
    Expected("register_reads_2", 9, 18, _REGISTER + "; two serialise"),
    Expected("register_write", 1, 2, "R: a write is posted"),
    Expected("register_writes_2", 2, 10, "R: a write is posted, the second waits until the first is through"),
    Expected("register_write_read", 6, 18, "R: a write is posted; the read waits for it"),
    Expected("register_write_load", 3, 11, "R A1.6: the next access waits for the posted write; STR 1 + LDR 2 + 0..8"),
    Expected("register_write_6_cycles_load", 9, 12, "R A1.6: most of the posted write is through; 1 + 6 + 2"),
)

_HALF_RATE = "V Cortex-M3 TRM 14.5.6: a fetch on the System bus takes 2 cycles"
_SERIAL = "V Arm KB 103489845: stacking 9 and vector fetch 6 follow each other on one interface; STR 1 + 15 and more"
SYSTEM_RAM = (
    Expected(
        "wide_aligned_32",
        58,
        68,
        _HALF_RATE + "; 32 words x 2, less the 3 that wait in the queue, + 2 x 2",
        FETCH_QUEUE,
    ),
    Expected("straight_wide_64", 122, 132, _HALF_RATE + "; 64 words x 2, less 3 x 2, + 2 x 2", FETCH_QUEUE),
    Expected("narrow_32", 32, 36, _HALF_RATE + "; 16 words x 2 is what 32 instructions take", FETCH_QUEUE),
    Expected("loop_small", 1056, 1184, _HALF_RATE + "; 16 x (33 words x 2 + refill 0..8)", FETCH_QUEUE),
    Expected("interrupt_entry", 16, 26, _SERIAL, FETCH_QUEUE),
    Expected("eager_entry", 33, 43, _SERIAL + ", and 17 words", FETCH_QUEUE),
)

_WORDS = "R PS 4.1: 0..2 wait states without cache; each of the words is fetched"
NRF_UNCACHED = (
    Expected("straight_wide_64", 64, 200, _WORDS + "; 64 x 1..3, + 8"),
    Expected("straight_narrow_128", 128, 200, _WORDS + "; 64 words x 1..3 against 128, + 8"),
    Expected("loop_small", 559, 1760, _WORDS + "; 16 x (33 x 1..3 + refill 2..11)"),
    Expected("literals_16", 64, 260, _WORDS + "; 16 x (LDR 2..3 + 2 + 0..2 + 2 words x 0..2 + 3)"),
)
_DATA_READ = "R PS: the cache is on ICODE alone, a literal waits 0..3 more"
NRF_CACHED = (
    Expected("literal_load", 2, 6, _DATA_READ + "; V TRM: 2..3"),
    Expected("table_branch_byte", 6, 10, _DATA_READ + ", as does a table; V jnk0le: at least 6"),
    Expected("table_branch_half", 6, 10, _DATA_READ + ", as does a table; V jnk0le: at least 6"),
    Expected("literals_16", 64, 128, _DATA_READ + "; 16 x (LDR 2..6 + 2)"),
    Expected("literals_16_far", 64, 128, _DATA_READ + "; 16 x (LDR 2..6 + 2)"),
    Expected(
        "interrupt_entry",
        13,
        16,
        "V Arm KB 103489845: up to 3 wait states of vector and fetch hide behind stacking; 13 + 0..3",
    ),
)
_SAME_SLAVE = "V S1: data and fetch on one slave wait one cycle per collision"

NRF52840 = (
    *core_rows("code_ram"),
    *rows("code_ram", *NRF_DEVICES),
    # The second run finds its code in the cache; data reads of flash and the vector do not profit.
    *core_rows("flash_cached", "literal", "table_branch", "loop_large", *ENTRIES,
               "tail_chain", passes=(SECOND,)),
    *rows("flash_cached", *NRF_CACHED, passes=(SECOND,)),
    *rows("flash", *NRF_UNCACHED),
    *rows("system_ram", *SYSTEM_RAM),
    *rows("data_beside_code",
          Expected("loads_64", 92, 130, _SAME_SLAVE + "; 64 loads and 32 words need 96 cycles, + 0..32", CONTENTION),
          Expected("wide_aligned_32", 32, 32, "V: no data access, no collision", FETCH_QUEUE)),
    *rows("dma_same_block",
          Expected("loads_64", 65, 67, "V PS ahbmultilayer: the CPU is highest; at most 1 per beat of 640 cycles")),
)  # fmt: skip

# ---- STM32F407 ----

_F4_BLOCKS = "V jnk0le: loads pipeline only within one memory block; 2 each"
_APB = "V AN4031: an APB access takes 2 APB cycles and the bridge"
F4_DEVICES = (
    Expected("register_read", 3, 8, _APB + "; 2 + 1..6 at HCLK / 1"),
    Expected("register_reads_2", 5, 16, _APB + "; two serialise"),
    Expected("register_write", 1, 2, "R A1.6: posted"),
    Expected("register_writes_2", 2, 10, "R A1.6: posted, the second waits until the first is through"),
    Expected("register_write_read", 4, 18, "R A1.6: the read waits for the posted write"),
    Expected("register_write_load", 3, 9, "R A1.6: the next access waits for the posted write; STR 1 + LDR 2 + 0..6"),
    Expected("register_write_6_cycles_load", 9, 10, "R A1.6: the posted write is through; 1 + 6 + 2"),
    Expected("bit_band_load", 2, 3, "R TRM 3.7: one transfer"),
    Expected("bit_band_store", 1, 3, "R TRM 3.7: two transfers, posted"),
    Expected("bit_band_store_load", 3, 6, "R TRM 3.7: two transfers, the load waits for them"),
)
F4_SLOW_BRIDGE = (
    Expected("register_read", 9, 13, "V A3.4: with APB at HCLK / 4 a read stalls about 8..10; 2 + 7..11", CONTENTION),
)
F4_TWO_BLOCKS = (
    Expected("loads_2_of_two_blocks", 4, 4, _F4_BLOCKS, BLOCKS),
    Expected("loads_4_of_two_blocks", 8, 8, _F4_BLOCKS, BLOCKS),
)


def flash_place(latency: int, prefetch: bool, instructions: bool, data: bool) -> str:
    """The name that places_stm32f407.c gives it."""
    return f"flash_{latency}ws_{'p' if prefetch else '-'}{'i' if instructions else '-'}{'d' if data else '-'}"


def around(name: str, cycles: int, slack: int, fact: str, floor: int = 0) -> Expected:
    return Expected(name, max(floor, cycles - slack), cycles + slack, fact, FLASH)


def straight(latency: int, prefetch: bool) -> Iterator[Expected]:
    """16 lines of 16 bytes, fetched once. A line is 4 wide or 8 narrow instructions; its first word takes L + 1 cycles.

    With prefetch the next line is read beside the use of this one: max(L + 1, 4) for each line, and 8 narrow
    instructions take longer than any. Without prefetch, wide code has no queue to live on: the first word and three
    more, L + 4. Narrow code has: the next line is asked for when a word leaves a full queue; the two or three words
    that remain, 4 to 6 instructions, hide L but for the 1 to 2 cycles that any fetch takes: 8 + max(0, L - 2..5).
    Slack: the ends and the bracket's own line, 2 (L + 2).
    """
    slack = 2 * (latency + 2)
    if prefetch:
        fact = "H A3.1: prefetch, a line in max(L + 1, 4); 16 x that"
        yield around("straight_wide_64", 16 * max(latency + 1, 4), slack, fact, 64)
        yield around("straight_narrow_128", 128, slack, "V A3.1: 16-bit code does not starve; 16 x 8", 128)
        return
    fact = "V A3.1: a line in L + 1, then 3 words; 16 x (L + 4)"
    yield around("straight_wide_64", 16 * (latency + 4), slack, fact, 64)
    low, high = (128 + 16 * max(0, latency - hidden) for hidden in (5, 2))
    fact = "V A1.2: three words ahead, H: they hide 2..5 cycles; 16 x (8 + max(0, L - 2..5))"
    yield Expected("straight_narrow_128", max(128, low - slack), high + slack, fact, FLASH)


def loops(latency: int, prefetch: bool) -> Iterator[Expected]:
    """The loops when each line is fetched anew: per turn 8.5 lines, or 257, and what the branch back waits for.

    By `straight`, a line costs L more than its 4 instructions, or max(0, L - 3) with prefetch. Prefetch does not help
    the branch: it waits for the read under way, for its own line, of which the loop begins with the last word, and for
    the next: up to 3 (L + 1).
    """
    more = max(0, latency - 3) if prefetch else latency
    fact = f"V A3.1: a line costs {'max(0, L - 3)' if prefetch else 'L'} more, H: a branch 0..3 (L + 1)"
    branch = 3 * (latency + 1)
    yield Expected("loop_small", 559 + 16 * 7 * more, 559 + 16 * (9 * more + branch), fact, FLASH)
    yield Expected("loop_large", 4107 + 1000 * more, 4107 + 4 * (258 * more + branch), fact, FLASH)


def literals(latency: int, in_cache: bool) -> Iterator[Expected]:
    """With the code in the cache: 16 reads, which wait for nothing (all in one line, cached), else up to L + 1 each."""
    fact = "V A3.1: D-cache of 8 lines, LRU; a miss waits L, H: + 0..1"
    yield Expected("literals_16", 64, 80 + (0 if in_cache else 16 * latency), fact, FLASH)
    yield Expected("literals_16_far", 64 + 15 * latency, 80 + 16 * latency, fact + "; 16 lines never fit", FLASH)


def f4_flash() -> Iterator[Row]:
    core = {each.name: each for each in CORE}
    for latency in range(8):
        for switches in range(8):
            prefetch, instructions, data = bool(switches & 1), bool(switches & 2), bool(switches & 4)
            place = flash_place(latency, prefetch, instructions, data)
            if latency == 0:
                names = ("straight_wide_64", "straight_narrow_128", "loop_small", "loop_large", "literals_16")
                yield from rows(place, *(core[name] for name in names))
                continue
            yield from rows(place, *straight(latency, prefetch), passes=(FIRST,))
            if not instructions:
                yield from rows(place, *straight(latency, prefetch), *loops(latency, prefetch))
                continue
            resident = ("straight_wide_64", "straight_narrow_128", "loop_small")
            yield from rows(place, *(core[name] for name in resident), passes=(SECOND,))
            yield from rows(place, *(each for each in loops(latency, prefetch) if each.name == "loop_large"))
            yield from rows(place, *literals(latency, data), passes=(SECOND,))


STM32F407 = (
    *core_rows("flash_0ws"),
    *rows("flash_0ws", *F4_DEVICES, *F4_TWO_BLOCKS),
    *rows("sram2_and_ccm", *F4_TWO_BLOCKS),
    *rows("ccm_and_sram1", *F4_TWO_BLOCKS),
    *rows("apb1_div4", *F4_SLOW_BRIDGE),
    *f4_flash(),
    *rows("system_ram", *SYSTEM_RAM),
    *rows("data_beside_code",
          Expected("loads_64", 96, 200, _SAME_SLAVE + "; 64 loads, 32 words of 1..2: 96..128, + 72", CONTENTION)),
    *rows("dma_other_block", Expected("loads_64", 65, 65, "V RM0090 2.1: another slave, no contention", CONTENTION)),
    *rows("dma_same_block",
          Expected("loads_64", 66, 129, "V S1: round robin, an access waits for one beat; 65 + 1..64", CONTENTION)),
)  # fmt: skip

CHIPS = {"nrf52840": ("nrf52840dk", NRF52840), "stm32f4": ("stm32f4_discovery", STM32F407)}
