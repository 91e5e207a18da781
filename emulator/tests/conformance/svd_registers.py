"""The vendors' SVD files as pyocd ships them, flattened: what registers a peripheral has, where, and after reset."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as xml

_DEFAULT_RESET = 0
PACKAGE = "pyocd==0.46.0"
VENDOR = Path(__file__).resolve().parents[3] / "build" / "vendor"


@dataclass(frozen=True)
class Register:
    """One register; `offset` is from the peripheral's base, `fields` the mask of its named bits."""

    name: str
    offset: int
    access: str
    reset: int
    fields: int
    read_only: int = 0  # those of `fields` that software cannot write

    @property
    def readable(self) -> bool:
        return self.access != "write-only"


@lru_cache(maxsize=1)
def svd_archive() -> bytes | None:
    """The zip of SVD files of pyocd, installed or its wheel fetched into build/vendor; None when neither is there."""
    spec = find_spec("pyocd")
    folders = spec.submodule_search_locations if spec else None
    if folders:
        installed = Path(next(iter(folders))) / "debug" / "svd" / "svd_data.zip"
        return installed.read_bytes() if installed.is_file() else None
    if not list(VENDOR.glob("pyocd-*.whl")):
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(VENDOR), PACKAGE]
        subprocess.run(command, capture_output=True, check=False)
    for wheel in VENDOR.glob("pyocd-*.whl"):
        with zipfile.ZipFile(wheel) as content:
            return content.read("pyocd/debug/svd/svd_data.zip")
    return None


@lru_cache(maxsize=4)
def peripherals(svd: str = "nrf52840.svd") -> dict[str, tuple[int, tuple[Register, ...]]]:
    """Base address and registers by peripheral name. Needs the archive."""
    nodes = _nodes(svd)
    return {name: (int(_text(node, "baseAddress"), 0), _registers_of(node, nodes)) for name, node in nodes.items()}


@lru_cache(maxsize=4)
def interrupts(svd: str) -> dict[int, str]:
    """The name of each interrupt, without the _IRQ and _IRQn that some files append."""
    each = [interrupt for node in _nodes(svd).values() for interrupt in node.iter("interrupt")]
    return {int(_text(node, "value")): re.sub(r"_IRQn?$", "", _text(node, "name")) for node in each}


@lru_cache(maxsize=4)
def bit_names(svd: str, peripheral: str) -> dict[tuple[int, int], str]:
    """The field of each bit, by offset of the register and number."""
    nodes = _nodes(svd)
    return {
        (int(_text(register, "addressOffset"), 0), bit): _text(field, "name")
        for register in nodes[peripheral].iter("register")
        for field in register.iter("field")
        for bit in _bits(field)
    }


@lru_cache(maxsize=4)
def _nodes(svd: str) -> dict[str, xml.Element]:
    archive = svd_archive()
    assert archive is not None
    with zipfile.ZipFile(BytesIO(archive)) as content, content.open(svd) as file:
        root = xml.parse(file).getroot()
    return {_text(node, "name"): node for node in root.iter("peripheral")}


def _text(node: xml.Element, tag: str, otherwise: str = "") -> str:
    return node.findtext(tag) or otherwise


def _registers_of(node: xml.Element, nodes: dict[str, xml.Element]) -> tuple[Register, ...]:
    registers = node.find("registers")
    if registers is None:
        registers = nodes[node.attrib["derivedFrom"]].find("registers")
    return tuple(_walk(registers, 0, "")) if registers is not None else ()


def _walk(parent: xml.Element, offset: int, prefix: str) -> list[Register]:
    found: list[Register] = []
    for node in parent:
        if node.tag not in ("register", "cluster"):
            continue
        for index in range(int(_text(node, "dim", "1"), 0)):
            step = index * int(_text(node, "dimIncrement", "0"), 0)
            at = offset + int(_text(node, "addressOffset"), 0) + step
            name = prefix + _text(node, "name").replace("[%s]", f"[{index}]").replace("%s", str(index))
            found += _walk(node, at, f"{name}.") if node.tag == "cluster" else [_register(node, name, at)]
    return found


def _register(node: xml.Element, name: str, offset: int) -> Register:
    reset = _number(_text(node, "resetValue", str(_DEFAULT_RESET)))
    fields = list(node.iter("field"))
    read_only = [field for field in fields if _text(field, "access") == "read-only"]
    return Register(name, offset, _text(node, "access", "read-write"), reset, _mask(fields), _mask(read_only))


def _number(text: str) -> int:
    """ST writes some reset values in hexadecimal without 0x; the leading zeros tell."""
    return int(text, 16 if text.startswith("00") else 0)


def _mask(fields: list[xml.Element]) -> int:
    mask = 0
    for field in fields:
        for bit in _bits(field):
            mask |= 1 << bit
    return mask


def _bits(field: xml.Element) -> range:
    if field.find("bitOffset") is not None:
        first = int(_text(field, "bitOffset"), 0)
        return range(first, first + int(_text(field, "bitWidth", "1"), 0))
    return range(int(_text(field, "lsb"), 0), int(_text(field, "msb"), 0) + 1)
