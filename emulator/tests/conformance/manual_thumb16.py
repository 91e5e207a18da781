"""The manual's 16-bit encodings (DDI 0403 A5.2, A7.7), in the order of A5.2. See manual.Row for the notation."""

from __future__ import annotations

from manual import Row, executes, faults

EMPTY_LIST = (faults("r == 0"),)

SHIFT_ADD_MOVE_COMPARE = [
    Row("MOV (register)", "T2", "00000 00000 mmm ddd"),
    Row("LSL (immediate)", "T1", "00000 iiiii mmm ddd", see="i == 0"),
    Row("LSR (immediate)", "T1", "00001 iiiii mmm ddd"),
    Row("ASR (immediate)", "T1", "00010 iiiii mmm ddd"),
    Row("ADD (register)", "T1", "0001100 mmm nnn ddd"),
    Row("SUB (register)", "T1", "0001101 mmm nnn ddd"),
    Row("ADD (immediate)", "T1", "0001110 iii nnn ddd"),
    Row("SUB (immediate)", "T1", "0001111 iii nnn ddd"),
    Row("MOV (immediate)", "T1", "00100 ddd iiiiiiii"),
    Row("CMP (immediate)", "T1", "00101 nnn iiiiiiii"),
    Row("ADD (immediate)", "T2", "00110 ddd iiiiiiii"),
    Row("SUB (immediate)", "T2", "00111 ddd iiiiiiii"),
]

DATA_PROCESSING = [
    Row(title, encoding, f"010000 {op:04b} mmm ddd")
    for op, (title, encoding) in enumerate(
        [
            ("AND (register)", "T1"), ("EOR (register)", "T1"), ("LSL (register)", "T1"), ("LSR (register)", "T1"),
            ("ASR (register)", "T1"), ("ADC (register)", "T1"), ("SBC (register)", "T1"), ("ROR (register)", "T1"),
            ("TST (register)", "T1"), ("RSB (immediate)", "T1"), ("CMP (register)", "T1"), ("CMN (register)", "T1"),
            ("ORR (register)", "T1"), ("MUL", "T1"), ("BIC (register)", "T1"), ("MVN (register)", "T1"),
        ]
    )
]  # fmt: skip

SPECIAL_DATA_AND_BRANCH = [
    Row("ADD (SP plus register)", "T1", "01000100 d 1101 ddd"),
    Row("ADD (SP plus register)", "T2", "01000100 1 mmmm 101", see="m == 13"),
    Row(
        "ADD (register)", "T2", "01000100 d mmmm ddd", see="d == 13 or m == 13",
        clauses=(executes("d == 15 and m == 15"),),
    ),
    Row(
        "CMP (register)", "T2", "01000101 n mmmm nnn", no_pc="nm",
        clauses=(executes("n < 8 and m < 8"),),
    ),
    Row("MOV (register)", "T1", "01000110 d mmmm ddd"),
    Row("BX", "T1", "01000111 0 mmmm ---", clauses=(faults("m == 15"),)),
    Row("BLX (register)", "T1", "01000111 1 mmmm ---", clauses=(faults("m == 15"),)),
]  # fmt: skip

LOAD_STORE = [
    Row("LDR (literal)", "T1", "01001 ttt iiiiiiii"),
    *(
        Row(f"{name} (register)", "T1", f"0101 {op:03b} mmm nnn ttt")
        for op, name in enumerate(["STR", "STRH", "STRB", "LDRSB", "LDR", "LDRH", "LDRB", "LDRSH"])
    ),
    Row("STR (immediate)", "T1", "01100 iiiii nnn ttt"),
    Row("LDR (immediate)", "T1", "01101 iiiii nnn ttt"),
    Row("STRB (immediate)", "T1", "01110 iiiii nnn ttt"),
    Row("LDRB (immediate)", "T1", "01111 iiiii nnn ttt"),
    Row("STRH (immediate)", "T1", "10000 iiiii nnn ttt"),
    Row("LDRH (immediate)", "T1", "10001 iiiii nnn ttt"),
    Row("STR (immediate)", "T2", "10010 ttt iiiiiiii"),
    Row("LDR (immediate)", "T2", "10011 ttt iiiiiiii"),
]

MISCELLANEOUS = [
    Row("ADR", "T1", "10100 ddd iiiiiiii"),
    Row("ADD (SP plus immediate)", "T1", "10101 ddd iiiiiiii"),
    Row("ADD (SP plus immediate)", "T2", "10110000 0 iiiiiii"),
    Row("SUB (SP minus immediate)", "T1", "10110000 1 iiiiiii"),
    Row("CBNZ, CBZ", "T1", "1011 o 0 i 1 iiiii nnn"),
    Row("SXTH", "T1", "10110010 00 mmm ddd"),
    Row("SXTB", "T1", "10110010 01 mmm ddd"),
    Row("UXTH", "T1", "10110010 10 mmm ddd"),
    Row("UXTB", "T1", "10110010 11 mmm ddd"),
    Row("PUSH", "T1", "1011010 r rrrrrrrr", clauses=EMPTY_LIST),
    Row("CPS", "T1", "10110110 011 m -- if", clauses=(executes("i == 0 and f == 0"),)),
    Row("REV", "T1", "10111010 00 mmm ddd"),
    Row("REV16", "T1", "10111010 01 mmm ddd"),
    Row("REVSH", "T1", "10111010 11 mmm ddd"),
    Row("POP", "T1", "1011110 r rrrrrrrr", clauses=EMPTY_LIST),
    Row("BKPT", "T1", "10111110 iiiiiiii"),
    Row(
        "IT", "T1", "10111111 cccc mmmm", see="m == 0",
        clauses=(executes("c == 15"), executes("c == 14 and count(m) != 1")),
    ),
    Row("NOP", "T1", "10111111 0000 0000"),
    Row("YIELD", "T1", "10111111 0001 0000"),
    Row("WFE", "T1", "10111111 0010 0000"),
    Row("WFI", "T1", "10111111 0011 0000"),
    Row("SEV", "T1", "10111111 0100 0000"),
    Row("Unallocated hint", "16-bit", "10111111 hhhh 0000", see="h < 5"),
]  # fmt: skip

MULTIPLE_AND_BRANCH = [
    Row("STM, STMIA, STMEA", "T1", "11000 nnn rrrrrrrr", clauses=EMPTY_LIST),
    Row("LDM, LDMIA, LDMFD", "T1", "11001 nnn rrrrrrrr", clauses=EMPTY_LIST),
    Row("B", "T1", "1101 cccc iiiiiiii", see="c >= 14"),
    Row("UDF", "T1", "11011110 iiiiiiii", takes="UNDEFINED"),
    Row("SVC", "T1", "11011111 iiiiiiii"),
    Row("B", "T2", "11100 iiiiiiiiiii"),
]

ROWS = [
    *SHIFT_ADD_MOVE_COMPARE,
    *DATA_PROCESSING,
    *SPECIAL_DATA_AND_BRANCH,
    *LOAD_STORE,
    *MISCELLANEOUS,
    *MULTIPLE_AND_BRANCH,
]
