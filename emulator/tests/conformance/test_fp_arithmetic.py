"""Single-precision arithmetic of the core (cpu/fp.h) against Unicorn: results and FPSCR, all modes.

A guest loop runs one VFP instruction over an array of cases; the same cases go through a small
shared library built here. Unicorn rounds VCVT from fixed point by FPSCR, where the manual says to
nearest: those are compared in that mode only, and checked against exact rationals in the others.
TINYSIM_LONG=1 runs a hundred times as many random cases.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

CORE = Path(__file__).resolve().parents[2] / "core"
SOURCES = [CORE / "src/cpu" / f"fp_{part}.cc" for part in ("state", "round", "slow", "convert")]
FLAGS = ["-std=c++20", "-Wall", "-Wextra", "-Werror", "-ffp-contract=off", "-I", str(CORE / "src")]
RANDOM_CASES = 1_000_000 if os.environ.get("TINYSIM_LONG") == "1" else 10_000

Words = npt.NDArray[np.uint32]

ENCODINGS = {  # Sd = S0, Sn = S1, Sm = S2
    "vadd": 0xEE300A81, "vsub": 0xEE300AC1, "vmul": 0xEE200A81, "vnmul": 0xEE200AC1,
    "vdiv": 0xEE800A81, "vsqrt": 0xEEB10AC1, "vmla": 0xEE000A81, "vmls": 0xEE000AC1,
    "vnmla": 0xEE100AC1, "vnmls": 0xEE100A81, "vfma": 0xEEA00A81, "vfms": 0xEEA00AC1,
    "vfnma": 0xEE900AC1, "vfnms": 0xEE900A81, "vcmp": 0xEEF40A41, "vcmpe": 0xEEF40AC1,
    "vcmp_zero": 0xEEF50A40, "vneg": 0xEEB10A41, "vabs": 0xEEB00AC1,
    "vcvt_s32_f32": 0xEEBD0AC1, "vcvtr_s32_f32": 0xEEBD0A41,
    "vcvt_u32_f32": 0xEEBC0AC1, "vcvtr_u32_f32": 0xEEBC0A41,
    "vcvt_f32_s32": 0xEEB80AC1, "vcvt_f32_u32": 0xEEB80A41,
    "vcvtb_f32_f16": 0xEEB20A41, "vcvtt_f32_f16": 0xEEB20AC1,
    "vcvtb_f16_f32": 0xEEB30A41, "vcvtt_f16_f32": 0xEEB30AC1,
}  # fmt: skip

EDGES = [
    0x00000000, 0x00000001, 0x00000002, 0x003FFFFF, 0x00400000, 0x007FFFFF, 0x00800000, 0x00800001,
    0x00FFFFFF, 0x01000000, 0x0D800000, 0x1FCA6691, 0x2021E58F, 0x33800000, 0x33800001, 0x34000000,
    0x38800000, 0x387FE000, 0x387FF000, 0x33000000, 0x33000001, 0x3EFFFFFF, 0x3F000000, 0x3F000001,
    0x3F7FFFFE, 0x3F7FFFFF, 0x3F800000, 0x3F800001, 0x3FC00000, 0x40200000, 0x477FE000, 0x477FEFFF,
    0x477FF000, 0x47FFE000, 0x47FFF000, 0x4B000001, 0x4B7FFFFF, 0x4EFFFFFF, 0x4F000000, 0x4F7FFFFF,
    0x4F800000, 0x5F000000, 0x7E800000, 0x7F000000, 0x7F7FFFFF, 0x7F800000, 0x7F800001, 0x7FBFE123,
    0x7FC00000, 0x7FC00ABC, 0x7FFFFFFF, 0x00007C01, 0x00007E55, 0x7C010000, 0x83FF7C00, 0x00010400,
]  # fmt: skip


@dataclass(frozen=True)
class Fixed:
    """One fixed-point form of VCVT, in place on S0."""

    to_fixed: bool
    fraction_bits: int
    is_unsigned: bool
    size_bits: int

    @property
    def encoding(self) -> int:
        immediate = self.size_bits - self.fraction_bits
        size = 0x80 if self.size_bits == 32 else 0
        place = self.to_fixed << 18 | self.is_unsigned << 16 | (immediate & 1) << 5 | immediate >> 1
        return 0xEEBA0A40 | size | place

    def __str__(self) -> str:
        letter = "u" if self.is_unsigned else "s"
        direction = "to" if self.to_fixed else "from"
        return f"{direction}_{letter}{self.size_bits}_{self.fraction_bits}"


def fixed_forms(to_fixed: bool) -> list[Fixed]:
    return [
        Fixed(to_fixed, fraction_bits, is_unsigned, size_bits)
        for size_bits in (16, 32)
        for is_unsigned in (False, True)
        for fraction_bits in (0, 1, 7, 15, 16, 31, 32)
        if size_bits - 32 < fraction_bits <= size_bits  # 32 - 0 does not fit the encoding
    ]


class FixedForm(ctypes.Structure):
    _fields_ = [
        ("fraction_bits", ctypes.c_int),
        ("is_unsigned", ctypes.c_bool),
        ("size16", ctypes.c_bool),
    ]


NO_FORM = FixedForm(0, False, False)


def compile_with(compiler: str, *arguments: str | Path) -> None:
    command = [compiler, *FLAGS, *map(str, arguments)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    compiler = shutil.which("c++") or shutil.which("g++") or shutil.which("clang++")
    if compiler is None:
        pytest.skip("needs a C++20 compiler (c++, g++ or clang++) on PATH")
    library = tmp_path_factory.mktemp("fp") / "fp_operations.so"
    wrapper = Path(__file__).with_name("fp_operations.cc")
    compile_with(compiler, "-O2", "-shared", "-fPIC", *SOURCES, wrapper, "-o", library)
    return ctypes.CDLL(str(library))


def run_on_core(core: ctypes.CDLL, name: str, form: FixedForm, cases: Words) -> Words:
    outcomes = np.zeros((len(cases), 2), np.uint32)
    count = ctypes.c_size_t(len(cases))
    arrays = (ctypes.c_void_p(cases.ctypes.data), ctypes.c_void_p(outcomes.ctypes.data))
    assert core.apply_operation(name.encode(), ctypes.byref(form), count, *arrays) == 0, name
    return outcomes


def halfwords(*encodings: int) -> bytes:
    parts = ((e >> 16, e & 0xFFFF) if e > 0xFFFF else (e,) for e in encodings)
    return b"".join(half.to_bytes(2, "little") for part in parts for half in part)


def run_on_unicorn(encoding: int, cases: Words) -> Words:
    """Rows of (FPSCR, Sd) after the instruction, for rows of (FPSCR, Sd, Sn, Sm) before it."""
    unicorn = pytest.importorskip("unicorn", reason="needs unicorn as the oracle")
    arm = pytest.importorskip("unicorn.arm_const")
    loop = halfwords(
        0xC878,  # ldmia r0!, {r3-r6}
        0xEE004A10, 0xEE005A90, 0xEE016A10,  # vmov s0, r4; vmov s1, r5; vmov s2, r6
        0xEEE13A10,  # vmsr fpscr, r3
        encoding,
        0xEE104A10, 0xEEF13A10,  # vmov r4, s0; vmrs r3, fpscr
        0xC118, 0x3A01, 0xD1ED,  # stmia r1!, {r3, r4}; subs r2, #1; bne loop
    )  # fmt: skip
    code, inputs, outputs = 0x1000, 0x1000_0000, 0x4000_0000
    guest = unicorn.Uc(unicorn.UC_ARCH_ARM, unicorn.UC_MODE_THUMB)  # MCLASS would be a Cortex-M33
    guest.ctl_set_cpu_model(arm.UC_CPU_ARM_CORTEX_M4)
    guest.mem_map(code, 0x1000)
    guest.mem_write(code, loop)
    guest.mem_map(inputs, -(-cases.nbytes // 0x1000) * 0x1000)
    guest.mem_write(inputs, cases.tobytes())
    guest.mem_map(outputs, -(-cases.nbytes // 0x1000) * 0x1000)
    for register, value in zip("012", (inputs, outputs, len(cases)), strict=True):
        guest.reg_write(getattr(arm, f"UC_ARM_REG_R{register}"), value)
    guest.emu_start(code | 1, code + len(loop))
    written = guest.mem_read(outputs, len(cases) * 8)
    return np.frombuffer(bytes(written), np.uint32).reshape(-1, 2)


def random_fpscr(generator: np.random.Generator, count: int, *, to_nearest: bool) -> Words:
    """Half in the default mode, half in any; a few with flags and NZCV already set."""
    modes = generator.integers(0, 32, count, dtype=np.uint32) << 22
    if to_nearest:
        modes &= ~np.uint32(3 << 22)
    modes *= generator.integers(0, 2, count, dtype=np.uint32)
    old = generator.integers(0, 1 << 32, count, dtype=np.uint32) & np.uint32(0xF000_009F)
    return np.asarray(modes | old * (generator.random(count) < 0.1), np.uint32)


def random_operands(generator: np.random.Generator, count: int) -> Words:
    """Bit patterns: any, near one, of limited precision, subnormal, tiny, small integers, edges."""
    word = generator.integers(0, 1 << 32, count, dtype=np.uint32)
    exponent = generator.integers(0x3A, 0x45, count, dtype=np.uint32) << 24
    edges = generator.choice(np.array(EDGES, np.uint32), count)
    kinds = [
        word,
        word & 0x80FFFFFF | exponent,
        word & 0x80FFF000 | exponent,
        word & 0x807FFFFF,
        word & 0x80FFFFFF | np.uint32(0x1F800000),
        (word & 0xFFFF).astype(np.float32).view(np.uint32),
        edges ^ (word & 0x80000000),
    ]
    return np.asarray(np.choose(generator.integers(0, len(kinds), count), kinds), np.uint32)


def products_just_below_the_minimum(generator: np.random.Generator, count: int) -> Words:
    """Pairs (n, m) whose exact product often rounds up to 2^-126."""
    left = generator.integers(1 << 23, 1 << 24, count, dtype=np.int64)
    right = (1 << 47) // left
    n = (left & 0x7FFFFF) | (64 << 23)
    m = np.where(right >> 24, 64 << 23, (right & 0x7FFFFF) | (63 << 23))
    return np.stack([n, m], axis=1).astype(np.uint32)


def make_cases(name: str, *, to_nearest: bool = False) -> Words:
    """Rows (FPSCR, Sd, Sn, Sm): all pairs of edges, near-minimum products, random ones."""
    generator = np.random.default_rng(list(name.encode()))
    signed = np.array(EDGES + [edge ^ 0x80000000 for edge in EDGES], np.uint32)
    pairs = np.stack(np.meshgrid(signed, signed), axis=-1).reshape(-1, 2)
    tiny = products_just_below_the_minimum(generator, 2000)
    random = random_operands(generator, 2 * RANDOM_CASES).reshape(-1, 2)
    nm = np.concatenate([pairs, tiny, random])
    d = random_operands(generator, len(nm))
    fpscr = random_fpscr(generator, len(nm), to_nearest=to_nearest)
    return np.ascontiguousarray(np.column_stack([fpscr, d, nm]), np.uint32)


def expect_equal(name: str, cases: Words, got: Words, wanted: Words) -> None:
    differing = np.flatnonzero((got != wanted).any(axis=1))
    first = [
        f"{name} FPSCR {c[0]:08X} d {c[1]:08X} n {c[2]:08X} m {c[3]:08X}:"
        f" FPSCR {g[0]:08X} result {g[1]:08X}, expected {w[0]:08X} and {w[1]:08X}"
        for c, g, w in ((cases[i], got[i], wanted[i]) for i in differing[:10])
    ]
    assert not first, f"{len(differing)} of {len(cases)} differ\n" + "\n".join(first)


def exact_from_fixed(form: Fixed, fpscr: int, operand: int) -> tuple[int, int]:
    """(FPSCR, single) of VCVT from fixed point: the manual's FixedToFP, to nearest even."""
    value = operand % (1 << form.size_bits)
    if not form.is_unsigned and value >> (form.size_bits - 1):
        value -= 1 << form.size_bits
    if value == 0:
        return fpscr, 0
    exponent = abs(value).bit_length() - 1
    scaled = Fraction(abs(value)) / Fraction(2) ** (exponent - 23)
    significand = round(scaled)  # Python rounds fractions half to even
    inexact = 0x10 if significand != scaled else 0
    magnitude = ((exponent - form.fraction_bits + 126) << 23) + significand
    return fpscr | inexact, magnitude | (0x8000_0000 if value < 0 else 0)


@pytest.mark.parametrize("name", ENCODINGS)
def test_operation_gives_the_result_and_flags_of_unicorn(core: ctypes.CDLL, name: str) -> None:
    cases = make_cases(name)
    wanted = run_on_unicorn(ENCODINGS[name], cases)
    expect_equal(name, cases, run_on_core(core, name, NO_FORM, cases), wanted)


@pytest.mark.parametrize("form", fixed_forms(to_fixed=True), ids=str)
def test_conversion_to_fixed_point_is_unicorns(core: ctypes.CDLL, form: Fixed) -> None:
    cases = make_cases(str(form))
    native = FixedForm(form.fraction_bits, form.is_unsigned, form.size_bits == 16)
    got = run_on_core(core, "to_fixed", native, cases)
    expect_equal(str(form), cases, got, run_on_unicorn(form.encoding, cases))


@pytest.mark.parametrize("form", fixed_forms(to_fixed=False), ids=str)
def test_conversion_from_fixed_point_is_unicorns_to_nearest(core: ctypes.CDLL, form: Fixed) -> None:
    cases = make_cases(str(form), to_nearest=True)
    native = FixedForm(form.fraction_bits, form.is_unsigned, form.size_bits == 16)
    got = run_on_core(core, "from_fixed", native, cases)
    expect_equal(str(form), cases, got, run_on_unicorn(form.encoding, cases))


@pytest.mark.parametrize("form", fixed_forms(to_fixed=False), ids=str)
def test_conversion_from_fixed_point_rounds_to_nearest_in_every_mode(core: ctypes.CDLL, form: Fixed) -> None:
    cases = make_cases(str(form))[::16].copy()
    native = FixedForm(form.fraction_bits, form.is_unsigned, form.size_bits == 16)
    got = run_on_core(core, "from_fixed", native, cases)
    exact = [exact_from_fixed(form, int(case[0]), int(case[1])) for case in cases]
    expect_equal(str(form), cases, got, np.array(exact, np.uint32))


def test_every_vmov_immediate_expands_as_in_unicorn(core: ctypes.CDLL) -> None:
    core.expand_vmov_immediate.restype = ctypes.c_uint32
    case = np.zeros((1, 4), np.uint32)
    for imm8 in range(256):
        encoding = 0xEEB00A00 | (imm8 >> 4) << 16 | imm8 & 0xF
        wanted = int(run_on_unicorn(encoding, case)[0, 1])
        assert core.expand_vmov_immediate(ctypes.c_uint8(imm8)) == wanted, hex(imm8)


@pytest.mark.parametrize("options", ["-O0", "-O3", "-O3 -DTINYSIM_HOST_FLOAT=0"])
@pytest.mark.parametrize("compiler", ["g++", "clang++"])
def test_fast_and_slow_paths_agree(compiler: str, options: str, tmp_path: Path) -> None:
    if shutil.which(compiler) is None:
        pytest.skip(f"needs {compiler} on PATH")
    program = tmp_path / "test_fp"
    compile_with(compiler, *options.split(), *SOURCES, CORE / "tests/test_fp.cc", "-o", program)
    command = [str(program), str(20 * RANDOM_CASES)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
