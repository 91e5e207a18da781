"""Instruction tables: loads, stores, lists, pairs, exclusives, literals (DDI 0403 A5.2.4, A5.3.5 to A5.3.10).

Words and halfwords of single loads and stores may lie at any address (CCR.UNALIGN_TRP = 0); lists, pairs and
exclusives must be aligned. Not here: PLD/PLI (encodings_hint.py), loads that write PC (encodings_branch.py).
"""

from __future__ import annotations

from encoding import Access, Encoding

NOT_PC = {"n": "not_pc"}


def single_16() -> list[Encoding]:
    """A5.2.4."""
    group = "load_store_16"
    register = ["str", "strh", "strb", "ldrsb", "ldr", "ldrh", "ldrb", "ldrsh"]
    rows = [
        Encoding(f"{name} reg", group, f"0101 {op:03b} mmm nnn ttt", "n != m", access=Access("n", index="m"))
        for op, name in enumerate(register)
    ]
    immediate = {"str": ("01100", 4), "ldr": ("01101", 4), "strb": ("01110", 1), "ldrb": ("01111", 1)}
    immediate |= {"strh": ("10000", 2), "ldrh": ("10001", 2)}
    rows += [
        Encoding(f"{name} imm", group, f"{op} iiiii nnn ttt", access=Access("n", f"i * {size}"))
        for name, (op, size) in immediate.items()
    ]
    rows += [
        Encoding("str sp", group, "10010 ttt iiiiiiii", access=Access("sp", "i * 4")),
        Encoding("ldr sp", group, "10011 ttt iiiiiiii", access=Access("sp", "i * 4")),
        Encoding("ldr literal", "literal", "01001 ttt iiiiiiii"),
    ]
    return rows


LISTS_16 = [
    # STM with write-back: the base may be in the list only as its lowest register. An empty list is UNPREDICTABLE.
    Encoding(
        "stmia",
        "load_store_multiple_16",
        "11000 nnn rrrrrrrr",
        "r != 0 and (not listed(n, r) or r & ((1 << n) - 1) == 0)",
        access=Access("n", alignment_bytes=4),
    ),
    Encoding("ldmia", "load_store_multiple_16", "11001 nnn rrrrrrrr", "r != 0", access=Access("n", alignment_bytes=4)),
    Encoding("push", "load_store_multiple_16", "1011010 r rrrrrrrr", "r != 0", access=Access("sp", alignment_bytes=4)),
    Encoding("pop", "load_store_multiple_16", "10111100 rrrrrrrr", "r != 0", access=Access("sp", alignment_bytes=4)),
]

SINGLE = {
    "strb": "11111000 U000", "strh": "11111000 U010", "str": "11111000 U100",
    "ldrb": "11111000 U001", "ldrh": "11111000 U011", "ldr": "11111000 U101",
    "ldrsb": "11111001 U001", "ldrsh": "11111001 U011",
}  # fmt: skip


def single_32(name: str, opcode: str) -> list[Encoding]:
    """A5.3.7 to A5.3.10: all addressing forms of one access; with write-back the base is not the data register."""
    group, high, low = "load_store_32", opcode.replace("U", "1"), opcode.replace("U", "0")
    indexed = "2 * u * i - i"
    # Unicorn keeps the low bits of SP, see oracle_deviations.UNICORN.
    write_back = "n != t and (n != 13 or i % 4 == 0)"
    forms = {
        "imm12": (f"{high} nnnn tttt iiiiiiiiiiii", "True", Access("n", "i")),
        "negative": (f"{low} nnnn tttt 1100 iiiiiiii", "True", Access("n", "-i")),
        "post-indexed": (f"{low} nnnn tttt 10u1 iiiiiiii", write_back, Access("n")),
        "pre-indexed": (f"{low} nnnn tttt 11u1 iiiiiiii", write_back, Access("n", indexed)),
        "unprivileged": (f"{low} nnnn tttt 1110 iiiiiiii", "True", Access("n", "i")),
        "register": (f"{low} nnnn tttt 000000 kk mmmm", "n != m", Access("n", index="m", scale="k")),
    }
    names = {"unprivileged": f"{name}t", "register": f"{name}.w reg"}
    return [
        Encoding(names.get(form, f"{name}.w {form}"), group, pattern, where, NOT_PC, access)
        for form, (pattern, where, access) in forms.items()
    ]


def stack_pointer() -> list[Encoding]:
    """Words loaded into SP (multiples of four, see oracle_deviations.UNICORN) and stored from it, in all forms."""
    rows = []
    for name, opcode in (("str", SINGLE["str"]), ("ldr", SINGLE["ldr"])):
        for row in single_32(name, opcode):
            if row.name.endswith("t"):
                continue
            pattern = row.pattern.replace("tttt", "1101")
            where = "n != 13 and n != m" if "mmmm" in pattern else "n != 13"
            target = "word" if name == "ldr" else None
            rows.append(Encoding(f"{row.name} of sp", row.group, pattern, where, NOT_PC, row.access, target))
    return rows


# One register: not the list forms, which need two.
PUSH_POP_ONE = [
    Encoding("str.w push one", "load_store_32", "11111000 0100 1101 tttt 1101 00000100", access=Access("sp", "-4")),
    Encoding("ldr.w pop one", "load_store_32", "11111000 0101 1101 tttt 1011 00000100", access=Access("sp")),
]


def literals() -> list[Encoding]:
    """PC as base; the words around the code are the same on both sides, so any offset will do."""
    rows = [
        Encoding(f"{name} literal", "literal", f"{opcode} 1111 tttt iiiiiiiiiiii")
        for name, opcode in SINGLE.items()
        if name.startswith("ldr")
    ]
    rows = [row_with_sign(row) for row in rows]
    rows.append(Encoding("ldrd literal", "literal", "1110100 1 U 101 1111 tttt uuuu iiiiiiii", "t != u"))
    return rows


def row_with_sign(row: Encoding) -> Encoding:
    """The U bit is written as a capital in SINGLE and is free here."""
    return Encoding(row.name, row.group, row.pattern.replace("U", "j"))


def lists_32() -> list[Encoding]:
    """A5.3.5: at least two registers, never SP, base not in the list with write-back (STM: see there), no PC."""
    group = "load_store_multiple_32"
    below = Access("n", "-4 * count(r)", alignment_bytes=4)
    above = Access("n", alignment_bytes=4)
    return [
        Encoding("stmia.w", group, "1110100 010 w 0 nnnn 0 r 0 rrrrrrrrrrrrr", wide_list(), NOT_PC, above),
        Encoding("ldmia.w", group, "1110100 010 w 1 nnnn 0 r 0 rrrrrrrrrrrrr", wide_list(), NOT_PC, above),
        Encoding("stmdb", group, "1110100 100 w 0 nnnn 0 r 0 rrrrrrrrrrrrr", wide_list(), NOT_PC, below),
        Encoding("ldmdb", group, "1110100 100 w 1 nnnn 0 r 0 rrrrrrrrrrrrr", wide_list(), NOT_PC, below),
    ]


def wide_list() -> str:
    """Bit 13 (SP) is fixed at 0 and so is not in `r`: LR stands at bit 13 of the field, not 14."""
    return "count(r) >= 2 and (w == 0 or not listed(13 if n == 14 else (15 if n == 13 else n), r))"


def pairs() -> list[Encoding]:
    """LDRD and STRD: offset, pre-indexed, post-indexed; registers differ; with write-back none is the base."""
    group = "load_store_pair"
    offset = "(2 * j - 1) * 4 * i"
    rows = []
    for name, load in (("strd", 0), ("ldrd", 1)):
        different = "t != u" if load else "True"
        rows += [
            Encoding(
                f"{name} offset", group, f"1110100 1 j 10 {load} nnnn tttt uuuu iiiiiiii", different, NOT_PC,
                Access("n", offset, alignment_bytes=4),
            ),
            Encoding(
                f"{name} pre-indexed", group, f"1110100 1 j 11 {load} nnnn tttt uuuu iiiiiiii",
                f"{different} and n != t and n != u", NOT_PC, Access("n", offset, alignment_bytes=4),
            ),
            Encoding(
                f"{name} post-indexed", group, f"1110100 0 j 11 {load} nnnn tttt uuuu iiiiiiii",
                f"{different} and n != t and n != u", NOT_PC, Access("n", alignment_bytes=4),
            ),
        ]  # fmt: skip
    return rows


# Load, [CLREX], store on one address, joined by the generator; so the load must keep its base (n != t), by our choice.
EXCLUSIVE_LOADS = {
    4: Encoding("ldrex", "exclusive", "11101000 0101 nnnn tttt 1111 iiiiiiii", "n != t", NOT_PC,
                Access("n", "4 * i", alignment_bytes=4)),
    2: Encoding("ldrexh", "exclusive", "11101000 1101 nnnn tttt 1111 0101 1111", "n != t", NOT_PC,
                Access("n", alignment_bytes=2)),
    1: Encoding("ldrexb", "exclusive", "11101000 1101 nnnn tttt 1111 0100 1111", "n != t", NOT_PC, Access("n")),
}  # fmt: skip
EXCLUSIVE_STORES = {
    # The status register is neither the base nor the data.
    4: Encoding("strex", "exclusive", "11101000 0100 nnnn tttt dddd iiiiiiii", "d != n and d != t", NOT_PC),
    2: Encoding("strexh", "exclusive", "11101000 1100 nnnn tttt 1111 0101 dddd", "d != n and d != t", NOT_PC),
    1: Encoding("strexb", "exclusive", "11101000 1100 nnnn tttt 1111 0100 dddd", "d != n and d != t", NOT_PC),
}
CLEAR_EXCLUSIVE = Encoding("clrex", "exclusive", "11110011 1011 1111 1000 1111 0010 1111")

ENCODINGS = [
    *single_16(),
    *LISTS_16,
    *[row for name, opcode in SINGLE.items() for row in single_32(name, opcode)],
    *stack_pointer(),
    *PUSH_POP_ONE,
    *literals(),
    *lists_32(),
    *pairs(),
]
