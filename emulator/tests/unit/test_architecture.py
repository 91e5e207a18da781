"""Who may know whom (docs/architecture.md, 3), and how large files and functions may be. Held by reading the sources.

Imports that only a type checker sees (`if TYPE_CHECKING:`) are free: they bind nothing at run time.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "emulator" / "tinysim"
CORE = ROOT / "emulator" / "core"

# ---- Python: package or module of tinysim -> those it may import. `errors` and `__init__` are open to all. ----

READS_FIRMWARE = {"firmware", "elf", "dwarf", "intel_hex"}
MAY_IMPORT: dict[str, set[str]] = {
    "__init__": {"machine"},
    "errors": set(),
    "units": set(),
    "repl": set(),
    "platform": {"repl"},
    "firmware": READS_FIRMWARE,
    "elf": READS_FIRMWARE,
    "dwarf": READS_FIRMWARE,
    "intel_hex": READS_FIRMWARE,
    "streams": set(),
    "sensors": {"streams"},
    "record": set(),
    "registers": set(),
    "console": set(),
    "log": set(),
    "background": set(),
    "snapshot": {"console", "engines"},
    "faults": {"engines"},
    "host": {"engines"},
    "gdb": {"engines", "faults", "platform"},
    "trace": {"engines", "firmware", "platform"},
    "engines": {"_core", "platform", "repl", "firmware", "streams", "sensors", "record"},
    "manifest": {"engines", "faults", "firmware", "host", "platform", "registers", "streams"},
    "machine": {
        "engines", "platform", "firmware", "streams", "sensors", "record", "console", "registers", "snapshot",
        "gdb", "host", "manifest", "monitor", "trace",
    },
    "monitor": {"console", "firmware", "log", "platform", "repl", "sensors", "streams"},
    "emulation": {"background", "log", "machine", "platform"},
    "tape": {"engines", "firmware", "machine"},
    "last_instructions": {"tape", "engines", "analyses", "record"},
    "pytest_plugin": {"machine", "tape", "last_instructions", "firmware", "reports"},
    "analyses": {"record"},
    "reports": {"analyses", "record"},
    "robot": {"machine", "platform", "analyses", "console", "emulation", "log", "monitor", "snapshot"},
    "cli": {
        "machine", "platform", "firmware", "streams", "sensors", "record", "analyses", "reports", "trace",
        "emulation", "monitor", "robot",
    },
}  # fmt: skip
OPEN_TO_ALL = {"errors", "units", "__init__"}
KNOWS_THE_CORE = {"engines/native.py"}
PYTHON_FILES = sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def imported_modules(path: Path) -> set[str]:
    """The units of tinysim that a file imports at run time, at its top or inside a function."""
    return {module.split(".")[1] if "." in module else "__init__" for module in imported_names(path)}


def imported_names(path: Path) -> Iterator[str]:
    for node in statements(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name.split(".")[0] == "tinysim")
        elif isinstance(node, ast.ImportFrom) and node.module == "tinysim":
            submodules = {unit.stem for unit in PACKAGE.iterdir()} | {"_core"}
            yield from (f"tinysim.{each.name}" if each.name in submodules else "tinysim" for each in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tinysim."):
            yield node.module or ""


def statements(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes outside `if TYPE_CHECKING:`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            continue
        yield node
        yield from statements(node)


@pytest.mark.parametrize("path", PYTHON_FILES, ids=name_of)
def test_python_imports_follow_the_arrows(path: Path) -> None:
    unit = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    assert unit in MAY_IMPORT, f"{unit} is new: give it a row in MAY_IMPORT and a place in docs/architecture.md"
    forbidden = imported_modules(path) - MAY_IMPORT[unit] - OPEN_TO_ALL - {unit}
    assert not forbidden, f"{name_of(path)} must not know {', '.join(sorted(forbidden))}"


def test_only_the_native_engine_imports_the_core() -> None:
    assert {name_of(path) for path in PYTHON_FILES if "_core" in imported_modules(path)} == KNOWS_THE_CORE


# ---- C++: folder of core/src -> folders whose headers it may include. `tinysim` is core/include. ----

MAY_INCLUDE: dict[str, set[str]] = {
    "include": {"tinysim"},
    "sim": {"tinysim"},
    "timing": {"tinysim", "bus"},
    "bus": {"tinysim"},
    "cpu": {"tinysim", "bus", "timing", "trace"},
    "trace": {"tinysim", "bus", "cpu", "timing"},
    "parts": {"tinysim"},
    "soc": {"tinysim"},
    "machine": {"tinysim", "bus", "cpu", "timing", "soc", "parts", "trace"},
    "bind": {"tinysim", "bus", "cpu", "timing", "soc", "parts", "machine", "trace"},
}
# The timing model is fed instructions; the type registry names every device and part once; the registers of a flash
# controller are its wait states and caches.
ALSO_INCLUDES = {
    "timing/cortex_m4.h": {"cpu/insn.h"},
    "soc/registry.cc": {"parts/*"},
    # a DMA controller is a bus master
    "soc/stm32/dma.h": {"bus/matrix.h"},
    "soc/stm32/dma_copy.h": {"bus/matrix.h"},
    "soc/stm32/dma_port_state.h": {"bus/slave.h"},
    "soc/stm32/dma_channels.h": {"bus/matrix.h"},
    "soc/nrf/nvmc.h": {"timing/nrf_flash.h"},
    "soc/stm32/flash.h": {"timing/stm32_flash.h"},
    "soc/stm32/flash_f4.cc": {"timing/art.h"},
    "soc/stm32/flash_l4.cc": {"timing/l4_flash.h"},
}

# soc: file stem -> block, for blocks of several files; any other stem is a block of its own.
BLOCKS = {
    "uart": "uart", "uarte": "uart", "baud": "uart",
    "twi": "twi", "twim": "twi", "twi_bus": "twi",
    "clock_power": "clock_power", "oscillators": "clock_power",
    "flash": "flash", "flash_f4": "flash", "flash_l4": "flash",
    "dma_registers": "dma", "dma_fifo": "dma", "dma_timing": "dma", "dma_stream": "dma", "dma_ports": "dma",
    "dma_copy": "dma", "dma_events": "dma", "dma_port_state": "dma",
    "dma_channel": "dma_channels", "dma_channels_port": "dma_channels",
    "rcc_l4_clocks": "rcc_l4", "rcc_l4_plls": "rcc_l4", "rcc_l4_registers": "rcc_l4",
    "usart_v2_registers": "usart_v2", "usart_v2_modes": "usart_v2",
    "timer_base": "timer", "timer_registers": "timer", "timer_compare": "timer", "timer_outputs": "timer",
    "timer_capture": "timer", "timer_slave": "timer", "timer_requests": "timer", "timer_remap": "timer",
    "spi_registers": "spi", "spi_frames": "spi", "spi_i2s": "spi",
    "dfsdm_registers": "dfsdm", "dfsdm_conversions": "dfsdm", "dfsdm_detectors": "dfsdm", "sinc_filter": "dfsdm",
    "bit_log": "dfsdm", "sai_frames": "sai", "sai_pdm": "sai",
    "rcc_clocks": "rcc", "voltage_scale": "pwr", "rcc_plls": "rcc", "rcc_registers": "rcc", "i2c_v1_wire": "i2c_v1",
    "i2c_v1_slave": "i2c_v1", "i2c_v2_registers": "i2c_v2", "i2c_v2_wire": "i2c_v2", "i2c_v2_slave": "i2c_v2",
    "i2c_v1_smbus": "i2c_v1", "i2c_v2_smbus": "i2c_v2",
    "adc_block": "adc", "adc_common": "adc", "adc_request": "adc", "adc_l4": "adc", "adc_l4_registers": "adc",
    "adc_l4_results": "adc", "adc_l4_queue": "adc",
    "rtc_calendar": "rtc", "rtc_calibration": "rtc", "rtc_count": "rtc", "rtc_registers": "rtc", "rtc_tamper": "rtc",
}  # fmt: skip
SHARED_BY_BLOCKS = {
    "analog_outputs",
    "bit_order",
    "numbered_output",
    "peripheral",
    "prescalers",
    "easy_dma",
    "i2c_block",
    "i2c_smbus",
    "gpio_pins",
    "clock_listener",
    "clock_tree",
    "low_power",
    "oscillator",
    "sample_counts",
    "serial_line",
    "timer_count",
    "usart_bits",
    "usart_wires",
}
CPP_FILES = sorted(path for folder in ("include", "src") for path in (CORE / folder).rglob("*.[ch]*"))
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)


def place_of(path: Path) -> str:
    """`cpu/run.cc`, `machine.h`, `include/tinysim/line.h`."""
    return path.relative_to(CORE).as_posix().removeprefix("src/")


def folder_of(header: str) -> str:
    return header.split("/")[0].removesuffix(".h").removesuffix(".cc")


def includes(path: Path) -> list[str]:
    """Own headers by their full name; a bare name is one of the same folder."""
    quoted = [match[1] for match in INCLUDE.finditer(path.read_text(encoding="utf-8")) if match[1]]
    return [place_of(path.parent / name) if "/" not in name else name for name in quoted]


@pytest.mark.parametrize("path", CPP_FILES, ids=place_of)
def test_cpp_includes_follow_the_arrows(path: Path) -> None:
    place = place_of(path)
    folder = folder_of(place)
    excused = ALSO_INCLUDES.get(place, set())
    for header in includes(path):
        if header in excused or f"{folder_of(header)}/*" in excused:
            continue
        allowed = MAY_INCLUDE[folder] | {folder}
        assert folder_of(header) in allowed, f"{place} must not include {header}"


@pytest.mark.parametrize("path", sorted((CORE / "src" / "soc").glob("*/*")), ids=place_of)
def test_a_block_includes_no_other_block(path: Path) -> None:
    own = block_of(path.stem)
    for header in includes(path):
        if header.startswith("soc/"):
            stem = Path(header).stem
            assert stem in SHARED_BY_BLOCKS or block_of(stem) == own, (
                f"{place_of(path)} must not include {header}: blocks meet through lines (or add the file to BLOCKS)"
            )


def block_of(stem: str) -> str:
    return BLOCKS.get(stem, stem)


@pytest.mark.parametrize("path", CPP_FILES, ids=place_of)
def test_only_bind_knows_python(path: Path) -> None:
    system = [match[2] for match in INCLUDE.finditer(path.read_text(encoding="utf-8")) if match[2]]
    python = [name for name in system if name.startswith(("nanobind/", "Python.h", "pybind"))]
    assert not python or folder_of(place_of(path)) == "bind"


# ---- sizes ----

FILE_LINES, FUNCTION_LINES = 300, 60
EXEMPT_FILES = {
    "emulator/core/src/cpu/decode32.cc": "decode table",
    "emulator/core/src/cpu/system_control.cc": "register map of the System Control Space",
    "emulator/tinysim/repl/tables.py": "generated by emulator/tinysim/repl/make_tables.py",
    "firmware/apps/tap/tap_model.c": "generated by models.tap.export",
}
SOURCE_FOLDERS = ("emulator/tinysim", "emulator/core", "emulator/tests", "firmware", "models", "scripts", "platforms")
SUFFIXES = {".py", ".pyi", ".cc", ".h", ".c", ".repl", ".toml", ".ld"}
SOURCES = sorted(
    path
    for folder in SOURCE_FOLDERS
    for path in (ROOT / folder).rglob("*")
    if path.suffix in SUFFIXES and "build" not in path.relative_to(ROOT).parts
)


def test_files_are_short() -> None:
    lines = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8").count("\n") for path in SOURCES}
    too_long = {name: count for name, count in lines.items() if count > FILE_LINES and name not in EXEMPT_FILES}
    assert not too_long, f"split these by meaning, the limit is {FILE_LINES} lines: {too_long}"
    needless = [name for name in EXEMPT_FILES if lines.get(name, 0) <= FILE_LINES]
    assert not needless, f"no longer too long, remove from EXEMPT_FILES: {needless}"


def test_python_functions_are_short() -> None:
    too_long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name} has {length} lines"
        for path in SOURCES
        if path.suffix == ".py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    ]
    assert not too_long, too_long
