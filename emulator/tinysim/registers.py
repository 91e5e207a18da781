"""Register names by address from a vendor's SVD file, for the gaps of a record."""

from __future__ import annotations

from pathlib import Path

from tinysim.errors import EngineMissing, InputError


def register_names(svd: Path) -> dict[int, str]:
    """Word address -> "PERIPHERAL.REGISTER". Raises InputError when the file is no SVD."""
    try:
        from cmsis_svd.parser import SVDParser
    except ImportError:
        raise EngineMissing("reading SVD files needs cmsis-svd: pip install 'tinysim[svd]'") from None
    if not svd.is_file():
        raise InputError("the SVD file is missing", svd, remedy="check --svd")
    try:
        device = SVDParser.for_xml_file(str(svd)).get_device()
    except Exception as error:  # the parser raises whatever its XML library does
        raise InputError(f"is no SVD file ({type(error).__name__})", svd, remedy="name the vendor's .svd") from None
    names: dict[int, str] = {}
    for peripheral in device.get_peripherals():
        for register in peripheral.get_registers():
            address = peripheral.base_address + register.address_offset
            names.setdefault(address & ~3, f"{peripheral.name}.{register.name}")
    return names
