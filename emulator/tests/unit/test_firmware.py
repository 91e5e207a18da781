from __future__ import annotations

import random
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from tinysim.errors import InputError
from tinysim.firmware import Firmware, MemoryRange, Segment, Symbol, load_firmware, split_address

GCC = shutil.which("arm-none-eabi-gcc")
needs_gcc = pytest.mark.skipif(GCC is None, reason="arm-none-eabi-gcc is not installed")

FLASH = MemoryRange("flash", 0x0000_0000, 0x10_0000)
RAM = MemoryRange("ram", 0x2000_0000, 0x4_0000)
RESET = 0x10
IMAGE = struct.pack("<II", 0x2004_0000, RESET | 1) + bytes(8) + b"\x00\xbf\xfe\xe7"

SOURCE = """
int add(int a, int b)
{
    return a + b;
}
volatile int counter = 7;
int dropped_by_the_linker(int a) { return a * 3; }
void Reset_Handler(void) { for (;;) counter = add(counter, 1); }
__attribute__((section(".isr_vector"), used))
void (*const vectors[])(void) = {(void (*)(void))0x20040000, Reset_Handler};
"""
LINKER_SCRIPT = """
MEMORY { FLASH (rx) : ORIGIN = 0, LENGTH = 1M  RAM (rwx) : ORIGIN = 0x20000000, LENGTH = 256K }
ENTRY(Reset_Handler)
SECTIONS { .isr_vector : { KEEP(*(.isr_vector)) } > FLASH
           .text : { *(.text*) } > FLASH
           .data : { *(.data*) } > RAM AT > FLASH }
"""


def elf(
    machine: int = 40, *, bits: int = 1, order: int = 1, payload: bytes = IMAGE, cut: int = 0, kind: int = 1
) -> bytes:
    """A minimal ELF32 with one segment of type `kind` (1 is PT_LOAD)."""
    prefix = "<" if order == 1 else ">"
    identity = b"\x7fELF" + bytes([bits, order, 1]) + bytes(9)
    header = struct.pack(f"{prefix}HHIIIIIHHHHHH", 2, machine, 1, RESET | 1, 52, 0, 0x0500_0000, 52, 32, 1, 40, 0, 0)
    segment = struct.pack(f"{prefix}IIIIIIII", kind, 84, 0, 0, len(payload), len(payload), 5, 4)
    whole = identity + header + segment + payload
    return whole[: len(whole) - cut]


def written(folder: Path, content: bytes, name: str = "fw.elf") -> Path:
    (folder / name).write_bytes(content)
    return folder / name


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("firmware")
    (folder / "demo.c").write_text(SOURCE)
    (folder / "demo.ld").write_text(LINKER_SCRIPT)
    flags = "-g -O1 -fno-inline -ffunction-sections -Wl,--gc-sections -mcpu=cortex-m4 -mthumb -nostdlib -T demo.ld"
    subprocess.run([str(GCC), *flags.split(), "demo.c", "-o", "demo.elf"], cwd=folder, check=True)
    return folder / "demo.elf"


@needs_gcc
def test_an_elf_gives_segments_at_load_addresses_and_its_symbols(built: Path) -> None:
    firmware = load_firmware(built)
    assert firmware.name == "demo.elf"
    assert firmware.vector_table_address == 0
    assert firmware.entry == firmware.symbol("Reset_Handler")
    assert firmware.symbol("counter") == RAM.address
    data = firmware.segments[-1]
    assert data.address < FLASH.size_bytes and data.data == (7).to_bytes(4, "little")
    assert firmware.does_not_fit([FLASH, RAM]) is None


@needs_gcc
def test_an_address_names_its_function_file_and_line(built: Path) -> None:
    firmware = load_firmware(built)
    place = firmware.locate(firmware.symbol("add") | 1)
    assert (place.function, place.file) == ("add", "demo.c")
    assert place.line in (3, 4)
    assert firmware.locate(0x1000_0000).function is None
    assert firmware.locate(0x0).file is None, "code that the linker dropped must not claim the vector table"


def test_a_hex_and_a_binary_give_the_same_image(tmp_path: Path) -> None:
    from intelhex import IntelHex  # type: ignore[import-untyped]

    image = IntelHex()
    image.frombytes(IMAGE, offset=0)
    image.write_hex_file(str(tmp_path / "fw.hex"))
    written(tmp_path, IMAGE, "fw.bin")
    from_hex = load_firmware(tmp_path / "fw.hex")
    from_binary = load_firmware(f"{tmp_path}/fw.bin@0x0")
    assert from_hex.segments == from_binary.segments == (Segment(0, IMAGE),)
    assert from_hex.entry == from_binary.entry == RESET
    assert from_hex.vector_table_address == 0


def test_an_application_behind_a_boot_loader_is_found_by_its_vectors() -> None:
    image = struct.pack("<II", 0x2004_0000, 0x1_0011) + bytes(8) + b"\x00\xbf"
    firmware = load_from(Segment(0x1000_1014, b"\xff" * 4), Segment(0x1_0000, image))
    assert firmware == (0x1_0010, 0x1_0000)


def load_from(*segments: Segment) -> tuple[int | None, int | None]:
    from tinysim.firmware import _vectors

    return _vectors(segments, None)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "is empty"),
        (b"hello", "neither an ELF nor an Intel HEX"),
        (b"\x7fELF", "damaged ELF"),
        (elf()[:40], "damaged ELF"),
        (elf()[:60], "damaged ELF|truncated"),
        (elf(cut=3), "truncated: segment 0 ends at byte 104, the file has 101"),
        (elf(machine=243), "RISC-V"),
        (elf(machine=3), "80386"),
        (elf(order=2), "big endian"),
        (elf(kind=4), "no loadable segment"),
    ],
)
def test_a_bad_elf_is_refused_with_its_reason(tmp_path: Path, content: bytes, text: str) -> None:
    with pytest.raises(InputError, match=text):
        load_firmware(written(tmp_path, content))


@needs_gcc
def test_a_damaged_elf_gives_an_image_or_an_input_error_and_nothing_else(built: Path, tmp_path: Path) -> None:
    sound, chance = built.read_bytes(), random.Random(1)
    for _ in range(300):
        damaged = bytearray(sound)
        for _ in range(3):
            damaged[chance.randrange(len(sound))] = chance.randrange(256)
        path = written(tmp_path, bytes(damaged[: chance.choice([len(sound), chance.randrange(len(sound))])]))
        try:
            firmware = load_firmware(path)
            firmware.locate(firmware.entry or 0)
        except InputError as error:
            assert "fw.elf" in str(error)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        load_firmware(tmp_path / "none.elf")
    with pytest.raises(InputError, match="is a folder"):
        load_firmware(tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (":0100000001FE\n:00000001FF\n", None),
        (":0100000001FD\n", r"line 1: the checksum is FD, the record adds up to FE"),
        (":0100000001FE\n:02000000AA\n", r"line 2: the record is 5 bytes long, its length byte asks for 7"),
        (":0100000001FE\n:zz\n", "line 2"),
        (":00000001FF\n", "no data record"),
        (":0100000001FE\n\xff", "line 2"),
    ],
)
def test_a_bad_hex_names_its_line(tmp_path: Path, text: str, message: str | None) -> None:
    path = written(tmp_path, text.encode("latin-1"), "fw.hex")
    if message is None:
        assert load_firmware(path).segments == (Segment(0, b"\x01"),)
        return
    with pytest.raises(InputError, match=message):
        load_firmware(path)


def test_an_image_outside_the_memories_names_range_and_map() -> None:
    firmware = Firmware("fw.elf", "", (Segment(0x0800_0000, bytes(16)),))
    error = firmware.does_not_fit([RAM, FLASH])
    assert str(error).startswith("fw.elf: the segment 0x08000000-0x0800000F (16 bytes) lies outside")
    assert "flash 0x00000000-0x000FFFFF, ram 0x20000000-0x2003FFFF" in str(error)


def test_an_image_may_span_memories_that_touch() -> None:
    firmware = Firmware("fw.elf", "", (Segment(0x0F00, bytes(0x200)),))
    first, second = MemoryRange("a", 0, 0x1000), MemoryRange("b", 0x1000, 0x100)
    assert firmware.does_not_fit([first, second]) is None
    assert firmware.does_not_fit([first]) is not None


def test_a_function_without_a_size_reaches_to_the_next_one() -> None:
    symbols = (Symbol("start", 0x10, 0, True), Symbol("body", 0x20, 8, True), Symbol("table", 0x12, 4, False))
    firmware = Firmware("fw.elf", "", (Segment(0, bytes(64)),), symbols)
    found = [firmware.function_at(address) for address in (0x0F, 0x1F, 0x20, 0x27, 0x28)]
    assert [one.name if one else None for one in found] == [None, "start", "body", "body", None]


def test_an_unknown_symbol_offers_near_names() -> None:
    firmware = Firmware("fw.elf", "", (), (Symbol("nn_invoke", 0x10, 4, True),))
    with pytest.raises(InputError, match=r"no symbol 'nn_invok'.*nn_invoke"):
        firmware.symbol("nn_invok")


def test_a_binary_address_is_split_off_the_name() -> None:
    assert split_address("fw.bin@0x0800_0000") == (Path("fw.bin"), 0x0800_0000)
    assert split_address("fw@home.elf") == (Path("fw@home.elf"), None)
