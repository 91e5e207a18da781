"""`cpu`: registers, single steps, counts. Halting one CPU while time passes is not modelled."""

from __future__ import annotations

from collections.abc import Callable

from tinysim.monitor.errors import MonitorError, unknown
from tinysim.monitor.methods import methods
from tinysim.monitor.target import Target
from tinysim.monitor.values import integer, register
from tinysim.units import HERTZ_PER_MEGAHERTZ, NANOSECONDS_PER_SECOND

_NAMES = (*(f"R{number}" for number in range(13)), "SP", "LR", "PC", "XPSR")
SP, LR, PC, XPSR = 13, 14, 15, 16
_INDEX = {name: index for index, name in enumerate(_NAMES)} | {"R13": SP, "R14": LR, "R15": PC, "CPSR": XPSR}
FARTHEST_STEP_NS = 3600 * NANOSECONDS_PER_SECOND
ADDRESS_BYTES = 8
MOST_STEPS = 10_000_000
EXECUTION_MODES = ("Continuous", "SingleStep", "SingleStepBlocking")


def _get(here: Target, index: int) -> int:
    port = here.machine.engine.debug()
    try:
        return port.registers()[index]
    finally:
        port.close()


def _check(value: int) -> None:
    if not 0 <= value < 1 << 32:
        raise MonitorError(f"0x{value:X} does not fit into a register", remedy="give 0x0 to 0xFFFFFFFF")


def _set(here: Target, index: int, value: int) -> None:
    _check(value)
    port = here.machine.engine.debug()
    try:
        port.set_register(index, value & ~1 if index == PC else value)
    finally:
        port.close()


def _property(index: int) -> Callable[..., str | None]:
    def get_or_set(here: Target, value: int | None = None) -> str | None:
        """A register; with a value: set it."""
        if value is None:
            return register(_get(here, index))
        _set(here, index, value)
        return None

    return get_or_set


def _index(which: int | str) -> int:
    if isinstance(which, int):
        if not 0 <= which <= XPSR:
            raise MonitorError(f"Wrong register index: {which}", remedy="0 to 15 are R0 to PC, 16 is xPSR")
        return which
    if which.upper() not in _INDEX:
        raise unknown(f"Wrong register name: {which}", which.upper(), _INDEX, "R0 to R12, SP, LR, PC, XPSR")
    return _INDEX[which.upper()]


def get_register(here: Target, register_id: int | str) -> str:
    """A register by number or name."""
    return register(_get(here, _index(register_id)))


def set_register(here: Target, register_id: int | str, value: int) -> None:
    """Set a register by number or name."""
    _set(here, _index(register_id), value)


def get_registers_values(here: Target) -> str:
    """All registers as a table."""
    rows = [("Name", "Index", "Value")]
    rows += [(name, str(index), f"0x{_get(here, index):X}") for index, name in enumerate(_NAMES)]
    rule = "-" * 34
    body = [f"| {name:<9} | {index:<5} | {value:<10} |" for name, index, value in rows]
    return "\n".join([rule, body[0], rule, *body[1:], rule])


def step(here: Target, count: int = 1) -> str:
    """Run single instructions; the address of the next one. Asleep, time passes until something wakes the CPU."""
    if not 0 < count <= MOST_STEPS:
        raise MonitorError(f"cannot step {count} instructions", remedy=f"give 1 to {MOST_STEPS}")
    engine = here.machine.engine
    port = engine.debug()
    try:
        for _ in range(count):
            reason = port.step(engine.time_ns() + FARTHEST_STEP_NS)
            if reason != "step":
                raise MonitorError(f"the CPU did not step: {reason}", remedy="nothing will wake it, or it has faulted")
        return integer(port.registers()[PC], ADDRESS_BYTES)
    finally:
        port.close()


def execution_mode(here: Target, mode: str | None = None) -> str | None:
    """Continuous or SingleStep: in the latter time passes by Step alone."""
    if mode is None:
        return here.session.execution_mode(here.machine)
    if mode not in EXECUTION_MODES:
        raise unknown(f"there is no execution mode {mode}", mode, EXECUTION_MODES, " or ".join(EXECUTION_MODES))
    here.session.set_execution_mode(here.machine, mode)
    return None


def executed_instructions(here: Target) -> str:
    """Instructions since power-on."""
    return integer(here.machine.engine.counters()["cpu.instructions"], ADDRESS_BYTES)


def is_halted(here: Target, value: bool | None = None) -> str | None:
    """Whether it has stopped for good, by a fault or lock-up; to halt a CPU while time goes on is refused."""
    if value is None:
        return str(here.machine.has_faulted)
    if value:
        raise MonitorError("tinysim does not halt a CPU while time goes on", remedy="use pause")
    return None


def performance_in_mips(here: Target, value: int | None = None) -> str | None:
    """The CPU's clock now, in MHz; setting it has no effect, for the clock tree and the cycle model decide."""
    if value is None:
        return integer(here.machine.engine.clock_hz // HERTZ_PER_MEGAHERTZ)
    here.session.note(f"{here.name}: PerformanceInMips has no effect: the clock tree and the cycle model decide")
    return None


def vector_table_offset(here: Target, value: int) -> None:
    """Start from this vector table; before the machine runs."""
    from tinysim.firmware import Firmware

    _check(value)
    if here.machine.cycles:
        raise MonitorError(f"{here.name} has run already", remedy="set the vector table before")
    in_memory = Firmware("memory", "", (), vector_table_address=value)
    here.do(lambda machine: machine.engine.load(in_memory))


CPU_METHODS = methods(
    PC=_property(PC), SP=_property(SP), LR=_property(LR), GetRegister=get_register, SetRegister=set_register,
    GetRegisterUnsafe=get_register, SetRegisterUnsafe=set_register, GetRegistersValues=get_registers_values,
    Step=step, ExecutionMode=execution_mode, ExecutedInstructions=executed_instructions, IsHalted=is_halted,
    PerformanceInMips=performance_in_mips, VectorTableOffset=vector_table_offset,
)  # fmt: skip
