"""Instruction tables: everything that writes PC, without exceptions (DDI 0403 A5.2.6, A5.3.4, A7.7.12 to A7.7.20).

Each runs alone and is followed for one instruction only. `target` names the register that must hold a Thumb
address before it, "memory" where the word loaded is the target, or "offset" where it is PC plus the register.
"""

from __future__ import annotations

from encoding import Access, Encoding


def branch(name: str, pattern: str, where: str = "True", **more: object) -> Encoding:
    return Encoding(name, "branch", pattern, where, alone=True, **more)  # type: ignore[arg-type]


NOT_PC = {"n": "not_pc"}
# Our choice, so that SP can hold the base of an aligned word.
SP_ALIGNED = "n != 13 or i % 4 == 0"

ENCODINGS = [
    # Conditions 14 and 15 of the conditional forms are other instructions.
    branch("b conditional", "1101 cccc iiiiiiii", "c < 14", in_it_block=False),
    branch("b", "11100 iiiiiiiiiii"),
    branch("b.w conditional", "11110 s cccc iiiiii 10 j 0 k iiiiiiiiiii", "c < 14", in_it_block=False),
    branch("b.w", "11110 s iiiiiiiiii 10 j 1 k iiiiiiiiiii"),
    branch("bl", "11110 s iiiiiiiiii 11 j 1 k iiiiiiiiiii"),
    branch("cbz", "1011 o 0 i 1 iiiii nnn", in_it_block=False),
    branch("bx", "01000111 0 mmmm 000", target="m"),
    branch("blx", "01000111 1 mmmm 000", target="m"),
    branch("mov pc", "01000110 1 mmmm 111", target="m"),
    branch("add pc", "01000100 1 mmmm 111", target="offset"),
    branch("pop pc", "1011110 1 rrrrrrrr", target="memory", access=Access("sp", alignment_bytes=4)),
    branch(
        "ldm pc", "1110100 010 w 1 nnnn 1 0 0 rrrrrrrrrrrrr", "r != 0 and (w == 0 or n >= 13 or not listed(n, r))",
        classes=NOT_PC, target="memory", access=Access("n", alignment_bytes=4),
    ),
    branch(
        "ldr pc", "11111000 1101 nnnn 1111 iiiiiiiiiiii", SP_ALIGNED, classes=NOT_PC, target="memory",
        access=Access("n", "i", alignment_bytes=4),
    ),
    branch(
        "ldr pc post-indexed", "11111000 0101 nnnn 1111 10u1 iiiiiiii", SP_ALIGNED, classes=NOT_PC, target="memory",
        access=Access("n", alignment_bytes=4),
    ),
    branch(
        "ldr pc register", "11111000 0101 nnnn 1111 000000 kk mmmm", "n != m", classes=NOT_PC, target="memory",
        access=Access("n", index="m", scale="k", alignment_bytes=4),
    ),
    branch("tbb", "11101000 1101 nnnn 1111 0000 0000 mmmm", "n != m", access=Access("n", index="m")),
    branch("tbb pc", "11101000 1101 1111 1111 0000 0000 mmmm", access=Access("pc", index="m")),
    branch("tbh pc", "11101000 1101 1111 1111 0000 0001 mmmm", access=Access("pc", index="m", scale="1")),
    branch("tbh", "11101000 1101 nnnn 1111 0000 0001 mmmm", "n != m", access=Access("n", index="m", scale="1")),
]  # fmt: skip
