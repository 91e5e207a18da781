"""UARTs, lights and buttons of a board, under the names of Renode's models."""

from __future__ import annotations

from tinysim.console import CARRIAGE_RETURN, CONSOLE_ENCODING, encoded
from tinysim.monitor.errors import MonitorError
from tinysim.monitor.methods import methods
from tinysim.monitor.target import Target
from tinysim.monitor.values import File


def write_char(here: Target, value: int) -> None:
    """Send one byte to the firmware."""
    if not 0 <= value < 1 << 8:
        raise MonitorError(f"{value} is no byte", remedy="give 0 to 255")
    here.machine.engine.serial_write(here.name, bytes([value]))


def write_line(here: Target, text: str) -> None:
    """Send a text and a carriage return to the firmware."""
    here.machine.engine.serial_write(here.name, encoded(text) + bytes([CARRIAGE_RETURN]))


def create_file_backend(here: Target, path: File, immediate_flush: bool = False) -> None:
    """Write what the firmware sends from power-on on to a file."""
    here.session.keep_uart(here.machine, here.name, here.session.place_to_write(path))


def close_file_backend(here: Target, path: File) -> None:
    """End that."""
    here.session.forget_uart(here.name, here.session.place_to_write(path))


def dump_history_buffer(here: Target, limit: int = 0) -> str:
    """What the firmware has sent since power-on; the last `limit` characters of it."""
    sent = [byte.byte for byte in here.machine.engine.console_since(0) if byte.uart == here.name]
    return bytes(sent).decode(CONSOLE_ENCODING)[-limit if limit else 0 :]


def led_state(here: Target) -> str:
    """Whether it is lit."""
    return str(here.machine.led(here.name).state)


def press(here: Target) -> None:
    """Hold the button."""
    here.machine.press(here.name)
    here.session.done.held.add(here.key)


def release(here: Target) -> None:
    """Let it go."""
    here.machine.release(here.name)
    here.session.done.held.discard(here.key)


def press_and_release(here: Target) -> None:
    """Hold it and let it go, at one moment of virtual time."""
    press(here)
    release(here)


def toggle(here: Target) -> None:
    """Hold it, or let it go when it is held by a command here."""
    if here.key in here.session.done.held:
        release(here)
    else:
        press(here)


def pressed(here: Target) -> str:
    """Whether it is held by a command here."""
    return str(here.key in here.session.done.held)


UART_METHODS = methods(
    WriteChar=write_char, WriteLine=write_line, CreateFileBackend=create_file_backend,
    CloseFileBackend=close_file_backend, DumpHistoryBuffer=dump_history_buffer,
)  # fmt: skip
LED_METHODS = methods(State=led_state)
BUTTON_METHODS = methods(
    Press=press, Release=release, PressAndRelease=press_and_release, Toggle=toggle, Pressed=pressed,
)  # fmt: skip
