"""The manual's 32-bit data processing, multiply and DSP encodings (DDI 0403 A5.3.1 to A5.3.3, A5.3.11 to A5.3.17)."""

from __future__ import annotations

from typing import Any

from manual import Row, executes, faults

# ThumbExpandImm, A5.3.2: a repeated byte that is zero.
ZERO_REPEATED = (executes("i >> 10 == 0 and i >> 8 != 0 and i & 255 == 0"),)
# The forms that only set flags have no S of their own; with S clear PC would be the destination.
SETS_NO_FLAGS_TO_PC = (faults("d == 15 and s == 0"),)


def modified_immediate() -> list[Row]:
    """A5.3.1; op, S, and what Rn = 15 or Rd = 15 make of it."""

    def row(title: str, encoding: str, op: str, rest: str = "s nnnn 0 iii dddd iiiiiiii", **more: Any) -> Row:
        clauses = (*ZERO_REPEATED, *more.pop("clauses", ()))
        return Row(title, encoding, f"11110 i 0 {op} {rest}", clauses=clauses, **more)

    compare, move = "1 nnnn 0 iii 1111 iiiiiiii", "s 1111 0 iii dddd iiiiiiii"
    from_sp = "s 1101 0 iii dddd iiiiiiii"
    to_pc: dict[str, Any] = {"clauses": SETS_NO_FLAGS_TO_PC, "no_sp": "d"}
    return [
        row("AND (immediate)", "T1", "0000", see="d == 15 and s == 1", bad="n", **to_pc),
        row("TST (immediate)", "T1", "0000", compare, bad="n"),
        row("BIC (immediate)", "T1", "0001", bad="dn"),
        row("ORR (immediate)", "T1", "0010", see="n == 15", bad="d", no_sp="n"),
        row("MOV (immediate)", "T2", "0010", move, bad="d", writes=""),
        row("ORN (immediate)", "T1", "0011", see="n == 15", bad="d", no_sp="n"),
        row("MVN (immediate)", "T1", "0011", move, bad="d"),
        row("EOR (immediate)", "T1", "0100", see="d == 15 and s == 1", bad="n", **to_pc),
        row("TEQ (immediate)", "T1", "0100", compare, bad="n"),
        row("ADD (immediate)", "T3", "1000", see="d == 15 and s == 1 or n == 13", no_pc="n", writes="", **to_pc),
        row("ADD (SP plus immediate)", "T3", "1000", from_sp, see="d == 15 and s == 1", clauses=SETS_NO_FLAGS_TO_PC),
        row("CMN (immediate)", "T1", "1000", compare, no_pc="n"),
        row("ADC (immediate)", "T1", "1010", bad="dn"),
        row("SBC (immediate)", "T1", "1011", bad="dn"),
        row("SUB (immediate)", "T3", "1101", see="d == 15 and s == 1 or n == 13", no_pc="n", writes="", **to_pc),
        row("SUB (SP minus immediate)", "T2", "1101", from_sp, see="d == 15 and s == 1", clauses=SETS_NO_FLAGS_TO_PC),
        row("CMP (immediate)", "T2", "1101", compare, no_pc="n"),
        row("RSB (immediate)", "T2", "1110", bad="dn"),
    ]


PLAIN_IMMEDIATE = [
    Row("ADD (immediate)", "T4", "11110 i 100000 nnnn 0 iii dddd iiiiiiii", see="n in (13, 15)", bad="d", writes=""),
    Row("ADD (SP plus immediate)", "T4", "11110 i 100000 1101 0 iii dddd iiiiiiii", no_pc="d"),
    Row("ADR", "T3", "11110 i 100000 1111 0 iii dddd iiiiiiii", bad="d"),
    Row("MOV (immediate)", "T3", "11110 i 100100 iiii 0 iii dddd iiiiiiii", bad="d", writes=""),
    Row("SUB (immediate)", "T4", "11110 i 101010 nnnn 0 iii dddd iiiiiiii", see="n in (13, 15)", bad="d", writes=""),
    Row("SUB (SP minus immediate)", "T3", "11110 i 101010 1101 0 iii dddd iiiiiiii", no_pc="d"),
    Row("ADR", "T2", "11110 i 101010 1111 0 iii dddd iiiiiiii", bad="d"),
    Row("MOVT", "T1", "11110 i 101100 iiii 0 iii dddd iiiiiiii", bad="d"),
    Row("SSAT", "T1", "11110 - 1100 k 0 nnnn 0 iii dddd ii - wwwww", see="k == 1 and i == 0", bad="dn"),
    Row("SSAT16", "T1", "11110 - 110010 nnnn 0 000 dddd 00 -- wwww", bad="dn"),
    Row("SBFX", "T1", "11110 - 110100 nnnn 0 iii dddd ii - wwwww", bad="dn", clauses=(faults("i + w > 31"),)),
    Row(
        "BFI", "T1", "11110 - 110110 nnnn 0 iii dddd ii - wwwww", see="n == 15", bad="d", no_sp="n",
        clauses=(faults("w < i"),),
    ),
    Row("BFC", "T1", "11110 - 110110 1111 0 iii dddd ii - wwwww", bad="d", clauses=(faults("w < i"),)),
    Row("USAT", "T1", "11110 - 1110 k 0 nnnn 0 iii dddd ii - wwwww", see="k == 1 and i == 0", bad="dn"),
    Row("USAT16", "T1", "11110 - 111010 nnnn 0 000 dddd 00 -- wwww", bad="dn"),
    Row("UBFX", "T1", "11110 - 111100 nnnn 0 iii dddd ii - wwwww", bad="dn", clauses=(faults("i + w > 31"),)),
]  # fmt: skip


def shifted_register() -> list[Row]:
    """A5.3.11; kk is the shift type, i its amount."""

    def row(title: str, encoding: str, op: str, rest: str = "s nnnn - iii dddd ii kk mmmm", **more: Any) -> Row:
        return Row(title, encoding, f"11101 01 {op} {rest}", **more)

    compare = "1 nnnn - iii 1111 ii kk mmmm"
    move, from_sp = "s 1111 - iii dddd ii {} mmmm", "s 1101 - iii dddd ii kk mmmm"
    flags = "d == 15 and s == 1"
    # The result may go to SP only by LSL #0 to #3.
    far_sp = (*SETS_NO_FLAGS_TO_PC, executes("d == 13 and (k != 0 or i > 3)"))
    return [
        row("AND (register)", "T2", "0000", see=flags, bad="nm", no_sp="d", clauses=SETS_NO_FLAGS_TO_PC),
        row("TST (register)", "T2", "0000", compare, bad="nm"),
        row("BIC (register)", "T2", "0001", bad="dnm"),
        row("ORR (register)", "T2", "0010", see="n == 15", bad="dm", no_sp="n"),
        row(
            "MOV (register)", "T3", "0010", "s 1111 - 000 dddd 00 00 mmmm", no_pc="dm",
            clauses=(executes("s == 1 and (d == 13 or m == 13)"), executes("d == 13 and m == 13")),
        ),
        row("LSL (immediate)", "T2", "0010", move.format("00"), see="i == 0", bad="dm", writes=""),
        row("LSR (immediate)", "T2", "0010", move.format("01"), bad="dm", writes=""),
        row("ASR (immediate)", "T2", "0010", move.format("10"), bad="dm", writes=""),
        row("ROR (immediate)", "T1", "0010", move.format("11"), see="i == 0", bad="dm", writes=""),
        row("RRX", "T1", "0010", "s 1111 - 000 dddd 00 11 mmmm", bad="dm", writes=""),
        row("ORN (register)", "T1", "0011", see="n == 15", bad="dm", no_sp="n"),
        row("MVN (register)", "T2", "0011", "s 1111 - iii dddd ii kk mmmm", bad="dm"),
        row("EOR (register)", "T2", "0100", see=flags, bad="nm", no_sp="d", clauses=SETS_NO_FLAGS_TO_PC),
        row("TEQ (register)", "T1", "0100", compare, bad="nm"),
        row("PKHBT, PKHTB", "T1", "0110", "s nnnn - iii dddd ii k t mmmm", undefined="s == 1 or t == 1", bad="dnm"),
        row(
            "ADD (register)", "T3", "1000", see=f"{flags} or n == 13", bad="m", no_pc="n", no_sp="d", writes="",
            clauses=SETS_NO_FLAGS_TO_PC,
        ),
        row("ADD (SP plus register)", "T3", "1000", from_sp, see=flags, bad="m", clauses=far_sp),
        row("CMN (register)", "T2", "1000", compare, bad="m", no_pc="n"),
        row("ADC (register)", "T2", "1010", bad="dnm"),
        row("SBC (register)", "T2", "1011", bad="dnm"),
        row(
            "SUB (register)", "T2", "1101", see=f"{flags} or n == 13", bad="m", no_pc="n", no_sp="d", writes="",
            clauses=SETS_NO_FLAGS_TO_PC,
        ),
        row("SUB (SP minus register)", "T1", "1101", from_sp, see=flags, bad="m", clauses=far_sp),
        row("CMP (register)", "T3", "1101", compare, bad="m", no_pc="n"),
        row("RSB (register)", "T1", "1110", bad="dnm"),
    ]  # fmt: skip


def data_register() -> list[Row]:
    """A5.3.12 to A5.3.15."""
    rows = [
        Row(f"{name} (register)", "T2", f"11111010 0 {op:02b} s nnnn 1111 dddd 0000 mmmm", bad="dnm")
        for op, name in enumerate(["LSL", "LSR", "ASR", "ROR"])
    ]
    for op, name in enumerate(["XTH", "XTB16", "XTB"]):
        for bit, sign in enumerate("SU"):
            code = f"11111010 0 {op:02b}{bit}"
            adding = f"{sign}XTA{name.removeprefix('XT')}"
            rows.append(
                Row(adding, "T1", f"{code} nnnn 1111 dddd 1- rr mmmm", see="n == 15", bad="dm", no_sp="n"),
            )
            plain = "T1" if name == "XTB16" else "T2"
            rows.append(Row(f"{sign}{name}", plain, f"{code} 1111 1111 dddd 1- rr mmmm", bad="dm"))
    return rows + parallel() + miscellaneous_register()


def parallel() -> list[Row]:
    kinds = {"S": "000", "Q": "001", "SH": "010", "U": "100", "UQ": "101", "UH": "110"}
    operations = {"ADD8": "000", "ADD16": "001", "ASX": "010", "SUB8": "100", "SUB16": "101", "SAX": "110"}
    return [
        Row(f"{kind}{name}", "T1", f"11111010 1{op} nnnn 1111 dddd 0{prefix} mmmm", bad="dnm")
        for kind, prefix in kinds.items()
        for name, op in operations.items()
    ]


def miscellaneous_register() -> list[Row]:
    """A5.3.15; REV and its like name their operand twice."""
    saturating = ["QADD", "QDADD", "QSUB", "QDSUB"]
    reversing = [("REV", "T2"), ("REV16", "T2"), ("RBIT", "T1"), ("REVSH", "T2")]
    twice = (executes("n != m"),)
    return [
        *(
            Row(name, "T1", f"11111010 1000 nnnn 1111 dddd 10{op:02b} mmmm", bad="dnm")
            for op, name in enumerate(saturating)
        ),
        *(
            Row(name, encoding, f"11111010 1001 nnnn 1111 dddd 10{op:02b} mmmm", bad="dm", clauses=twice)
            for op, (name, encoding) in enumerate(reversing)
        ),
        Row("SEL", "T1", "11111010 1010 nnnn 1111 dddd 1000 mmmm", bad="dnm"),
        Row("CLZ", "T1", "11111010 1011 nnnn 1111 dddd 1000 mmmm", bad="dm", clauses=twice),
    ]


def accumulating(name: str, plain: str, op: str, tail: str, encoding: str = "T1") -> list[Row]:
    """A multiply, and the form without its addend where Ra is 15."""
    return [
        Row(name, "T1", f"11111011 0{op} nnnn aaaa dddd 00{tail} mmmm", see="a == 15", bad="dnm", no_sp="a"),
        Row(plain, encoding, f"11111011 0{op} nnnn 1111 dddd 00{tail} mmmm", bad="dnm"),
    ]


MULTIPLY = [
    *accumulating("MLA", "MUL", "000", "00", "T2"),
    Row("MLS", "T1", "11111011 0000 nnnn aaaa dddd 0001 mmmm", bad="dnma"),
    *accumulating("SMLABB, SMLABT, SMLATB, SMLATT", "SMULBB, SMULBT, SMULTB, SMULTT", "001", "xy"),
    *accumulating("SMLAD, SMLADX", "SMUAD, SMUADX", "010", "0x"),
    *accumulating("SMLAWB, SMLAWT", "SMULWB, SMULWT", "011", "0y"),
    *accumulating("SMLSD, SMLSDX", "SMUSD, SMUSDX", "100", "0x"),
    *accumulating("SMMLA, SMMLAR", "SMMUL, SMMULR", "101", "0r"),
    Row("SMMLS, SMMLSR", "T1", "11111011 0110 nnnn aaaa dddd 000r mmmm", bad="dnma"),
    *accumulating("USADA8", "USAD8", "111", "00"),
]
LONG = {
    "SMULL": "1000 nnnn llll hhhh 0000",
    "UMULL": "1010 nnnn llll hhhh 0000",
    "SMLAL": "1100 nnnn llll hhhh 0000",
    "SMLALBB, SMLALBT, SMLALTB, SMLALTT": "1100 nnnn llll hhhh 10xy",
    "SMLALD, SMLALDX": "1100 nnnn llll hhhh 110x",
    "SMLSLD, SMLSLDX": "1101 nnnn llll hhhh 110x",
    "UMLAL": "1110 nnnn llll hhhh 0000",
    "UMAAL": "1110 nnnn llll hhhh 0110",
}
LONG_MULTIPLY = [
    *(
        Row(name, "T1", f"11111011 {bits} mmmm", bad="lhnm", writes="lh", clauses=(executes("l == h"),))
        for name, bits in LONG.items()
    ),
    Row("SDIV", "T1", "11111011 1001 nnnn ++++ dddd 1111 mmmm", bad="dnm"),
    Row("UDIV", "T1", "11111011 1011 nnnn ++++ dddd 1111 mmmm", bad="dnm"),
]

ROWS = [
    *modified_immediate(),
    *PLAIN_IMMEDIATE,
    *shifted_register(),
    *data_register(),
    *MULTIPLY,
    *LONG_MULTIPLY,
]
