"""Instruction tables: what changes no register: NOP, SEV, DBG, barriers, preloads, unallocated hints (DDI 0403 A5.2.5,
A5.3.6 to A5.3.9). Not here: YIELD, WFE (Unicorn rejects them) and WFI; test_system_instructions.py has them.
"""

from __future__ import annotations

from encoding import Encoding

GROUP = "hint"
HINT_32 = "11110 0111010 1111 10000 000 {}"
CONTROL_32 = "11110 0111011 1111 1000 1111 {}"

PLAIN = [
    Encoding("nop", GROUP, "10111111 0000 0000"),
    Encoding("sev", GROUP, "10111111 0100 0000"),
    Encoding("unallocated hint", GROUP, "10111111 hhhh 0000", "h > 4"),
    Encoding("nop.w", GROUP, HINT_32.format("0000 0000")),
    Encoding("sev.w", GROUP, HINT_32.format("0000 0100")),
    Encoding("unallocated hint.w", GROUP, HINT_32.format("jjjjjjjj"), "4 < j < 240"),
    Encoding("dbg", GROUP, HINT_32.format("1111 oooo")),
    Encoding("dsb", GROUP, CONTROL_32.format("0100 oooo")),
    Encoding("dmb", GROUP, CONTROL_32.format("0101 oooo")),
    # Inside an IT block Unicorn forgets the block at an ISB, see oracle_deviations.UNICORN.
    Encoding("isb", GROUP, CONTROL_32.format("0110 oooo"), in_it_block=False),
]


# As Encoding wants it but for U, which the forms fill. The last two are memory hints without a name in ARMv7-M.
PRELOADS = {"pld": "11111000 U001", "pli": "11111001 U001", "pldw": "11111000 U011", "unnamed": "11111001 U011"}


def preloads() -> list[Encoding]:
    """The loads of bytes and halfwords with Rt = 15. Nothing is accessed, so any base will do."""
    rows = []
    for name, opcode in PRELOADS.items():
        forms = {
            "imm12": f"{opcode.replace('U', '1')} nnnn 1111 iiiiiiiiiiii",
            "negative": f"{opcode.replace('U', '0')} nnnn 1111 1100 iiiiiiii",
            "literal": f"{opcode.replace('U', 'j')} 1111 1111 iiiiiiiiiiii",
            "register": f"{opcode.replace('U', '0')} nnnn 1111 000000 kk mmmm",
        }
        rows += [Encoding(f"{name} {form}", GROUP, pattern, classes={"n": "not_pc"}) for form, pattern in forms.items()]
    return rows


ENCODINGS = [*PLAIN, *preloads()]
