"""Instruction tables: FPv4-SP-D16, the single-precision extension (DDI 0403 A6.4 to A6.7, A7.7.223 ff.).

Register fields of the extension are v (destination), w and x (operands): five bits, so S0 to S31, or D0 to D15 where
the sixth bit is fixed at 0. Not here: exception entry with lazy stacking, and FPEXC, which ARMv7-M does not have.
"""

from __future__ import annotations

from encoding import Access, Encoding

GROUP_ARITHMETIC = "float_arithmetic"


def arithmetic() -> list[Encoding]:
    three_operands = {
        "vmla": ("0v00", "0"), "vmls": ("0v00", "1"), "vnmls": ("0v01", "0"), "vnmla": ("0v01", "1"),
        "vmul": ("0v10", "0"), "vnmul": ("0v10", "1"), "vadd": ("0v11", "0"), "vsub": ("0v11", "1"),
        "vdiv": ("1v00", "0"), "vfnms": ("1v01", "0"), "vfnma": ("1v01", "1"), "vfma": ("1v10", "0"),
        "vfms": ("1v10", "1"),
    }  # fmt: skip
    rows = [
        Encoding(name, GROUP_ARITHMETIC, f"11101110 {op} wwww vvvv 1010 w{negate}x0 xxxx")
        for name, (op, negate) in three_operands.items()
    ]
    two_operands = {"vmov reg": ("0000", "0"), "vabs": ("0000", "1"), "vneg": ("0001", "0"), "vsqrt": ("0001", "1")}
    rows += [
        Encoding(name, GROUP_ARITHMETIC, f"11101110 1v11 {op} vvvv 1010 {low}1x0 xxxx")
        for name, (op, low) in two_operands.items()
    ]
    return rows


COMPARE = [
    Encoding("vcmp", "float_compare", "11101110 1v11 0100 vvvv 1010 e1x0 xxxx"),
    Encoding("vcmp zero", "float_compare", "11101110 1v11 0101 vvvv 1010 e100 0000"),
]

CONVERT = [
    Encoding("vcvt to half", "float_convert", "11101110 1v11 0011 vvvv 1010 k1x0 xxxx"),
    Encoding("vcvt from half", "float_convert", "11101110 1v11 0010 vvvv 1010 k1x0 xxxx"),
    Encoding("vcvt from integer", "float_convert", "11101110 1v11 1000 vvvv 1010 k1x0 xxxx"),
    Encoding("vcvt to integer", "float_convert", "11101110 1v11 110k vvvv 1010 11x0 xxxx"),
    Encoding("vcvtr to integer", "float_convert", "11101110 1v11 110k vvvv 1010 01x0 xxxx"),
    # The number of fraction bits, 16 or 32 less j:i, must not be negative.
    Encoding(
        "vcvt from fixed", "float_convert", "11101110 1v11 101k vvvv 1010 s1i0 jjjj", "s == 1 or 2 * j + i <= 16",
        nearest_only=True,
    ),
    Encoding(
        "vcvt to fixed", "float_convert", "11101110 1v11 111k vvvv 1010 s1i0 jjjj", "s == 1 or 2 * j + i <= 16",
    ),
]  # fmt: skip

MOVE = [
    Encoding("vmov imm", "float_move", "11101110 1v11 iiii vvvv 1010 0000 iiii"),
    Encoding("vmov to single", "float_move", "11101110 0000 wwww tttt 1010 w001 0000"),
    Encoding("vmov from single", "float_move", "11101110 0001 wwww tttt 1010 w001 0000"),
    Encoding("vmov to scalar", "float_move", "11101110 00i0 wwww tttt 1011 0001 0000"),
    Encoding("vmov from scalar", "float_move", "11101110 00i1 wwww tttt 1011 0001 0000"),
    # Two singles: S31 has no successor. To two core registers: these differ.
    Encoding("vmov to two singles", "float_move", "11101100 0100 uuuu tttt 1010 00x1 xxxx", "x != 0b11111"),
    Encoding("vmov from two singles", "float_move", "11101100 0101 uuuu tttt 1010 00x1 xxxx", "x != 31 and t != u"),
    Encoding("vmov to double", "float_move", "11101100 0100 uuuu tttt 1011 0001 xxxx"),
    Encoding("vmov from double", "float_move", "11101100 0101 uuuu tttt 1011 0001 xxxx", "t != u"),
]

STATUS = [
    # t = 15 moves the flags to APSR; SP is UNPREDICTABLE.
    Encoding("vmrs", "float_status", "11101110 1111 0001 tttt 1010 0001 0000", classes={"t": "any"}, where="t != 13"),
    Encoding("vmsr", "float_status", "11101110 1110 0001 tttt 1010 0001 0000", alone=True),
]

NOT_PC = {"n": "not_pc"}
OFFSET = "(2 * j - 1) * 4 * i"
# The first register is vvvv:v for singles (bit 22 is the low bit): base-two value 2 * vvvv + v.
FIRST_SINGLE = "(2 * (v & 15) + (v >> 4))"


def single_memory() -> list[Encoding]:
    return [
        Encoding(f"{name} {size}", "float_load_store", f"11101101 j{bit}0{load} nnnn vvvv 101{double} iiiiiiii",
                 classes=NOT_PC, access=Access("n", OFFSET, alignment_bytes=4))
        for name, load in (("vstr", 0), ("vldr", 1))
        for size, double, bit in (("single", 0, "v"), ("double", 1, "0"))
    ] + [
        Encoding("vldr literal", "float_load_store", "11101101 jv01 1111 vvvv 1010 iiiiiiii"),
        Encoding("vldr literal double", "float_load_store", "11101101 j001 1111 vvvv 1011 iiiiiiii"),
    ]  # fmt: skip


def lists() -> list[Encoding]:
    """VLDM, VSTM, VPUSH, VPOP: at least one register, none past S31 or D15, an even word count for doubles."""
    rows = []
    for name, load in (("vstm", 0), ("vldm", 1)):
        for form, bits, offset in (("ia", "01{}0", "0"), ("ia!", "01{}1", "0"), ("db!", "10{}1", "-4 * i")):
            access = Access("n", offset, alignment_bytes=4)
            rows.append(
                Encoding(
                    f"{name}{form} singles",
                    "float_load_store_multiple",
                    f"1110110{bits[0]} {bits[1:].format('v')}{load} nnnn vvvv 1010 00iiiiii",
                    f"i >= 1 and {FIRST_SINGLE} + i <= 32",
                    NOT_PC,
                    access,
                )
            )
            rows.append(
                Encoding(
                    f"{name}{form} doubles",
                    "float_load_store_multiple",
                    f"1110110{bits[0]} {bits[1:].format('0')}{load} nnnn vvvv 1011 00iiiiii",
                    "i >= 2 and i % 2 == 0 and v + i // 2 <= 16",
                    NOT_PC,
                    access,
                )
            )
    return rows


# FSTMX and FLDMX: as the doubles, and the base moves one word further.
ODD_LISTS = [
    Encoding(
        f"{name}{form}x", "float_load_store_multiple", f"1110110{bits}1{load} nnnn vvvv 1011 00iiiii1",
        "i >= 1 and v + i <= 16", NOT_PC, Access("n", offset, alignment_bytes=4),
    )
    for name, load in (("fstm", 0), ("fldm", 1))
    for form, bits, offset in (("ia", "010", "0"), ("db", "100", "-8 * i - 4"))
]  # fmt: skip


ENCODINGS = [*arithmetic(), *COMPARE, *CONVERT, *MOVE, *STATUS, *single_memory(), *lists(), *ODD_LISTS]
