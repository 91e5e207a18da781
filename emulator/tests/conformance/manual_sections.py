"""The sections of chapter A7.7 in order, so that a title has its number in DDI 0403E.e: the first is A7.7.1.

Alphabetical, and checked at some thirty numbers that others cite; other issues of the manual have a few sections less.
"""

from __future__ import annotations

SECTIONS = """
ADC (immediate); ADC (register); ADD (immediate); ADD (register); ADD (SP plus immediate); ADD (SP plus register); ADR;
AND (immediate); AND (register); ASR (immediate); ASR (register); B; BFC; BFI; BIC (immediate); BIC (register); BKPT;
BL; BLX (register); BX; CBNZ, CBZ; CDP, CDP2; CLREX; CLZ; CMN (immediate); CMN (register); CMP (immediate);
CMP (register); CPS; CPY; CSDB; DBG; DMB; DSB; EOR (immediate); EOR (register); ISB; IT; LDC, LDC2 (immediate);
LDC, LDC2 (literal); LDM, LDMIA, LDMFD; LDMDB, LDMEA; LDR (immediate); LDR (literal); LDR (register);
LDRB (immediate); LDRB (literal); LDRB (register); LDRBT; LDRD (immediate); LDRD (literal); LDREX; LDREXB; LDREXH;
LDRH (immediate); LDRH (literal); LDRH (register); LDRHT; LDRSB (immediate); LDRSB (literal); LDRSB (register); LDRSBT;
LDRSH (immediate); LDRSH (literal); LDRSH (register); LDRSHT; LDRT; LSL (immediate); LSL (register); LSR (immediate);
LSR (register); MCR, MCR2; MCRR, MCRR2; MLA; MLS; MOV (immediate); MOV (register); MOV (shifted register); MOVT;
MRC, MRC2; MRRC, MRRC2; MRS; MSR; MUL; MVN (immediate); MVN (register); NEG; NOP; ORN (immediate); ORN (register);
ORR (immediate); ORR (register); PKHBT, PKHTB; PLD (immediate); PLD (literal); PLD (register);
PLI (immediate, literal); PLI (register); POP; PSSBB; PUSH; QADD; QADD16; QADD8; QASX; QDADD; QDSUB; QSAX; QSUB;
QSUB16; QSUB8; RBIT; REV; REV16; REVSH; ROR (immediate); ROR (register); RRX; RSB (immediate); RSB (register); SADD16;
SADD8; SASX; SBC (immediate); SBC (register); SBFX; SDIV; SEL; SEV; SHADD16; SHADD8; SHASX; SHSAX; SHSUB16; SHSUB8;
SMLABB, SMLABT, SMLATB, SMLATT; SMLAD, SMLADX; SMLAL; SMLALBB, SMLALBT, SMLALTB, SMLALTT; SMLALD, SMLALDX;
SMLAWB, SMLAWT; SMLSD, SMLSDX; SMLSLD, SMLSLDX; SMMLA, SMMLAR; SMMLS, SMMLSR; SMMUL, SMMULR; SMUAD, SMUADX;
SMULBB, SMULBT, SMULTB, SMULTT; SMULL; SMULWB, SMULWT; SMUSD, SMUSDX; SSAT; SSAT16; SSAX; SSBB; SSUB16; SSUB8;
STC, STC2; STM, STMIA, STMEA; STMDB, STMFD; STR (immediate); STR (register); STRB (immediate); STRB (register); STRBT;
STRD (immediate); STREX; STREXB; STREXH; STRH (immediate); STRH (register); STRHT; STRT; SUB (immediate);
SUB (register); SUB (SP minus immediate); SUB (SP minus register); SVC; SXTAB; SXTAB16; SXTAH; SXTB; SXTB16; SXTH;
TBB, TBH; TEQ (immediate); TEQ (register); TST (immediate); TST (register); UADD16; UADD8; UASX; UBFX; UDF; UDIV;
UHADD16; UHADD8; UHASX; UHSAX; UHSUB16; UHSUB8; UMAAL; UMLAL; UMULL; UQADD16; UQADD8; UQASX; UQSAX; UQSUB16; UQSUB8;
USAD8; USADA8; USAT; USAT16; USAX; USUB16; USUB8; UXTAB; UXTAB16; UXTAH; UXTB; UXTB16; UXTH; VABS; VADD; VCMP, VCMPE;
VCVT, VCVTR (floating-point, integer); VCVT (floating-point, fixed-point); VCVT (double, single);
VCVTA, VCVTN, VCVTP, VCVTM; VCVTB, VCVTT; VDIV; VFMA, VFMS; VFNMA, VFNMS; VLDM; VLDR; VMAXNM, VMINNM;
VMLA, VMLS; VMOV (immediate); VMOV (register); VMOV (core register to scalar); VMOV (scalar to core register);
VMOV (core register, single); VMOV (two core registers, two singles); VMOV (two core registers, double); VMRS; VMSR;
VMUL; VNEG; VNMLA, VNMLS, VNMUL; VPOP; VPUSH; VRINTA, VRINTN, VRINTP, VRINTM; VRINTX; VRINTZ, VRINTR; VSEL; VSQRT;
VSTM; VSTR; VSUB; WFE; WFI; YIELD
"""
NUMBERS = {title.strip(): number for number, title in enumerate(" ".join(SECTIONS.split()).split(";"), 1)}
