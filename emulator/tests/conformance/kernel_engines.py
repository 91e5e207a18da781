"""One int8 layer on firmware/lib/nn, two ways: portable C built for the host, and the ARM build inside Unicorn.

Layers come from models.tap.graph.read_layers, whose fields are those of nn_layer in firmware/lib/nn.h.
"""

from __future__ import annotations

import ctypes
import importlib
import struct
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
from elftools.elf.elffile import ELFFile
from numpy.typing import NDArray

Int8Array = NDArray[np.int8]

FIRMWARE = Path(__file__).parents[3] / "firmware"
KINDS = (
    "CONV_2D",
    "DEPTHWISE_CONV_2D",
    "FULLY_CONNECTED",
    "AVERAGE_POOL_2D",
    "MAX_POOL_2D",
    "SOFTMAX",
)
SOURCES = ("nn_reference.c", "nn_pool.c", "nn_softmax.c", "nn.c")

RAM, RAM_BYTES = 0x2000_0000, 0x40000
LAYER_AT, TABLES_AT, INPUT_AT, OUTPUT_AT = (
    RAM + 0x20000,
    RAM + 0x21000,
    RAM + 0x30000,
    RAM + 0x34000,
)
STOP_AT, STACK_AT = 0x0010_0000, RAM + RAM_BYTES


def shorts(layer: Any) -> list[int]:
    """The twelve int16 of nn_layer in order: two shapes, filter, stride, padding."""
    return [
        *layer.input.layer_shape,
        *layer.output.layer_shape,
        *layer.filter,
        *layer.stride,
        *layer.pad,
    ]


def tables(layer: Any) -> list[bytes]:
    """Weights, bias, multiplier and shift as little-endian bytes; empty where the layer has none."""
    weights = b"" if layer.weights is None else layer.weights.astype(np.int8).tobytes()
    bias = b"" if layer.bias is None else layer.bias.astype("<i4").tobytes()
    return [
        weights,
        bias,
        np.array(layer.multiplier, "<i4").tobytes(),
        np.array(layer.shift, np.int8).tobytes(),
    ]


class LayerStruct(ctypes.Structure):
    """nn_layer as the host's C compiler lays it out."""

    _fields_ = [
        ("kind", ctypes.c_int),
        ("shorts", ctypes.c_int16 * 12),
        ("input_zero_point", ctypes.c_int32),
        ("output_zero_point", ctypes.c_int32),
        ("activation_min", ctypes.c_int8),
        ("activation_max", ctypes.c_int8),
        ("tables", ctypes.c_char_p * 4),
        ("softmax_multiplier", ctypes.c_int32),
        ("softmax_shift", ctypes.c_int8),
        ("softmax_diff_min", ctypes.c_int32),
    ]


class HostKernels:
    """nn_reference.c as a shared library of this machine, built into a folder with `cc`."""

    def __init__(self, folder: Path) -> None:
        library = folder / "nn.so"
        sources = [str(FIRMWARE / "lib" / name) for name in SOURCES]
        flags = ["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", f"-I{FIRMWARE}"]
        subprocess.run(["cc", *flags, "-o", str(library), *sources], check=True)
        self._library = ctypes.CDLL(str(library))

    def run(self, layer: Any, values: Int8Array) -> Int8Array:
        """Return the layer's output for flat int8 input."""
        multiplier, shift, diff_min = layer.softmax
        native = LayerStruct(
            KINDS.index(layer.kind), (ctypes.c_int16 * 12)(*shorts(layer)),
            layer.input.zero_point, layer.output.zero_point, layer.activation_min, layer.activation_max,
            (ctypes.c_char_p * 4)(*tables(layer)), multiplier, shift, diff_min,
        )  # fmt: skip
        output = np.empty(int(np.prod(layer.output.layer_shape)), np.int8)
        status = self._library.nn_layer_run_reference(
            ctypes.byref(native),
            values.ctypes.data_as(ctypes.c_void_p),
            output.ctypes.data_as(ctypes.c_void_p),
        )
        assert status == 0
        return output


class ArmKernels:
    """A function of an ARM ELF that takes (layer, input, output), run in Unicorn."""

    def __init__(self, elf: Path, function: str) -> None:
        unicorn: Any = importlib.import_module("unicorn")
        self._registers: Any = importlib.import_module("unicorn.arm_const")
        self._machine = unicorn.Uc(unicorn.UC_ARCH_ARM, unicorn.UC_MODE_THUMB)
        self._machine.ctl_set_cpu_model(self._registers.UC_CPU_ARM_CORTEX_M4)
        self._machine.mem_map(0, 0x0020_0000)
        self._machine.mem_map(RAM, RAM_BYTES)
        with elf.open("rb") as stream:
            file = ELFFile(stream)
            for segment in file.iter_segments("PT_LOAD"):
                self._machine.mem_write(segment["p_paddr"], segment.data())
            symbols: Any = file.get_section_by_name(".symtab")
            self._function = symbols.get_symbol_by_name(function)[0]["st_value"]

    def _place(self, layer: Any) -> None:
        addresses, free = [], TABLES_AT
        for table in tables(layer):
            addresses.append(free)
            self._machine.mem_write(free, table)
            free += (len(table) + 7) & ~7
        multiplier, shift, diff_min = layer.softmax
        packed = struct.pack(  # enums are one byte in this ABI
            "<Bx12h2xiibb2x4Iib3xi", KINDS.index(layer.kind), *shorts(layer), layer.input.zero_point,
            layer.output.zero_point, layer.activation_min, layer.activation_max, *addresses,
            multiplier, shift, diff_min,
        )  # fmt: skip
        self._machine.mem_write(LAYER_AT, packed)

    def run(self, layer: Any, values: Int8Array) -> Int8Array:
        """Return the layer's output for flat int8 input."""
        self._place(layer)
        self._machine.mem_write(INPUT_AT, values.tobytes())
        arguments = {
            "R0": LAYER_AT,
            "R1": INPUT_AT,
            "R2": OUTPUT_AT,
            "SP": STACK_AT,
            "LR": STOP_AT | 1,
        }
        for name, value in arguments.items():
            self._machine.reg_write(getattr(self._registers, f"UC_ARM_REG_{name}"), value)
        self._machine.emu_start(self._function | 1, STOP_AT)
        assert self._machine.reg_read(self._registers.UC_ARM_REG_R0) == 0
        size = int(np.prod(layer.output.layer_shape))
        return np.frombuffer(bytes(self._machine.mem_read(OUTPUT_AT, size)), np.int8)
