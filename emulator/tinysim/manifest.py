"""The manifest of a record: what ran on what, what it left unanswered, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tinysim import __version__
from tinysim.engines.base import FAULT_REASONS, Engine, Gap
from tinysim.faults import decode_fault
from tinysim.firmware import Firmware
from tinysim.host.ports import HostPorts
from tinysim.platform import Platform
from tinysim.registers import register_names
from tinysim.streams.recording import Recording


@dataclass(frozen=True)
class Run:
    """What a machine was given, and its engine; `svd` names registers, `streams` are (sensor, recording)."""

    engine: Engine
    host: HostPorts
    platform: Platform
    firmware: Firmware | None
    streams: Sequence[tuple[str, Recording]]
    stages: Sequence[dict[str, str]]
    svd: Path | None
    stop_reason: str | None

    def manifest(self) -> dict[str, Any]:
        """As tinysim.record.Manifest describes it, up to now."""
        engine = self.engine
        return {
            "tinysim": __version__,
            "engine": engine.name,
            "platform": self._platform_entry(),
            "firmware": self._firmware_entry(),
            "streams": [_stream_entry(sensor, recording) for sensor, recording in self.streams],
            "timing": engine.timing(),
            "stages": self.stages,
            "irq_names": {str(16 + number): name for number, name in self.platform.chip.irq_names.items()},
            "counters": engine.counters(),
            "gaps": self._gap_entries(),
            "warnings": self._warning_entries(),
            "stop": self._stop_entry(),
            "virtual_time_ns": engine.time_ns(),
            **engine.names(),
            **engine.profile().entry(),
        }

    def _platform_entry(self) -> dict[str, Any]:
        files = [{"name": file.path, "sha256": file.sha256} for file in self.platform.files]
        cpu = self.platform.cpu.type
        return {"name": self.platform.name, "files": files, "cpu": cpu, "clock_hz": self.engine.clock_hz}

    def _firmware_entry(self) -> dict[str, Any]:
        return {"name": self.firmware.name, "sha256": self.firmware.sha256} if self.firmware else {}

    def _gap_entries(self) -> list[dict[str, Any]]:
        gaps = self.engine.gaps()
        names = register_names(self.svd) if self.svd is not None and gaps else {}
        return [self._gap_entry(gap, names.get(gap.address & ~3, self.platform.gap_name(gap.address))) for gap in gaps]

    def _gap_entry(self, gap: Gap, register: str | None) -> dict[str, Any]:
        return {
            "address": gap.address,
            "register": register,
            **self._place(gap.pc),
            "access": gap.access,
            "count": gap.count,
        }

    def _warning_entries(self) -> list[dict[str, Any]]:
        warnings = zip(self.engine.warnings(), self.engine.warning_places(), strict=True)
        return [{"time_ns": time_ns, "text": text, **self._place(pc)} for (time_ns, text), pc in warnings]

    def _place(self, pc: int) -> dict[str, Any]:
        function = self.firmware.function_at(pc) if self.firmware else None
        return {"pc": pc, "function": function.name if function else None}

    def _stop_entry(self) -> dict[str, Any]:
        fault = self.engine.fault() if self.stop_reason in FAULT_REASONS else None
        decoded = {**decode_fault(fault), **self.host.hint(fault.pc)} if fault else None
        code = self.host.exit_code if self.stop_reason == "exit" else None
        detail = None if code is None else f"exit code {code}"
        return {"reason": self.stop_reason, "detail": detail, "fault": decoded, "exit_code": code}


def _stream_entry(sensor: str, recording: Recording) -> dict[str, Any]:
    return {
        "sensor": sensor,
        "file": recording.file_name,
        "sha256": recording.sha256,
        "quantity": recording.quantity,
        "samples": len(recording),
        "rate_hz": recording.rate_hz,
        "duration_s": recording.duration_s,
    }
