"""Run a case on both sides, tell what differs, and shrink a failing case to one instruction that can be pasted.

Shrinking: the first unit after which the states differ is run alone from the oracle's state before it, and then
every register and memory word that the difference does not need is set to zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from cases import CODE_START, Case, State
from instructions import DATA_BYTES, DATA_START
from oracle_deviations import UNICORN_Q_DIFFERS, UNICORN_ROUNDS

Run = Callable[[Case], State]
NOP = bytes.fromhex("00bf")
ZERO_WORD = bytes(4)
Q = 1 << 27
RMODE = 3 << 22  # of FPSCR, 0: to nearest


def differences(expected: State, found: State, oracle: str = "unicorn") -> list[str]:
    """One line per register, flag word or memory word that differs: name, the oracle's value, ours."""
    return [
        f"{name}: {oracle} {left:#010x}, tinysim {right:#010x}"
        for name, left, right in zip(names(), values(expected), values(found), strict=True)
        if left != right
    ]


def names() -> list[str]:
    registers = [*(f"r{number}" for number in range(13)), "sp", "lr", "pc", "apsr", "fpscr"]
    singles = [f"s{number}" for number in range(32)]
    return registers + singles + [f"[{DATA_START + offset:#010x}]" for offset in range(0, DATA_BYTES, 4)]


def values(state: State) -> Iterator[int]:
    yield from (*state.registers, state.pc, state.apsr, state.fpscr, *state.singles)
    yield from (int.from_bytes(state.memory[i : i + 4], "little") for i in range(0, DATA_BYTES, 4))


def is_known(small: Case, oracle: Run, core: Run) -> bool:
    """A shrunk case that differs only as oracle_deviations says, alone or within a longer unit: the oracle is wrong."""
    unit = small.names[-1]
    if any(row in unit for row in UNICORN_ROUNDS):
        nearest = replace(small, fpscr=small.fpscr & ~RMODE)
        return nearest != small and oracle(nearest) == core(nearest)
    if not UNICORN_Q_DIFFERS & set(unit.split()):
        return False
    expected, found = oracle(small), core(small)
    return expected.apsr ^ found.apsr == Q and replace(found, apsr=expected.apsr) == expected


def shrink(case: Case, oracle: Run, core: Run) -> Case:
    """The smallest case found that still differs."""
    for number in range(1, len(case.boundaries)):
        prefix = cut(case, case.boundaries[number])
        if len(case.boundaries) == 2 or oracle(prefix) != core(prefix):
            return zeroed(alone(case, number, oracle, core), oracle, core)
    return case


def cut(case: Case, length: int) -> Case:
    return replace(case, code=case.code[:length])


def alone(case: Case, number: int, oracle: Run, core: Run) -> Case:
    """The unit that ends at boundary `number`, started from the state before it; the prefix if that agrees."""
    start, end = case.boundaries[number - 1], case.boundaries[number]
    before = oracle(cut(case, start)) if start else None
    code = case.code[start:end]
    if (CODE_START + start) % 4:
        code = NOP + code
    single = replace(case, code=code, boundaries=(0, len(code)), names=(case.names[number - 1],))
    if before is not None:
        single = replace(
            single, registers=before.registers, apsr=before.apsr, fpscr=before.fpscr,
            singles=before.singles, memory=before.memory,
        )  # fmt: skip
    return single if oracle(single) != core(single) else cut(case, end)


def zeroed(case: Case, oracle: Run, core: Run) -> Case:
    """The case with zero wherever the value does not matter for the difference."""
    for candidate in simplifications(case):
        trial = candidate(case)
        if trial != case and differs(trial, oracle, core):
            case = trial
    return case


def differs(case: Case, oracle: Run, core: Run) -> bool:
    try:
        return oracle(case) != core(case)
    except Exception:  # a case that an engine refuses is no simpler case of this difference
        return False


def simplifications(case: Case) -> Iterator[Callable[[Case], Case]]:
    yield lambda old: replace(old, memory=bytes(DATA_BYTES))
    yield lambda old: replace(old, singles=(0,) * 32)
    yield lambda old: replace(old, fpscr=0)
    yield lambda old: replace(old, apsr=0)
    for i in range(15):
        yield lambda old, i=i: replace(old, registers=with_zero(old.registers, i))  # type: ignore[misc]
    for i in range(32):
        yield lambda old, i=i: replace(old, singles=with_zero(old.singles, i))  # type: ignore[misc]
    for i in range(0, DATA_BYTES, 4):
        yield lambda old, i=i: replace(old, memory=old.memory[:i] + ZERO_WORD + old.memory[i + 4 :])  # type: ignore[misc]


def with_zero(old: tuple[int, ...], index: int) -> tuple[int, ...]:
    return (*old[:index], 0, *old[index + 1 :])


def as_source(case: Case) -> str:
    """The case as text for regressions.py."""
    parts = [f'code=bytes.fromhex("{case.code.hex()}")', f"names={case.names!r}"]
    if any(case.registers):
        parts.append(f"registers=({', '.join(hex(value) for value in case.registers)})")
    parts += [f"{name}={value:#x}" for name, value in (("apsr", case.apsr), ("fpscr", case.fpscr)) if value]
    if any(case.singles):
        parts.append(f"singles=numbered(32, {sparse(case.singles)})")
    if any(case.memory):
        words = tuple(int.from_bytes(case.memory[i : i + 4], "little") for i in range(0, DATA_BYTES, 4))
        parts.append(f"memory=memory_words({sparse(words)})")
    if case.branches:
        parts.append("branches=True")
    return "Case(" + ", ".join(parts) + "),"


def sparse(numbers: tuple[int, ...]) -> str:
    return "{" + ", ".join(f"{i}: {value:#x}" for i, value in enumerate(numbers) if value) + "}"


def report(case: Case, oracle: Run, core: Run) -> str:
    """What the test prints: the instruction, the differences, and the line to paste."""
    lines = [f"{case.names[-1]}: {case.code.hex()}", *differences(oracle(case), core(case))]
    return "\n".join([*lines, "", "paste into regressions.py:", as_source(case)])
