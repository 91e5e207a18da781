"""Register names by address from a vendor's SVD file, for the gaps of a record."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from tinysim.errors import EngineMissing, InputError


def check_svd(svd: Path) -> None:
    """Raises before a run what would spoil its record: InputError without the file, EngineMissing without a reader."""
    if not svd.is_file():
        raise InputError("the SVD file is missing", svd, remedy="check --svd")
    if find_spec("cmsis_svd") is None:
        raise EngineMissing("reading SVD files needs cmsis-svd: pip install 'tinysim[svd]'")


def register_names(svd: Path) -> dict[int, str]:
    """Word address -> "PERIPHERAL.REGISTER". Raises as check_svd does, and InputError when the file is no SVD."""
    check_svd(svd)
    from cmsis_svd.parser import SVDParser

    try:
        device = SVDParser.for_xml_file(str(svd)).get_device()
    except Exception as error:  # the parser raises whatever its XML library does
        raise InputError(f"is no SVD file ({type(error).__name__})", svd, remedy="name the vendor's .svd") from None
    names: dict[int, str] = {}
    for peripheral in device.get_peripherals():
        for register in peripheral.get_registers():
            if peripheral.base_address is None or register.address_offset is None:
                continue
            address = peripheral.base_address + register.address_offset
            names.setdefault(address & ~3, f"{peripheral.name}.{register.name}")
    return names
