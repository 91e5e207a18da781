"""The GDB server's framing, register description and memory map, without an engine."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from itertools import pairwise

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinysim.cli.parameters import gdb_address
from tinysim.gdb.description import REGISTERS, target_xml
from tinysim.gdb.memory_map import areas, memory_map_xml
from tinysim.gdb.packets import Packet, PacketReader, Sign, frame, pair
from tinysim.platform import load_platform

# ---- framing ----


@given(st.lists(st.binary(max_size=40), max_size=5), st.integers(1, 7))
def test_any_payload_comes_back_whatever_the_pieces_it_arrives_in(payloads: list[bytes], piece: int) -> None:
    stream = b"".join(frame(payload) for payload in payloads)
    reader = PacketReader()
    found = [each for at in range(0, len(stream), piece) for each in reader.feed(stream[at : at + piece])]
    assert found == [Packet(payload) for payload in payloads]


@given(st.lists(st.binary(max_size=60), max_size=8))
def test_behind_any_garbage_the_next_packet_is_read(pieces: list[bytes]) -> None:
    reader = PacketReader()
    for piece in pieces:
        reader.feed(piece)
    reader.feed(b"#00")  # ends what the garbage may have begun
    assert reader.feed(frame(b"g")) == [Packet(b"g")]


def test_the_reader_tells_signs_from_packets() -> None:
    found = PacketReader().feed(b"+-x\x03$g#67$g#68$g#zz")
    assert found == [Sign.ACKNOWLEDGED, Sign.REFUSED, Sign.INTERRUPT, Packet(b"g"), Sign.DAMAGED, Sign.DAMAGED]


def test_the_interrupt_byte_inside_of_a_packet_is_data() -> None:
    assert PacketReader().feed(frame(b"X0,1:\x03")) == [Packet(b"X0,1:\x03")]


def test_a_packet_without_end_is_given_up() -> None:
    reader = PacketReader()
    assert Sign.DAMAGED in reader.feed(b"$" + b"a" * 100_000)
    assert reader.feed(frame(b"?")) == [Packet(b"?")]


@pytest.mark.parametrize("text", [b"", b"1", b"1,", b"-1,4", b"0x1,4", b"1_0,4", b" 1,4", b"ffffffff,2", b"1,4,5"])
def test_ranges_that_are_none_are_refused(text: bytes) -> None:
    with pytest.raises(ValueError):
        pair(text)


# ---- documents ----


def test_the_target_description_has_the_features_that_gdb_looks_for() -> None:
    target = ElementTree.fromstring(target_xml())
    features = {feature.get("name"): [reg.get("name") for reg in feature] for feature in target.iter("feature")}
    assert features["org.gnu.gdb.arm.m-profile"] == [*(f"r{i}" for i in range(13)), "sp", "lr", "pc", "xpsr"]
    assert features["org.gnu.gdb.arm.vfp"] == [*(f"d{i}" for i in range(16)), "fpscr"]
    assert features["org.gnu.gdb.arm.m-system"][:2] == ["msp", "psp"]
    assert [int(reg.get("regnum", "")) for reg in target.iter("reg")] == list(range(len(REGISTERS)))


def test_the_memory_map_has_flash_with_pages_and_ram_under_both_addresses() -> None:
    document = ElementTree.fromstring(memory_map_xml(load_platform("nrf52840")))
    found = {int(memory.get("start", ""), 16): memory for memory in document}
    assert found[0].attrib == {"type": "flash", "start": "0x0", "length": "0x100000"}
    assert [each.text for each in found[0]] == ["0x1000"]
    assert found[0x2000_0000].attrib == {"type": "ram", "start": "0x20000000", "length": "0x40000"}
    assert found[0x0080_0000].get("type") == "ram"
    assert found[0x1000_1000].get("type") == "flash"  # UICR


def test_no_two_areas_of_the_memory_map_overlap() -> None:
    ordered = sorted(areas(load_platform("nrf52840")), key=lambda area: area.start)
    for before, after in pairwise(ordered):
        assert before.start + before.size <= after.start


# ---- the option ----


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3333", ("127.0.0.1", 3333)),
        (":3333", ("127.0.0.1", 3333)),
        ("0.0.0.0:1", ("0.0.0.0", 1)),
        ("[::1]:3333", ("::1", 3333)),
    ],
)
def test_the_address_is_this_machine_unless_a_host_is_named(text: str, expected: tuple[str, int]) -> None:
    assert gdb_address(text) == expected


@pytest.mark.parametrize("text", ["", ":", "host", "host:", "3333x", "65536", "-1", "²"])
def test_an_address_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="PORT"):
        gdb_address(text)
