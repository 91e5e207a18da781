"""The manual's 32-bit loads, stores and memory hints (DDI 0403 A5.3.5 to A5.3.10)."""

from __future__ import annotations

from manual import Clause, Row, executes, faults

TWO_OR_MORE = faults("count(r) < 2")
BASE_IN_LIST = executes("w == 1 and listed(n, r)")


def lists() -> list[Row]:
    """A5.3.5. `r` is the whole second halfword with its should-be-zero bits, so that the rules can count it."""
    load_rules = (TWO_OR_MORE, faults("listed(13, r)"), executes("r >> 14 == 3"))
    store_rules = (TWO_OR_MORE, faults("listed(13, r)"), faults("listed(15, r)"))
    whole = "rrrrrrrrrrrrrrrr"

    def row(title: str, encoding: str, bits: str, rules: tuple[Clause, ...], see: str = "", no_pc: str = "") -> Row:
        clauses = (*rules, BASE_IN_LIST) if no_pc else rules
        return Row(title, encoding, f"1110100 {bits} {whole}", see=see, no_pc=no_pc, clauses=clauses)

    stack = "w == 1 and n == 13"
    return [
        row("STM, STMIA, STMEA", "T2", "010 w 0 nnnn", store_rules, no_pc="n"),
        row("LDM, LDMIA, LDMFD", "T2", "010 w 1 nnnn", load_rules, see=stack, no_pc="n"),
        row("POP", "T2", "010 1 1 1101", load_rules),
        row("STMDB, STMFD", "T1", "100 w 0 nnnn", store_rules, see=stack, no_pc="n"),
        row("PUSH", "T2", "100 1 0 1101", store_rules),
        row("LDMDB, LDMEA", "T1", "100 w 1 nnnn", load_rules, no_pc="n"),
    ]


DUAL = [
    Row(
        "STRD (immediate)", "T1", "1110100 p j 1 w 0 nnnn tttt uuuu iiiiiiii", see="p == 0 and w == 0", bad="tu",
        no_pc="n", clauses=(executes("w == 1 and n in (t, u)"),),
    ),
    Row(
        "LDRD (immediate)", "T1", "1110100 p j 1 w 1 nnnn tttt uuuu iiiiiiii", see="p == 0 and w == 0 or n == 15",
        bad="tu", writes="tu", clauses=(executes("w == 1 and n in (t, u)"), executes("t == u")),
    ),
    Row(
        "LDRD (literal)", "T1", "1110100 p j 1 w 1 1111 tttt uuuu iiiiiiii", see="p == 0 and w == 0", bad="tu",
        writes="tu", clauses=(faults("w == 1"), executes("t == u")),
    ),
]  # fmt: skip

STATUS_DIFFERS = (executes("d == n"), executes("d == t"))
EXCLUSIVE_AND_TABLE = [
    Row(
        "STREX", "T1", "11101000 0100 nnnn tttt dddd iiiiiiii", bad="dt", no_pc="n", writes="d",
        clauses=STATUS_DIFFERS,
    ),
    Row("LDREX", "T1", "11101000 0101 nnnn tttt ++++ iiiiiiii", bad="t", no_pc="n", writes="t"),
    *(
        Row(
            f"STREX{width}", "T1", f"11101000 1100 nnnn tttt ++++ 010{op} dddd", bad="dt", no_pc="n", writes="d",
            clauses=STATUS_DIFFERS,
        )
        for op, width in enumerate("BH")
    ),
    *(
        Row(f"LDREX{width}", "T1", f"11101000 1101 nnnn tttt ++++ 010{op} ++++", bad="t", no_pc="n", writes="t")
        for op, width in enumerate("BH")
    ),
    Row("TBB, TBH", "T1", "11101000 1101 nnnn ++++ ---- 000h mmmm", bad="m", no_sp="n"),
]  # fmt: skip

NO_FORM = "p == 0 and w == 0"
UNPRIVILEGED = "p == 1 and u == 1 and w == 0"
BASE_IS_DATA = executes("w == 1 and n == t")


def stores() -> list[Row]:
    """A5.3.10: Rn = 15 is UNDEFINED here. Words may be stored from SP."""
    rows = []
    for name, op in (("STRB", "00"), ("STRH", "01"), ("STR", "10")):
        high, low = f"11111000 1{op}0", f"11111000 0{op}0"
        no_pc, bad = ("t", "") if name == "STR" else ("", "t")
        wide, narrow = ("T3", "T4") if name == "STR" else ("T2", "T3")
        push = " or n == 13 and p == 1 and u == 0 and w == 1 and i == 4" if name == "STR" else ""
        rows += [
            Row(
                f"{name} (immediate)", wide, f"{high} nnnn tttt iiiiiiiiiiii", undefined="n == 15", bad=bad,
                no_pc=no_pc,
            ),
            Row(
                f"{name} (immediate)", narrow, f"{low} nnnn tttt 1puw iiiiiiii", see=f"{UNPRIVILEGED}{push}",
                undefined=f"n == 15 or {NO_FORM}", clauses=(BASE_IS_DATA,), bad=bad, no_pc=no_pc,
            ),
            Row(f"{name}T", "T1", f"{low} nnnn tttt 1110 iiiiiiii", undefined="n == 15", bad="t"),
            Row(
                f"{name} (register)", "T2", f"{low} nnnn tttt 000000 kk mmmm", undefined="n == 15",
                bad=f"m{bad}", no_pc=no_pc,
            ),
        ]  # fmt: skip
    rows.append(Row("PUSH", "T3", "11111000 0100 1101 tttt 1101 00000100", bad="t"))
    return rows


LOADS = {
    "LDRB": ("0", "00"), "LDRH": ("0", "01"), "LDRSB": ("1", "00"), "LDRSH": ("1", "01"),
}  # fmt: skip


def narrow_loads() -> list[Row]:
    """A5.3.8, A5.3.9: bytes and halfwords. With Rt = 15 three of the forms are hints, the others UNPREDICTABLE."""
    rows = []
    for name, (sign, op) in LOADS.items():
        high, low, any_sign = (f"1111100{sign} {u}{op}1" for u in "10j")
        wide, narrow = ("T1", "T2") if sign == "1" else ("T2", "T3")
        hint = "t == 15 and p == 1 and u == 0 and w == 0"
        rows += [
            Row(f"{name} (literal)", "T1", f"{any_sign} 1111 tttt iiiiiiiiiiii", see="t == 15", no_sp="t", writes="t"),
            Row(
                f"{name} (immediate)", wide, f"{high} nnnn tttt iiiiiiiiiiii", see="t == 15 or n == 15", no_sp="t",
                writes="t",
            ),
            Row(
                f"{name} (immediate)", narrow, f"{low} nnnn tttt 1puw iiiiiiii",
                see=f"n == 15 or {hint} or {UNPRIVILEGED}", undefined=NO_FORM, bad="t", writes="t",
                clauses=(BASE_IS_DATA,),
            ),
            Row(f"{name}T", "T1", f"{low} nnnn tttt 1110 iiiiiiii", see="n == 15", bad="t", writes="t"),
            Row(
                f"{name} (register)", "T2", f"{low} nnnn tttt 000000 kk mmmm", see="t == 15 or n == 15", bad="m",
                no_sp="t", writes="t",
            ),
        ]  # fmt: skip
    return rows


def hints() -> list[Row]:
    """The forms of the loads above with Rt = 15: PLD, PLI, and memory hints without a name (they execute as NOP)."""
    high, low = "{} 1{}1 nnnn 1111 iiiiiiiiiiii", "{} 0{}1 nnnn 1111 1100 iiiiiiii"
    either = "{} j{}1 1111 1111 iiiiiiiiiiii"
    by_register = "{} 0{}1 nnnn 1111 000000 kk mmmm"
    bytes_, halves = "00", "01"
    plain, signed = "11111000", "11111001"
    literal = "n == 15"
    return [
        Row("PLD (immediate)", "T1", high.format(plain, bytes_), see=literal),
        Row("PLD (immediate)", "T2", low.format(plain, bytes_), see=literal),
        Row("PLD (literal)", "T1", either.format(plain, bytes_)),
        Row("PLD (register)", "T1", by_register.format(plain, bytes_), clauses=(executes("bad(m)"),), see=literal),
        Row("PLI (immediate, literal)", "T1", high.format(signed, bytes_), see=literal),
        Row("PLI (immediate, literal)", "T2", low.format(signed, bytes_), see=literal),
        Row("PLI (immediate, literal)", "T3", either.format(signed, bytes_)),
        Row("PLI (register)", "T1", by_register.format(signed, bytes_), clauses=(executes("bad(m)"),), see=literal),
        *(
            Row("Unallocated memory hint", form, pattern.format(sign, halves), f"as {kind}", see=see)
            for kind, sign in (("LDRH", plain), ("LDRSH", signed))
            for form, pattern, see in (
                ("immediate", high, literal), ("negative", low, literal), ("literal", either, ""),
                ("register", by_register, literal),
            )
        ),
    ]  # fmt: skip


POP_ONE = "n == 13 and p == 0 and u == 1 and w == 1 and i == 4"
WORD_LOADS = [
    Row("LDR (literal)", "T2", "11111000 j101 1111 tttt iiiiiiiiiiii"),
    Row("LDR (immediate)", "T3", "11111000 1101 nnnn tttt iiiiiiiiiiii", see="n == 15"),
    Row(
        "LDR (immediate)", "T4", "11111000 0101 nnnn tttt 1puw iiiiiiii", see=f"n == 15 or {UNPRIVILEGED} or {POP_ONE}",
        undefined=NO_FORM, clauses=(BASE_IS_DATA,),
    ),
    Row("LDRT", "T1", "11111000 0101 nnnn tttt 1110 iiiiiiii", see="n == 15", bad="t", writes="t"),
    Row("LDR (register)", "T2", "11111000 0101 nnnn tttt 000000 kk mmmm", see="n == 15", bad="m"),
    Row("POP", "T3", "11111000 0101 1101 tttt 1011 00000100", no_sp="t"),
]  # fmt: skip

ROWS = [*lists(), *DUAL, *EXCLUSIVE_AND_TABLE, *stores(), *narrow_loads(), *hints(), *WORD_LOADS]
