"""The GDB server on the native engine, packet by packet: what a gdb does seldom, and what it never does."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from gdb_client import BareClient
from tap_runs import FIRMWARE

from tinysim.errors import InputError
from tinysim.gdb import execution
from tinysim.gdb.packets import frame
from tinysim.machine import Machine

TIMER = FIRMWARE / "timer_ppi.elf"
RAM = 0x2000_0000
PC = 15


def board_with(firmware: Path | str, address: int | None = None) -> Machine:
    board = Machine("nrf52840")
    board.load(firmware, address=address)
    return board


def program(tmp_path: Path, *halfwords: int) -> Machine:
    """A machine that starts at 8 with these instructions."""
    path = tmp_path / "program.bin"
    path.write_bytes(struct.pack(f"<II{len(halfwords)}H", RAM + 0x1000, 9, *halfwords))
    return board_with(path, 0)


# ---- sessions ----


def test_a_client_that_acknowledges_is_answered_and_may_ask_again() -> None:
    with BareClient(board_with(TIMER), acknowledge=True) as client:
        assert client.ask(b"qC") == b"QC1"
        client.transmit(b"-")
        assert client.reply() == b"QC1"
        client.transmit(b"$qC#00" + frame(b"?"))  # the damaged one is not answered
        assert client.reply() == b"T05thread:1;"
    assert client.ended == "killed"


@pytest.mark.parametrize(("packet", "ended"), [(b"D", "detached"), (b"D;1", "detached"), (b"vKill;1", "killed")])
def test_leaving_ends_the_session_and_takes_the_breakpoints_along(packet: bytes, ended: str) -> None:
    board = board_with(TIMER)
    with BareClient(board) as client:
        assert client.ask(f"Z1,{board.symbol('line_begin'):x},2".encode()) == b"OK"
        assert client.ask(b"Z2,%x,4" % board.symbol("paces")) == b"OK"
        assert client.ask(packet) == b"OK"
    assert client.ended == ended
    assert board.run_for(0.15) == "time"


def test_a_second_session_finds_the_machine_where_the_first_one_left_it() -> None:
    board = board_with(TIMER)
    with BareClient(board, end_s=0.1) as client:
        assert client.ask(b"vCont;c") == b"W00"
    with BareClient(board, end_s=0.2) as client:
        assert client.monitor("time") == "0.100000000 s\n"
        assert client.ask(b"vCont;c") == b"W00"
    assert (client.ended, board.time, board.stop_reason) == ("time", 0.2, "time")


def test_the_interrupt_byte_stops_a_running_cpu() -> None:
    with BareClient(board_with(TIMER)) as client:
        client.transmit(frame(b"vCont;c"))
        client.transmit(b"\x03")
        assert client.reply() == b"T02thread:1;"
        assert client.ask(b"?") == b"T02thread:1;"


def test_a_taken_port_is_a_clear_error() -> None:
    board = board_with(TIMER)
    with board.gdb(0) as server, pytest.raises(InputError, match="cannot listen for gdb"):
        board.gdb(server.address[1])


# ---- memory and flash ----


def test_memory_is_read_as_far_as_it_goes() -> None:
    with BareClient(board_with(TIMER)) as client:
        end = RAM + 0x4_0000
        assert client.ask(b"M%x,2:abcd" % (end - 2)) == b"OK"
        assert client.ask(b"m%x,10" % (end - 2)) == b"abcd"
        assert client.ask(b"m%x,10" % end) == b"E01"
        assert client.ask(b"X%x,3:\x03#$" % RAM) == b"OK"
        assert client.ask(b"m%x,3" % RAM) == b"032324"


def test_flash_is_erased_and_programmed_and_nothing_else_is() -> None:
    with BareClient(board_with(TIMER)) as client:
        assert client.ask(b"vFlashErase:0,1000") == b"OK"
        assert client.ask(b"vFlashWrite:10:\x01\x02}") == b"OK"
        assert client.ask(b"vFlashDone") == b"OK"
        assert client.ask(b"mf,5") == b"ff01027dff"
        assert client.ask(b"vFlashErase:%x,1000" % RAM) == b"E01"
        assert client.ask(b"vFlashErase:0,f0000000") == b"E01"
        assert client.ask(b"vFlashWrite:fffff:\x01\x02") == b"E01"


def test_all_registers_are_written_at_once() -> None:
    with BareClient(board_with(TIMER)) as client:
        content = bytearray(bytes.fromhex(client.ask(b"g").decode()))
        content[0:4] = b"\x78\x56\x34\x12"
        assert client.ask(b"G" + content.hex().encode()) == b"OK"
        assert client.register(0) == 0x1234_5678
        assert client.ask(b"G1234") == b"E01"


# ---- running ----


def test_a_breakpoint_that_a_slice_ends_in_front_of_is_not_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """In front of it asleep (behind WFE) as well as awake: slices of a microsecond end everywhere."""
    hits = []
    for slice_ns in (20_000_000, 1_000, 333):
        monkeypatch.setattr(execution, "SLICE_NS", slice_ns)
        board = board_with(TIMER)
        behind_the_sleep = board.symbol("board_sleep") + 2
        with BareClient(board, end_s=0.02) as client:
            assert client.ask(b"Z1,%x,2" % behind_the_sleep) == b"OK"
            times = []
            while client.ask(b"vCont;c").startswith(b"T05"):
                times.append(client.monitor("cycles"))
                assert client.register(PC) == behind_the_sleep
                assert client.ask(b"z1,%x,2" % behind_the_sleep) == b"OK"  # as gdb steps off a breakpoint
                assert client.ask(b"vCont;s:1") == b"T05thread:1;"
                assert client.ask(b"Z1,%x,2" % behind_the_sleep) == b"OK"
        hits.append(times)
    assert len(hits[0]) >= 19
    assert hits[1] == hits[0]
    assert hits[2] == hits[0]


def test_a_range_step_leaves_the_range_or_finds_a_breakpoint_in_it(tmp_path: Path) -> None:
    loop = program(tmp_path, 0x2003, 0x3801, 0xD1FD, 0xBF00, 0xE7FE)  # movs r0,#3; subs r0,#1; bne; nop; b .
    with BareClient(loop) as client:
        assert client.ask(b"vCont;r8,e:1") == b"T05thread:1;"
        assert (client.register(PC), client.register(0)) == (0x0E, 0)
        assert client.ask(b"Z0,a,2") == b"OK"
        assert "halted at 0x00000008" in client.monitor("reset halt")
        assert client.ask(b"vCont;r8,e:1;c") == b"T05thread:1;swbreak:;"
        assert client.register(PC) == 0x0A


def test_a_range_step_through_an_endless_loop_is_interrupted(tmp_path: Path) -> None:
    with BareClient(program(tmp_path, 0xE7FE)) as client:
        client.transmit(frame(b"vCont;r8,c:1"))
        client.transmit(b"\x03")
        assert client.reply() == b"T02thread:1;"


def test_a_bkpt_stops_and_is_left_behind(tmp_path: Path) -> None:
    with BareClient(program(tmp_path, 0x2001, 0xBE07, 0x2002, 0xBE08, 0xE7FE)) as client:
        assert client.ask(b"c") == b"T05thread:1;"
        assert (client.register(PC), client.register(0)) == (0x0A, 1)
        assert client.ask(b"s") == b"T05thread:1;"
        assert (client.register(PC), client.register(0)) == (0x0E, 2)
        assert client.ask(b"c") == b"T05thread:1;"
        assert client.register(PC) == 0x0E
        assert client.ask(b"c8") == b"T05thread:1;"
        assert client.register(PC) == 0x0A


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(2, [b"watch:20000004", b"watch:20000004"]), (3, [b"rwatch:20000004"]),
     (4, [b"awatch:20000004", b"awatch:20000004", b"awatch:20000004"])],
)  # fmt: skip
def test_watchpoints_stop_at_their_kind_of_access(kind: int, expected: list[bytes], tmp_path: Path) -> None:
    """movs r1,#2; lsls r1,#28; str r1,[r1,#4]; ldr r2,[r1,#4]; stmia r1!,{r1,r2}; udf"""
    board = program(tmp_path, 0x2102, 0x0709, 0x6049, 0x684A, 0xC106, 0xDE00)
    with BareClient(board) as client:
        assert client.ask(b"Z%d,20000004,4" % kind) == b"OK"
        found = []
        while b"watch" in (reply := client.ask(b"c")):
            found.append(reply.removeprefix(b"T05thread:1;").removesuffix(b";"))
            before = client.register(PC)
            assert client.ask(b"s") == b"T05thread:1;"  # gdb's step over the access, which has been made
            assert client.register(PC) == before
    assert found == expected


def test_monitor_commands_answer_and_unknown_ones_say_so() -> None:
    with BareClient(board_with(TIMER), end_s=0.01) as client:
        assert client.monitor("cycles") == "0 cycles\n"
        assert "monitor help" in client.monitor("flash it")
        assert "reset [halt]" in client.monitor("help")
        assert "reset halt" in client.monitor("reset run")
        assert client.ask(b"qRcmd,zz") == b"E01"


# ---- nonsense ----


def test_malformed_packets_are_refused_and_the_session_goes_on() -> None:
    malformed = [
        b"P", b"P5", b"P5=", b"P5=123", b"P99=00000000", b"p99", b"p", b"G", b"Gzz", b"m", b"m1", b"m1,", b"m-1,4",
        b"M0,4:00", b"M0,1:zz", b"X0,5:a", b"Z1,zz,2", b"Z1", b"Z2,20000000,0", b"Z2,20000000,ffffffff",
        b"mffffffff,2", b"vCont;", b"vCont;q", b"vCont;r1", b"vFlashErase:1", b"vFlashWrite:zz:a", b"czz", b"szz",
        b"qXfer:features:read:target.xml:zz", b"qXfer:features:read:nothing.xml:0,10", b"Z1,fffffffff,2",
    ]  # fmt: skip
    unknown = [
        b"",
        b"vMustReplyEmpty",
        b"Z9,0,2",
        b"qWhat",
        b"QWhat",
        b"bq",
        b"vRun;x",
        b"\xff",
        b"qXfer:auxv:read::0,8",
    ]
    with BareClient(board_with(TIMER)) as client:
        for packet in malformed:
            assert client.ask(packet)[:1] == b"E", packet
        for packet in unknown:
            assert client.ask(packet) == b"", packet
        assert client.ask(b"?") == b"T05thread:1;"


def random_packet(source: random.Random) -> bytes:
    starts = (
        b"g", b"G", b"p", b"P", b"m", b"M", b"X", b"c", b"s", b"Z", b"z", b"H", b"T", b"vCont;", b"vFlashErase:",
        b"vFlashWrite:", b"qRcmd,", b"qXfer:features:read:target.xml:", b"qSupported:", b"C", b"S", b"!", b"?", b"",
    )  # fmt: skip
    alphabet = b"0123456789abcdef,:;=#$}*\x03\xffcsr-" + bytes([source.randrange(256)])
    return source.choice(starts) + bytes(source.choices(alphabet, k=source.randrange(24)))


def test_random_packets_and_random_bytes_never_end_the_server() -> None:
    source = random.Random(3)
    for _ in range(4):
        with BareClient(board_with(TIMER), acknowledge=True) as client:
            for _ in range(250):
                packet = random_packet(source)
                runs = packet[:1] in (b"c", b"C", b"s", b"S") or packet.startswith(b"vCont;")
                client.transmit(frame(packet) + (b"\x03" if runs else b""))
            client.transmit(source.randbytes(2000) + b"#00")
            client.transmit(b"\x03" + frame(b"QStartNoAckMode") + frame(b"qThreadExtraInfo,1"))
            while client.reply() not in (b"thread mode".hex().encode(), *(_level(i) for i in range(80))):
                pass


def _level(number: int) -> bytes:
    return f"exception {number}".encode().hex().encode()
