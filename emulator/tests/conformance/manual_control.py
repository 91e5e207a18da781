"""The manual's branches, hints, barriers, special registers (DDI 0403 A5.3.4 to A5.3.6, B5.2) and coprocessor space.

A Cortex-M4 has no coprocessor but the floating-point extension: whatever names another one takes UsageFault NOCP.
"""

from __future__ import annotations

from manual import Row, executes

SPECIAL_REGISTERS = {
    0: "APSR", 1: "IAPSR", 2: "EAPSR", 3: "XPSR", 5: "IPSR", 6: "EPSR", 7: "IEPSR", 8: "MSP", 9: "PSP",
    16: "PRIMASK", 17: "BASEPRI", 18: "BASEPRI_MAX", 19: "FAULTMASK", 20: "CONTROL",
}  # fmt: skip
FLAGS = tuple(range(4))
OTHER_NUMBER = f"y not in {tuple(SPECIAL_REGISTERS)}"

BRANCHES = [
    Row("B", "T3", "11110 s cccc iiiiii 10 j 0 k iiiiiiiiiii", see="c >= 14"),
    Row("B", "T4", "11110 s iiiiiiiiii 10 j 1 k iiiiiiiiiii"),
    Row("BL", "T1", "11110 s iiiiiiiiii 11 j 1 k iiiiiiiiiii"),
    Row("UDF", "T2", "11110 1111111 iiii 1010 iiiiiiiiiiii", takes="UNDEFINED"),
]

HINT = "11110 0111010 ++++ 10-0 -000 {}"
HINTS = [
    Row("NOP", "T2", HINT.format("0000 0000")),
    Row("YIELD", "T2", HINT.format("0000 0001")),
    Row("WFE", "T2", HINT.format("0000 0010")),
    Row("WFI", "T2", HINT.format("0000 0011")),
    Row("SEV", "T2", HINT.format("0000 0100")),
    Row("DBG", "T1", HINT.format("1111 oooo")),
    Row("Unallocated hint", "32-bit", HINT.format("hhhhhhhh"), see="h < 5 or h >= 240"),
]

CONTROL = "11110 0111011 ++++ 10-0 ++++ {}"
BARRIERS = [
    Row("CLREX", "T1", CONTROL.format("0010 ++++")),
    Row("DSB", "T1", CONTROL.format("0100 oooo")),
    Row("DMB", "T1", CONTROL.format("0101 oooo")),
    Row("ISB", "T1", CONTROL.format("0110 oooo")),
]

SPECIAL = [
    Row(
        "MSR", "T1", "11110 011100 - nnnn 10-0 kk -- yyyyyyyy", bad="n", writes="",
        clauses=(executes("k == 0"), executes(f"k != 2 and y not in {FLAGS}"), executes(OTHER_NUMBER)),
    ),
    Row("MRS", "T1", "11110 011111 - ++++ 10-0 dddd yyyyyyyy", bad="d", clauses=(executes(OTHER_NUMBER),)),
]  # fmt: skip

# Coprocessors 10 and 11 are the extension's; with bit 28 set nothing of theirs is allocated.
FLOAT = "p >> 1 == 5"
COPROCESSOR = [
    row
    for bit, two in enumerate(["", "2"])
    for row in [
        Row(
            "STC, STC2", f"T{bit + 1}", f"111 {bit} 110 h u d w 0 nnnn cccc pppp iiiiiiii", f"STC{two}", takes="NOCP",
            see=f"{FLOAT} or h == 0 and u == 0 and w == 0",
        ),
        Row(
            "LDC, LDC2 (immediate)", f"T{bit + 1}", f"111 {bit} 110 h u d w 1 nnnn cccc pppp iiiiiiii", f"LDC{two}",
            takes="NOCP", see=f"{FLOAT} or h == 0 and u == 0 and w == 0 or n == 15",
        ),
        Row(
            "LDC, LDC2 (literal)", f"T{bit + 1}", f"111 {bit} 110 h u d w 1 1111 cccc pppp iiiiiiii", f"LDC{two}",
            takes="NOCP", see=f"{FLOAT} or h == 0 and u == 0 and w == 0",
        ),
        Row("MCRR, MCRR2", f"T{bit + 1}", f"111 {bit} 1100 0100 uuuu tttt pppp oooo mmmm", f"MCRR{two}", takes="NOCP",
            see=FLOAT),
        Row("MRRC, MRRC2", f"T{bit + 1}", f"111 {bit} 1100 0101 uuuu tttt pppp oooo mmmm", f"MRRC{two}", takes="NOCP",
            see=FLOAT),
        Row("CDP, CDP2", f"T{bit + 1}", f"111 {bit} 1110 oooo nnnn dddd pppp kkk 0 mmmm", f"CDP{two}", takes="NOCP",
            see=FLOAT),
        Row("MCR, MCR2", f"T{bit + 1}", f"111 {bit} 1110 ooo 0 nnnn tttt pppp kkk 1 mmmm", f"MCR{two}", takes="NOCP",
            see=FLOAT),
        Row("MRC, MRC2", f"T{bit + 1}", f"111 {bit} 1110 ooo 1 nnnn tttt pppp kkk 1 mmmm", f"MRC{two}", takes="NOCP",
            see=FLOAT),
    ]
]  # fmt: skip

ROWS = [*BRANCHES, *HINTS, *BARRIERS, *SPECIAL, *COPROCESSOR]
