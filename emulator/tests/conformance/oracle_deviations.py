"""What the oracles do otherwise than the manual, each with the clause that decides: data of the tests and of the docs.

What stands here is either not generated for that oracle or excused in one place of the tests.
"""

from __future__ import annotations

from collections.abc import Mapping

UNICORN: Mapping[str, str] = {
    "wfe, yield": "raise UC_ERR_INSN_INVALID; not generated (A7.7.261, A7.7.263)",
    "sg": "executes on the M4 model, where it is UNPREDICTABLE; not generated (LDRD (literal), A7.7.51)",
    "unaligned ldrd, ldm, vldr": "do not fault; only aligned addresses are generated (A3.2.1)",
    "stop inside an IT block": "is lost, and a count is rounded up to its end; a block runs as a whole",
    "isb inside an IT block": "ends the block: what follows executes and sets flags; not generated there (A7.7.38)",
    "vcvt fixed to float": "rounds as FPSCR says; alone only generated with round to nearest, else excused (A7.7.228)",
    "smlad, smladx": "set Q when two products of 2^30 overflow, even if the result does not; excused (A7.7.134)",
    "low bits of sp": "are kept instead of being zero; SP is only written with multiples of four (B1.4.1)",
    "xpsr write": "ignores GE; CPSR is written instead",
    "special registers": "hold values without their rules (B5.2); only the flags are generated",
    "coprocessors, CPACR": "no NOCP for the floating-point extension, which is always on (B3.2.20)",
}

# Rows whose Q flag alone may differ: see "smlad, smladx" above.
UNICORN_Q_DIFFERS = frozenset({"smlad"})
# Rows that may differ unless FPSCR rounds to nearest: see "vcvt fixed to float"; longer units do not choose FPSCR.
UNICORN_ROUNDS = frozenset({"vcvt from fixed"})

# Words that Unicorn 2.1.4 decodes otherwise (not all words of a pattern): mask, value, what it does, the clause.
UNICORN_ENCODINGS: tuple[tuple[int, int, str, str], ...] = (
    (0xFFFF, 0xBF10, "UNDEFINED", "YIELD T1, A7.7.263: executes as NOP"),
    (0xFFFF, 0xBF20, "UNDEFINED", "WFE T1, A7.7.261"),
    (0xFFFF_FFFF, 0xF3AF_8001, "UNDEFINED", "YIELD T2, A7.7.263"),
    (0xFFFF_FFFF, 0xF3AF_8002, "UNDEFINED", "WFE T2, A7.7.261"),
    (0xFFFF_FF78, 0x4768, "UNDEFINED", "BX, BLX by SP: INVSTATE, which Unicorn reports as an invalid instruction"),
    (0xFFF7, 0xB650, "executes", "SETEND, of ARMv7-A: A5.2.5 does not list it"),
    (0xFFE0_00F0, 0xE8C0_0070, "executes", "LDREXD, STREXD, of ARMv7-A: A5.3.6 does not list them"),
    (0xF800_D000, 0xF000_C000, "executes", "BLX (immediate), of ARMv7-A: A5.3.4 does not list it"),
    (0xFF10_0000, 0xF900_0000, "executes", "Advanced SIMD loads and stores: A5.3.10 does not list them"),
    (0xEFE0_0000, 0xEC00_0000, "NOCP", "A5.3.18 does not list op1 = 00000x"),
    (0xFF1F_0000, 0xF80F_0000, "executes", "a store with Rn = 15 is UNDEFINED, A7.7.161 to A7.7.173"),
)  # fmt: skip

QEMU: Mapping[str, str] = {
    "unaligned strex without an ldrex before": "does not fault; ExclusiveMonitorsPass() faults first, in B2",
    "op1 = 00000x of a coprocessor other than 10, 11": "NOCP; A5.3.18 does not list it, so UNDEFINED",
    "encodings with a should-be bit wrong": "most are UNDEFINED; UNPREDICTABLE in the manual, so not compared",
    "wfi, wfe": "the first never answers a step, the second never sleeps; not put to QEMU",
    "bkpt": "stops at the stub's client; not put to QEMU",
}
