"""The vendor's nRF52840 SVD as pyocd ships it, flattened: what registers a peripheral has, where, and after reset."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree as xml

_DEFAULT_RESET = 0


@dataclass(frozen=True)
class Register:
    """One register; `offset` is from the peripheral's base, `fields` the mask of its named bits."""

    name: str
    offset: int
    access: str
    reset: int
    fields: int

    @property
    def readable(self) -> bool:
        return self.access != "write-only"


def svd_archive() -> Path | None:
    """The zip of SVD files inside an installed pyocd; None without pyocd."""
    spec = find_spec("pyocd")
    folders = spec.submodule_search_locations if spec else None
    archive = Path(next(iter(folders))) / "debug" / "svd" / "svd_data.zip" if folders else None
    return archive if archive is not None and archive.is_file() else None


@lru_cache(maxsize=1)
def peripherals() -> dict[str, tuple[int, tuple[Register, ...]]]:
    """Base address and registers by peripheral name. Needs pyocd."""
    archive = svd_archive()
    assert archive is not None
    with zipfile.ZipFile(archive) as content, content.open("nrf52840.svd") as file:
        root = xml.parse(file).getroot()
    nodes = {_text(node, "name"): node for node in root.iter("peripheral")}
    return {name: (int(_text(node, "baseAddress"), 0), _registers_of(node, nodes)) for name, node in nodes.items()}


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
    reset = int(_text(node, "resetValue", str(_DEFAULT_RESET)), 0)
    fields = sum(1 << bit for field in node.iter("field") for bit in _bits(field))
    return Register(name, offset, _text(node, "access", "read-write"), reset, fields)


def _bits(field: xml.Element) -> range:
    return range(int(_text(field, "lsb"), 0), int(_text(field, "msb"), 0) + 1)
