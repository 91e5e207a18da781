"""The manual's encodings of FPv4-SP-D16 (DDI 0403 A6.4 to A6.7). Double precision arithmetic is UNDEFINED.

Fields of the extension's registers as in encodings_float.py: v, w, x. Where D selects D16 to D31 there is none.
"""

from __future__ import annotations

from manual import Row, executes, faults

THREE_OPERANDS = {
    "VMLA, VMLS": ("0v00", "o"),
    "VNMLA, VNMLS, VNMUL": ("0v01", "o"),
    "VMUL": ("0v10", "0"),
    "VADD": ("0v11", "0"),
    "VSUB": ("0v11", "1"),
    "VDIV": ("1v00", "0"),
    "VFNMA, VFNMS": ("1v01", "o"),
    "VFMA, VFMS": ("1v10", "o"),
}
ARITHMETIC = [
    *(
        Row(name, "T1", f"11101110 {op} wwww vvvv 1010 w{negate}x0 xxxx")
        for name, (op, negate) in THREE_OPERANDS.items()
    ),
    Row("VNMLA, VNMLS, VNMUL", "T2", "11101110 0v10 wwww vvvv 1010 w1x0 xxxx"),
]

ONE_OPERAND = [
    Row("VMOV (immediate)", "T1", "11101110 1v11 iiii vvvv 1010 -0-0 iiii"),
    Row("VMOV (register)", "T1", "11101110 1v11 0000 vvvv 1010 01x0 xxxx"),
    Row("VABS", "T1", "11101110 1v11 0000 vvvv 1010 11x0 xxxx"),
    Row("VNEG", "T1", "11101110 1v11 0001 vvvv 1010 01x0 xxxx"),
    Row("VSQRT", "T1", "11101110 1v11 0001 vvvv 1010 11x0 xxxx"),
    Row("VCVTB, VCVTT", "T1", "11101110 1v11 001o vvvv 101- k1x0 xxxx", ignores_should_bits=False),
    Row("VCMP, VCMPE", "T1", "11101110 1v11 0100 vvvv 1010 e1x0 xxxx"),
    Row("VCMP, VCMPE", "T2", "11101110 1v11 0101 vvvv 1010 e1-0 ----"),
    Row("VCVT, VCVTR (floating-point, integer)", "T1", "11101110 1v11 1000 vvvv 1010 k1x0 xxxx", "from integer"),
    Row("VCVT, VCVTR (floating-point, integer)", "T1", "11101110 1v11 110k vvvv 1010 r1x0 xxxx", "to integer"),
    Row(
        "VCVT (floating-point, fixed-point)", "T1", "11101110 1v11 1o1k vvvv 1010 s1i0 jjjj",
        clauses=(faults("2 * j + i > 16 + 16 * s"),),
    ),
]  # fmt: skip

# A core register that is SP is left out with PC: the forms do not exist.
TRANSFERS = [
    Row("VMOV (core register, single)", "T1", "11101110 000o wwww tttt 1010 w--1 ----", bad="t", writes="t"),
    Row(
        "VMOV (core register to scalar)", "T1", "11101110 00i0 wwww tttt 1011 D001 ----", undefined="D == 1", bad="t",
        writes="t",
    ),
    Row(
        "VMOV (scalar to core register)", "T1", "11101110 00i1 wwww tttt 1011 D001 ----", undefined="D == 1", bad="t",
        writes="t",
    ),
    Row(
        "VMOV (two core registers, two singles)", "T1", "11101100 010o uuuu tttt 1010 00x1 xxxx", bad="tu",
        writes="tu", clauses=(faults("x == 31"), executes("o == 1 and t == u")),
    ),
    Row(
        "VMOV (two core registers, double)", "T1", "11101100 010o uuuu tttt 1011 00M1 mmmm", undefined="M == 1",
        bad="tu", writes="tu", clauses=(executes("o == 1 and t == u"),),
    ),
    Row("VMRS", "T1", "11101110 1111 0001 tttt 1010 ---1 ----", no_sp="t", writes="t"),
    Row("VMSR", "T1", "11101110 1110 0001 tttt 1010 ---1 ----", bad="t", writes="t"),
]  # fmt: skip

MEMORY = [
    Row("VSTR", "T1", "11101101 jD00 nnnn vvvv 1011 iiiiiiii", undefined="D == 1", no_pc="n"),
    Row("VSTR", "T2", "11101101 jv00 nnnn vvvv 1010 iiiiiiii", no_pc="n"),
    Row("VLDR", "T1", "11101101 jD01 nnnn vvvv 1011 iiiiiiii", undefined="D == 1"),
    Row("VLDR", "T2", "11101101 jv01 nnnn vvvv 1010 iiiiiiii"),
]

# v is D:Vd of doubles and Vd:D of singles; both lists must be there and end at S31.
DOUBLES_FIT = faults("i < 2 or D == 1 or v + i // 2 > 16")
SINGLES_FIT = faults("i == 0 or 2 * (v & 15) + (v >> 4) + i > 32")


def lists() -> list[Row]:
    """P, U, W are h, u, w: increment after, or decrement before with write-back; PUSH and POP have their own rows."""
    rows = []
    for name, load, stack in (("VSTM", 0, "VPUSH"), ("VLDM", 1, "VPOP")):
        is_stack = f"h {'<' if load else '>'} u and w == 1"
        see = f"h == 0 and u == 0 and w == 0 or h == 1 and w == 0 or n == 13 and {is_stack}"
        stack_bits = "10{}10" if load == 0 else "01{}11"
        for encoding, bit, size, fits in (("T1", "D", "1011", DOUBLES_FIT), ("T2", "v", "1010", SINGLES_FIT)):
            rows += [
                Row(
                    name, encoding, f"1110110 h u {bit} w {load} nnnn vvvv {size} iiiiiiii", see=see,
                    undefined="h == u and w == 1", no_pc="n", clauses=(fits,),
                ),
                Row(
                    stack, encoding, f"1110110 {stack_bits.format(bit)} 1101 vvvv {size} iiiiiiii", clauses=(fits,),
                ),
            ]  # fmt: skip
    return rows


ROWS = [*ARITHMETIC, *ONE_OPERAND, *TRANSFERS, *MEMORY, *lists()]
