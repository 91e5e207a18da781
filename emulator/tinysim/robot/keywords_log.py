"""Log keywords with Renode's names, on the emulation's log: warnings of the engine, gaps, notes of the Monitor.

An entry is seen with the instruction that caused it.
"""

from __future__ import annotations

from pathlib import Path

from robot.api.deco import keyword

from tinysim.robot.errors import KeywordException
from tinysim.robot.log import LogTester, level_of
from tinysim.robot.matching import matcher
from tinysim.robot.session import Session

_MOST_ENTRIES = 1_000_000


class LogKeywords:
    """One log tester for the whole emulation."""

    session: Session

    @keyword
    def create_log_tester(
        self, timeout: float, defaultPauseEmulation: bool | None = None, maxLogEntries: int = _MOST_ENTRIES
    ) -> None:
        """Watch the log from now on. All entries are kept, whatever maxLogEntries says."""
        with self.session.emulation.lock:
            self.session.log_tester = LogTester(self.session.emulation, timeout, bool(defaultPauseEmulation))

    @keyword
    def wait_for_log_entry(
        self,
        pattern: str,
        timeout: float | None = None,
        keep: bool = False,
        treatAsRegex: bool = False,
        pauseEmulation: bool | None = None,
        level: str | None = None,
        startEmulation: bool = True,
    ) -> str:
        """Wait for an entry `source: text` that contains (or matches) the pattern; returns it."""
        tester = self._log()
        matches, wanted = matcher(pattern, as_regex=treatAsRegex), level_of(level)
        timeout_s = tester.timeout_s if timeout is None else timeout
        if not (startEmulation or self.session.emulation.is_started):
            timeout_s = 0.0
        pause = (tester.pause if pauseEmulation is None else pauseEmulation) or not timeout_s
        found = self.session.wait_anywhere(timeout_s, lambda: tester.take(matches, wanted, keep=keep), pause=pause)
        if found is None:
            raise KeywordException(f'Expected pattern "{pattern}" did not appear in the log\n{tester.report()}')
        return found

    @keyword
    def should_not_be_in_log(
        self,
        pattern: str,
        timeout: float | None = None,
        treatAsRegex: bool = False,
        pauseEmulation: bool | None = None,
        level: str | None = None,
    ) -> None:
        """Run for the whole timeout; fails when an entry contains (or matches) the pattern."""
        tester = self._log()
        matches, wanted = matcher(pattern, as_regex=treatAsRegex), level_of(level)
        timeout_s = tester.timeout_s if timeout is None else timeout
        pause = tester.pause if pauseEmulation is None else pauseEmulation
        found = self.session.wait_anywhere(timeout_s, lambda: tester.take(matches, wanted, keep=True), pause=pause)
        if found is not None:
            raise KeywordException(f'Unexpected line detected in the log: "{found}"')

    @keyword
    def clear_log_tester_history(self) -> None:
        """Forget the entries that no keyword has taken."""
        with self.session.emulation.lock:
            self._log().clear()

    @keyword
    def register_failing_log_string(self, pattern: str, treatAsRegex: bool = False) -> None:
        """From now on every wait fails when an entry with this text is there."""
        self.session.failing_log[pattern, treatAsRegex] = matcher(pattern, as_regex=treatAsRegex)

    @keyword
    def unregister_failing_log_string(self, pattern: str, treatAsRegex: bool = False) -> None:
        """Allow it again."""
        if self.session.failing_log.pop((pattern, treatAsRegex), None) is None:
            raise KeywordException(f"'{pattern}' was not registered as a failing string")

    @keyword
    def log_to_file(self, filePath: str, flushAfterEveryWrite: bool = False) -> None:
        """Write the log to a file from now on, as the Monitor's logFile."""
        self.session.monitor.execute(f'logFile @"{filePath}"' if " " in filePath else f"logFile @{filePath}")

    @keyword
    def enable_logging_to_cache(self) -> None:
        """The log is always kept."""

    @keyword
    def save_cached_log(self, filePath: str) -> None:
        """Write the whole log to a file."""
        emulation = self.session.emulation
        with emulation.lock:  # the background adds to the log
            emulation.collect()
            lines = [f"{entry.time_s:.6f} {entry.text}\n" for entry in emulation.entries]
        Path(filePath).write_text("".join(lines), encoding="utf-8")

    @keyword
    def clear_cached_log(self) -> None:
        """Forget the whole log."""
        with self.session.emulation.lock:
            if self.session.log_tester is not None:
                self.session.log_tester.collect()
            self.session.emulation.entries.clear()

    def _log(self) -> LogTester:
        if self.session.log_tester is None:
            raise KeywordException("There is no log tester: use Create Log Tester")
        return self.session.log_tester
