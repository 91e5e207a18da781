"""Short instruction sequences with the cycles they take on a Cortex-M4 at zero wait states, and the fact each rests on.

`code` is what arm-none-eabi-as makes of `text`; a test assembles it again where the compiler is installed. Facts
are the paragraphs of docs/timing.md. r1, r3 point to RAM that holds RAM addresses, r2 is 8, r4 100, r5 7, r6 10.
"""

from __future__ import annotations

from typing import NamedTuple


class Snippet(NamedTuple):
    """`text` assembled at an address that is a multiple of 4."""

    name: str
    text: str
    code: str
    cycles: int
    fact: str


SNIPPETS = (
    Snippet(
        "data processing takes one cycle",
        "adds r0,r0,#1; eor r0,r0,r2,lsl #3; movw r0,#1; clz r0,r0",
        "013080eac20040f20100b0fa80f0",
        4,
        "A1",
    ),
    Snippet("a load alone takes two", "ldr r0,[r1]", "0868", 2, "A1.1"),
    Snippet(
        "independent loads take n + 1",
        "ldr r0,[r1]; ldr r7,[r1,#4]; ldr r8,[r1,#8]; ldr r9,[r3]",
        "08684f68d1f80880d3f80090",
        5,
        "A1.1",
    ),
    Snippet("a load through the loaded value is not pipelined", "ldr r0,[r1]; ldr r7,[r0]", "08680768", 4, "A1.1"),
    Snippet("a store behind a load hides its bubble", "ldr r0,[r1]; str r2,[r3,#4]", "08685a60", 2, "A1.1"),
    Snippet("a store behind an indexed load does not", "ldr r0,[r1,r2]; str r0,[r3,#20]", "88585861", 3, "A1.1"),
    Snippet("a load behind a store pays both", "str r2,[r3]; ldr r0,[r1]", "1a600868", 3, "A1.1"),
    Snippet("a store with a register offset takes two", "str r2,[r1,r2]", "8a50", 2, "A1"),
    Snippet("a base made one instruction before stalls", "add r1,r1,#4; ldr r0,[r1]", "01f104010868", 4, "A1.1"),
    Snippet(
        "data made one instruction before does not stall a store",
        "add r0,r2,#4; str r0,[r3]",
        "02f104001860",
        2,
        "A1.1",
    ),
    Snippet(
        "post-indexed loads on one base do not chain", "ldr r0,[r1],#4; ldr r7,[r1],#4", "51f8040b51f8047b", 4, "A1.1"
    ),
    Snippet("LDM takes 1 + N", "ldmia r1!,{r7,r8,r9,r10}", "b1e88007", 5, "A1"),
    Snippet("PUSH takes 1 + N", "push {r4,r5,r6,r7,lr}", "f0b5", 6, "A1"),
    Snippet("LDRD takes three", "ldrd r7,r8,[r1]", "d1e90078", 3, "A1"),
    Snippet("a halfword-aligned word load takes one more", "ldr r0,[r1,#2]", "d1f80200", 3, "A1.5"),
    Snippet("a byte-aligned word load takes two more", "ldr r0,[r1,#1]", "d1f80100", 4, "A1.5"),
    Snippet("a taken branch takes two", "b 1f; nop; 1: nop", "00e000bf00bf", 3, "A1"),
    Snippet(
        "a branch to a misaligned wide instruction takes three",
        "b 1f; nop; nop; 1: add.w r0,r0,r2",
        "01e000bf00bf00eb0200",
        4,
        "A1.2",
    ),
    Snippet("a branch not taken takes one", "cmp r2,r2; bne 1f; 1: nop", "9242ffd100bf", 3, "A1"),
    Snippet("CBZ not taken takes one", "cbz r2,1f; 1: nop", "00bf00bf", 2, "A1"),
    Snippet("a counted loop", "1: subs r6,r6,#1; bne 1b", "013efdd1", 10 + 9 * 2 + 1, "A1"),
    Snippet("BL and BX LR", "bl 1f; b 2f; 1: bx lr; 2: nop", "00f001f800e0704700bf", 2 + 3 + 2 + 1, "A1"),
    Snippet(
        "IT behind a 16-bit instruction of its word is folded", "cmp r2,r2; it eq; moveq r0,r2", "924208bf1046", 2, "A1"
    ),
    Snippet("IT at the start of a word is not", "cmp r2,r2; nop; it eq; moveq r0,r2", "924200bf08bf1046", 4, "A1"),
    Snippet(
        "an instruction that fails its condition takes one", "cmp r2,r2; it ne; ldrne r0,[r1]", "924218bf0868", 2, "A1"
    ),
    Snippet(
        "multiplies take one", "mul r0,r2,r2; smull r0,r7,r2,r2; smlad r0,r2,r2,r2", "02fb02f082fb020722fb0220", 3, "A1"
    ),
    Snippet("UDIV by the quotient's bits", "udiv r0,r4,r5", "b4fbf5f0", 4 + 2, "A1.4"),
    Snippet("UDIV with a quotient below two", "udiv r0,r5,r4", "b5fbf4f0", 2, "A1.4"),
    Snippet(
        "VADD takes one, its result one more at once",
        "vadd.f32 s0,s1,s2; vadd.f32 s3,s0,s1",
        "30ee810a70ee201a",
        3,
        "A1.3",
    ),
    Snippet("VMLA takes three", "vmla.f32 s0,s1,s2", "00ee810a", 3, "A1.3"),
    Snippet(
        "VSQRT waits for VDIV and goes on alone",
        "vdiv.f32 s0,s1,s2; vsqrt.f32 s3,s4",
        "80ee810af1eec21a",
        14 + 1,
        "A1.3",
    ),
    Snippet("VLDM takes 1 + N", "vldmia r1,{s0-s7}", "91ec080a", 9, "A1.3"),
    Snippet("VLDR of a double takes three", "vldr d0,[r1]", "91ed000b", 3, "A1.3"),
)
