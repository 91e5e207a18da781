"""Instruction tables: 16-bit and 32-bit data processing, bit fields, multiply, divide (DDI 0403 A5.2, A5.3, A7.7).

Constraints beyond "no SP, no PC" stand in `where` and `classes`, each as the manual's UNPREDICTABLE note says.
"""

from __future__ import annotations

from encoding import Encoding

SP_BASE = {"n": "not_pc"}
# SP keeps its two low bits at zero (DDI 0403 B1.4.1), which Unicorn does not: whatever writes SP writes a multiple of
# four. So PC is no operand then, and registers are prepared (instructions.requirements).
SP_NOT_FROM_PC = "d != 13 or m != 15"
SP_ALIGNED = "(d != 13 or (i >> 10 != 0 and i >> 7 < 31) or (i < 256 and i % 4 == 0))"


def data_processing_16() -> list[Encoding]:
    """A5.2.1 to A5.2.3, and the 16-bit rows of the miscellaneous table."""
    shift_add = {"lsls": "00000", "lsrs": "00001", "asrs": "00010"}
    rows = [Encoding(name, "shift_16", f"{op} iiiii mmm ddd") for name, op in shift_add.items()]
    add_sub = {"adds": "0001100 mmm", "subs": "0001101 mmm", "adds imm3": "0001110 iii", "subs imm3": "0001111 iii"}
    rows += [Encoding(name, "add_subtract_16", f"{op} nnn ddd") for name, op in add_sub.items()]
    immediate = {"movs": "00100", "cmp": "00101", "adds imm8": "00110", "subs imm8": "00111"}
    rows += [Encoding(name, "add_subtract_16", f"{op} ddd iiiiiiii") for name, op in immediate.items()]
    register = ["ands", "eors", "lsls", "lsrs", "asrs", "adcs", "sbcs", "rors"]
    register += ["tst", "rsbs", "cmp", "cmn", "orrs", "muls", "bics", "mvns"]
    rows += [
        Encoding(f"{name} reg", "data_processing_16", f"010000 {op:04b} mmm ddd") for op, name in enumerate(register)
    ]
    extend = {"sxth": "00", "sxtb": "01", "uxth": "10", "uxtb": "11"}
    rows += [Encoding(name, "extend", f"10110010 {op} mmm ddd") for name, op in extend.items()]
    reverse = {"rev": "00", "rev16": "01", "revsh": "11"}
    rows += [Encoding(name, "reverse", f"10111010 {op} mmm ddd") for name, op in reverse.items()]
    return rows + HIGH_REGISTERS_16


HIGH_REGISTERS_16 = [
    # d = 15 branches and is tested apart; n = m = 15 is UNPREDICTABLE anyway.
    Encoding("add high", "high_register_16", "01000100 d mmmm ddd", SP_NOT_FROM_PC, {"d": "not_pc", "m": "any"}),
    # Both registers low is UNPREDICTABLE, and so is PC on either side.
    Encoding("cmp high", "high_register_16", "01000101 n mmmm nnn", "n > 7 or m > 7", {"n": "not_pc", "m": "not_pc"}),
    Encoding("mov high", "high_register_16", "01000110 d mmmm ddd", SP_NOT_FROM_PC, {"d": "not_pc", "m": "any"}),
    Encoding("add rd, pc", "address", "10100 ddd iiiiiiii"),
    Encoding("add rd, sp", "address", "10101 ddd iiiiiiii"),
    Encoding("add sp, #", "address", "10110000 0 iiiiiii"),
    Encoding("sub sp, #", "address", "10110000 1 iiiiiii"),
]

# i:imm3:imm8 = 00:xx:00000000 with xx not 00 is UNPREDICTABLE (A5.3.2, ThumbExpandImm).
EXPANDABLE = "(i >> 10 != 0 or i >> 8 == 0 or i & 255 != 0)"


def modified_immediate() -> list[Encoding]:
    """A5.3.1."""
    operations = {"and": "0000", "bic": "0001", "orr": "0010", "orn": "0011", "eor": "0100"}
    operations |= {"adc": "1010", "sbc": "1011", "rsb": "1110"}
    group = "modified_immediate"
    rows = [
        Encoding(f"{name} imm", group, f"11110 i 0 {op} s nnnn 0 iii dddd iiiiiiii", EXPANDABLE)
        for name, op in operations.items()
    ]
    # SP as destination only with SP as base.
    rows += [
        Encoding(
            f"{name} imm",
            group,
            f"11110 i 0 {op} s nnnn 0 iii dddd iiiiiiii",
            f"{EXPANDABLE} and (d != 13 or n == 13) and {SP_ALIGNED}",
            {"d": "not_pc", "n": "not_pc"},
        )
        for name, op in {"add": "1000", "sub": "1101"}.items()
    ]
    no_result = {"tst": "0000", "teq": "0100"}
    rows += [
        Encoding(f"{name} imm", group, f"11110 i 0 {op} 1 nnnn 0 iii 1111 iiiiiiii", EXPANDABLE)
        for name, op in no_result.items()
    ]
    rows += [
        Encoding(f"{name} imm", group, f"11110 i 0 {op} 1 nnnn 0 iii 1111 iiiiiiii", EXPANDABLE, SP_BASE)
        for name, op in {"cmn": "1000", "cmp": "1101"}.items()
    ]
    rows += [
        Encoding(f"{name} imm", group, f"11110 i 0 {op} s 1111 0 iii dddd iiiiiiii", EXPANDABLE)
        for name, op in {"mov": "0010", "mvn": "0011"}.items()
    ]
    return rows


PLAIN_IMMEDIATE = [
    Encoding(
        "addw",
        "plain_immediate",
        "11110 i 100000 nnnn 0 iii dddd iiiiiiii",
        "d != 13 or (n == 13 and i % 4 == 0)",
        {"d": "not_pc", "n": "not_pc"},
    ),
    Encoding(
        "subw",
        "plain_immediate",
        "11110 i 101010 nnnn 0 iii dddd iiiiiiii",
        "d != 13 or (n == 13 and i % 4 == 0)",
        {"d": "not_pc", "n": "not_pc"},
    ),
    Encoding("adr.w forward", "address", "11110 i 100000 1111 0 iii dddd iiiiiiii"),
    Encoding("adr.w backward", "address", "11110 i 101010 1111 0 iii dddd iiiiiiii"),
    Encoding("movw", "plain_immediate", "11110 i 100100 iiii 0 iii dddd iiiiiiii"),
    Encoding("movt", "plain_immediate", "11110 i 101100 iiii 0 iii dddd iiiiiiii"),
]

BIT_FIELD = [
    # lsb + width - 1 must stay below 32; msb below lsb is UNPREDICTABLE.
    Encoding("sbfx", "bit_field", "11110 0 110100 nnnn 0 iii dddd ii 0 wwwww", "i + w <= 31"),
    Encoding("ubfx", "bit_field", "11110 0 111100 nnnn 0 iii dddd ii 0 wwwww", "i + w <= 31"),
    Encoding("bfi", "bit_field", "11110 0 110110 nnnn 0 iii dddd ii 0 wwwww", "w >= i"),
    Encoding("bfc", "bit_field", "11110 0 110110 1111 0 iii dddd ii 0 wwwww", "w >= i"),
]


def shifted_register() -> list[Encoding]:
    """A5.3.11."""
    group = "shifted_register"
    operations = {"and": "0000", "bic": "0001", "orr": "0010", "orn": "0011", "eor": "0100"}
    operations |= {"adc": "1010", "sbc": "1011", "rsb": "1110"}
    rows = [
        Encoding(f"{name} shifted", group, f"11101 01 {op} s nnnn 0 iii dddd ii kk mmmm")
        for name, op in operations.items()
    ]
    # SP as destination: only SP as base, and only LSL #0 to #3.
    rows += [
        Encoding(
            f"{name} shifted",
            group,
            f"11101 01 {op} s nnnn 0 iii dddd ii kk mmmm",
            "d != 13 or (n == 13 and k == 0 and i <= 3)",
            {"d": "not_pc", "n": "not_pc"},
        )
        for name, op in {"add": "1000", "sub": "1101"}.items()
    ]
    rows += [
        Encoding(f"{name} shifted", group, f"11101 01 {op} 1 nnnn 0 iii 1111 ii kk mmmm")
        for name, op in {"tst": "0000", "teq": "0100"}.items()
    ]
    rows += [
        Encoding(f"{name} shifted", group, f"11101 01 {op} 1 nnnn 0 iii 1111 ii kk mmmm", classes=SP_BASE)
        for name, op in {"cmn": "1000", "cmp": "1101"}.items()
    ]
    rows += [
        Encoding(f"{name} shifted", group, f"11101 01 {op} s 1111 0 iii dddd ii kk mmmm")
        for name, op in {"mov": "0010", "mvn": "0011"}.items()
    ]
    # Of the shifts above few have the amount 0, which makes ROR #0 RRX.
    rows.append(Encoding("rrx", group, "11101 01 0010 s 1111 0 000 dddd 00 11 mmmm"))
    shifts = ["lsl", "lsr", "asr", "ror"]
    rows += [
        Encoding(f"{name} by register", "shift_32", f"11111010 0 {op:02b} s nnnn 1111 dddd 0000 mmmm")
        for op, name in enumerate(shifts)
    ]
    return rows


DIFFERENT_HALVES = "l != h"
MULTIPLY = [
    Encoding("mul", "multiply", "11111011 0000 nnnn 1111 dddd 0000 mmmm"),
    Encoding("mla", "multiply", "11111011 0000 nnnn aaaa dddd 0000 mmmm"),
    Encoding("mls", "multiply", "11111011 0000 nnnn aaaa dddd 0001 mmmm"),
    Encoding("smull", "long_multiply", "11111011 1000 nnnn llll hhhh 0000 mmmm", DIFFERENT_HALVES),
    Encoding("umull", "long_multiply", "11111011 1010 nnnn llll hhhh 0000 mmmm", DIFFERENT_HALVES),
    Encoding("smlal", "long_multiply", "11111011 1100 nnnn llll hhhh 0000 mmmm", DIFFERENT_HALVES),
    Encoding("umlal", "long_multiply", "11111011 1110 nnnn llll hhhh 0000 mmmm", DIFFERENT_HALVES),
    Encoding("umaal", "long_multiply", "11111011 1110 nnnn llll hhhh 0110 mmmm", DIFFERENT_HALVES),
    Encoding("sdiv", "divide", "11111011 1001 nnnn 1111 dddd 1111 mmmm"),
    Encoding("udiv", "divide", "11111011 1011 nnnn 1111 dddd 1111 mmmm"),
]

BIT_OPERATIONS = [
    # The register field stands twice and must agree.
    Encoding(f"{name}.w" if name not in ("rbit", "clz") else name, "reverse", pattern, "n == m")
    for name, pattern in {
        "rev": "11111010 1001 nnnn 1111 dddd 1000 mmmm",
        "rev16": "11111010 1001 nnnn 1111 dddd 1001 mmmm",
        "rbit": "11111010 1001 nnnn 1111 dddd 1010 mmmm",
        "revsh": "11111010 1001 nnnn 1111 dddd 1011 mmmm",
        "clz": "11111010 1011 nnnn 1111 dddd 1000 mmmm",
    }.items()
]

# MOV.W takes SP on one side, without flags; what it writes there is prepared (instructions.requirements).
MOVE_STACK_POINTER = [
    Encoding(
        "mov.w sp", "high_register_16", "11101 01 0010 0 1111 0 000 dddd 00 00 mmmm", "(d == 13) != (m == 13)",
        {"d": "not_pc", "m": "not_pc"},
    ),
]  # fmt: skip

STATUS = [
    # Of the special registers only the flags; the others belong to the exception model. A5.3.5.
    Encoding("mrs", "status", "11110011 1110 1111 1000 dddd 000000 ii"),
    Encoding("msr", "status", "11110011 1000 nnnn 1000 ii00 000000 kk", "i != 0"),
]

ENCODINGS = [
    *data_processing_16(),
    *modified_immediate(),
    *PLAIN_IMMEDIATE,
    *BIT_FIELD,
    *shifted_register(),
    *MULTIPLY,
    *BIT_OPERATIONS,
    *MOVE_STACK_POINTER,
    *STATUS,
]
