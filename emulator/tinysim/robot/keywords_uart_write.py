"""UART keywords that send. As in Renode they answer an empty result."""

from __future__ import annotations

from robot.api.deco import keyword

from tinysim.console import CARRIAGE_RETURN, encoded
from tinysim.robot.errors import KeywordException
from tinysim.robot.keywords_uart import UartKeywords
from tinysim.robot.results import Result, line_result
from tinysim.robot.terminal import TerminalTester

_BYTE_VALUES = 1 << 8


class UartWriteKeywords(UartKeywords):
    """Bytes arrive at the UART's own baud rate, those of a tester with a delay one by one."""

    @keyword
    def write_to_uart(self, content: str, testerId: int | None = None) -> Result:
        """Send text as it stands."""
        return self._send(self._terminal(testerId, binary=None), encoded(content))

    @keyword
    def write_to_uart_with_fault(
        self, content: str, fault: str = "", baud: int = 0, testerId: int | None = None
    ) -> Result:
        """Send text with a fault in each byte (framing, noise, parity, break), or at another rate. Not Renode's."""
        return self._send(self._terminal(testerId, binary=None), encoded(content), fault=fault, baud_hz=baud)

    @keyword
    def write_char_on_uart(self, c: str, testerId: int | None = None) -> Result:
        """Send one character."""
        if len(c) != 1:
            raise KeywordException(f"'{c}' is not one character: use Write To Uart")
        return self._send(self._terminal(testerId, binary=None), encoded(c))

    @keyword
    def send_key_to_uart(self, c: int, testerId: int | None = None) -> Result:
        """Send one byte by its number, e.g. 0xD."""
        if not 0 <= c < _BYTE_VALUES:
            raise KeywordException(f"{c} is no byte")
        return self._send(self._terminal(testerId, binary=None), bytes([c]))

    @keyword
    def write_line_to_uart(
        self,
        content: str = "",
        testerId: int | None = None,
        waitForEcho: bool | None = None,
        pauseEmulation: bool | None = None,
    ) -> Result:
        """Send text and a carriage return, then wait for its echo unless told otherwise."""
        tester = self._terminal(testerId, binary=None)
        self._send(tester, encoded(content) + bytes([CARRIAGE_RETURN]))
        if tester.options.wait_for_echo if waitForEcho is None else waitForEcho:
            self.wait_for_line_on_uart(
                content, testerId=testerId, includeUnfinishedLine=True, pauseEmulation=pauseEmulation
            )
        return line_result()

    @keyword
    def write_char_delay(self, delay: float, testerId: int | None = None) -> None:
        """Let so many virtual seconds pass behind each byte that is sent from now on."""
        self._terminal(testerId, binary=None).write_delay_s = delay

    def _send(self, tester: TerminalTester, content: bytes, *, fault: str = "", baud_hz: int = 0) -> Result:
        was_started = self.session.emulation.is_started
        self.session.emulation.pause()
        pieces = [bytes([byte]) for byte in content] if tester.write_delay_s else [content]
        for piece in pieces:
            tester.write(piece, fault=fault, baud_hz=baud_hz)
            if tester.write_delay_s:
                self.session.run_for(tester.board, tester.write_delay_s)
        if was_started:
            self.session.emulation.start()
        return line_result()
