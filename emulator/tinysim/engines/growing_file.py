"""A file that is read while another thread or process still writes it."""

from __future__ import annotations

import io
import os
import threading
from pathlib import Path

POLL_S = 0.02


class GrowingFile(io.FileIO):
    """Waits at the end of the file until `ended` says that all is written; so does opening one that is not there yet.

    What is written after that is not read. Raises OSError as `open` does, for a missing file only when it has ended.
    """

    def __init__(self, path: Path, ended: threading.Event) -> None:
        self._ended = ended
        self._end_bytes: int | None = None
        while not ended.is_set() and not path.exists():
            ended.wait(POLL_S)
        super().__init__(path)

    def read_chunk(self, size_bytes: int) -> bytes:
        """As many bytes as that, fewer only at the end of all: chunks are the same however the file grew."""
        content = bytearray()
        while len(content) < size_bytes:
            if self._end_bytes is None and self._ended.is_set():
                self._end_bytes = os.fstat(self.fileno()).st_size
            missing_bytes = size_bytes - len(content)
            if self._end_bytes is not None:
                missing_bytes = min(missing_bytes, max(0, self._end_bytes - self.tell()))
            new = self.read(missing_bytes)
            content += new
            if not new and self._end_bytes is not None:
                break
            if not new:
                self._ended.wait(POLL_S)
        return bytes(content)
