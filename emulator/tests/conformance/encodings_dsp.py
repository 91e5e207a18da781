"""Instruction tables: the DSP extension of ARMv7E-M (DDI 0403 A5.3.13 to A5.3.17): SIMD, saturation, multiplies."""

from __future__ import annotations

from encoding import Encoding


def parallel_add_subtract() -> list[Encoding]:
    """A5.3.14, A5.3.15: six operations by six kinds of arithmetic."""
    operations = {"add8": "000", "add16": "001", "asx": "010", "sub8": "100", "sub16": "101", "sax": "110"}
    kinds = {"s": "000", "q": "001", "sh": "010", "u": "100", "uq": "101", "uh": "110"}
    return [
        Encoding(f"{kind}{name}", "parallel_add_subtract", f"11111010 1{op} nnnn 1111 dddd 0{prefix} mmmm")
        for name, op in operations.items()
        for kind, prefix in kinds.items()
    ]


def extend_and_add() -> list[Encoding]:
    """A5.3.12; Rn = 15 is the form without the addition, rotation by 0, 8, 16, 24."""
    operations = {"h": "000", "b16": "010", "b": "100"}
    rows = []
    for name, op in operations.items():
        for sign, unsigned in (("s", 0), ("u", 1)):
            code = f"{int(op, 2) + unsigned:03b}"
            rows.append(Encoding(f"{sign}xta{name}", "extend_and_add", f"11111010 0{code} nnnn 1111 dddd 10rr mmmm"))
            rows.append(Encoding(f"{sign}xt{name}.w", "extend_and_add", f"11111010 0{code} 1111 1111 dddd 10rr mmmm"))
    return rows


SATURATION = [
    # sh = 1 with amount 0 is the 16-bit pair, a row of its own.
    Encoding("ssat", "saturation", "11110 0 1100 k 0 nnnn 0 iii dddd ii 0 wwwww", "k == 0 or i != 0"),
    Encoding("usat", "saturation", "11110 0 1110 k 0 nnnn 0 iii dddd ii 0 wwwww", "k == 0 or i != 0"),
    Encoding("ssat16", "saturation", "11110 0 110010 nnnn 0000 dddd 0000 wwww"),
    Encoding("usat16", "saturation", "11110 0 111010 nnnn 0000 dddd 0000 wwww"),
    Encoding("qadd", "saturation", "11111010 1000 nnnn 1111 dddd 1000 mmmm"),
    Encoding("qdadd", "saturation", "11111010 1000 nnnn 1111 dddd 1001 mmmm"),
    Encoding("qsub", "saturation", "11111010 1000 nnnn 1111 dddd 1010 mmmm"),
    Encoding("qdsub", "saturation", "11111010 1000 nnnn 1111 dddd 1011 mmmm"),
]

PACK = [
    Encoding("pkh", "pack", "11101010 1100 nnnn 0 iii dddd ii k 0 mmmm"),
    Encoding("sel", "select", "11111010 1010 nnnn 1111 dddd 1000 mmmm"),
]


def accumulating(name: str, plain_name: str, op: str, tail: str) -> list[Encoding]:
    """A multiply whose Ra = 15 form is the one without accumulation, under its own name."""
    group = "dsp_multiply"
    return [
        Encoding(name, group, f"11111011 0{op} nnnn aaaa dddd 00{tail} mmmm"),
        Encoding(plain_name, group, f"11111011 0{op} nnnn 1111 dddd 00{tail} mmmm"),
    ]


DSP_MULTIPLY = [
    *accumulating("smla", "smul", "001", "xy"),
    *accumulating("smlad", "smuad", "010", "0x"),
    *accumulating("smlaw", "smulw", "011", "0y"),
    *accumulating("smlsd", "smusd", "100", "0x"),
    *accumulating("smmla", "smmul", "101", "0r"),
    # SMMLS has no form without Ra; Ra = 15 would be UNPREDICTABLE.
    Encoding("smmls", "dsp_multiply", "11111011 0110 nnnn aaaa dddd 000r mmmm"),
    *accumulating("usada8", "usad8", "111", "00"),
    Encoding("smlal halves", "dsp_multiply", "11111011 1100 nnnn llll hhhh 10xy mmmm", "l != h"),
    Encoding("smlald", "dsp_multiply", "11111011 1100 nnnn llll hhhh 110x mmmm", "l != h"),
    Encoding("smlsld", "dsp_multiply", "11111011 1101 nnnn llll hhhh 110x mmmm", "l != h"),
]

ENCODINGS = [*parallel_add_subtract(), *extend_and_add(), *SATURATION, *PACK, *DSP_MULTIPLY]
