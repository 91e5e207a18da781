"""What a run left behind: a manifest and arrays, in a folder of `manifest.json` and `record.npz`.

All stamps are elapsed CPU cycles since power-on (uint64, sleep included); `ARRAYS` lists the arrays, `Manifest` the
manifest. Two equal runs write equal bytes: no wall clock, no host, no absolute path. Loads without the C++ module.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tinysim.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

RECORD_FORMAT = 1
MANIFEST_NAME = "manifest.json"
ARRAYS_NAME = "record.npz"
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)

# name: dtype; `uart.<name>.cycle` (uint64) and `uart.<name>.byte` (uint8) stand for each UART that spoke.
ARRAYS: dict[str, str] = {
    "clock.cycle": "uint64",
    "clock.time_ns": "uint64",
    "clock.hz": "uint64",
    "stage.id": "uint16",
    "stage.enter": "uint64",
    "stage.exit": "uint64",
    "exception.number": "uint16",
    "exception.enter": "uint64",
    "exception.exit": "uint64",
    "sleep.enter": "uint64",
    "sleep.exit": "uint64",
    "dma.master": "uint16",
    "dma.start": "uint64",
    "dma.end": "uint64",
    "dma.address": "uint32",
    "dma.bytes": "uint32",
    "dma.to_memory": "uint8",
    "line.id": "uint16",
    "line.cycle": "uint64",
    "line.level": "uint8",
    "level.id": "uint16",
    "level.cycle": "uint64",
    "level.value": "int32",
    "bus.slave": "uint16",
    "bus.waiter": "uint16",
    "bus.holder": "uint16",
    "bus.cycles": "uint64",
}

# Only in the record of a profiled run. One row per instruction or node, one column per cause; see analyses/profile.py.
PROFILE_CAUSES = ("base", "load_store", "fetch", "flash", "contention", "exception", "sleep")
PROFILE_ARRAYS: dict[str, str] = {
    "profile.instruction.address": "uint32",
    "profile.instruction.count": "int64",
    "profile.instruction.cycles": "int64",
    "profile.node.parent": "uint32",
    "profile.node.function": "uint32",
    "profile.node.kind": "uint8",
    "profile.node.exception": "uint16",
    "profile.node.calls": "int64",
    "profile.node.cycles": "int64",
    "profile.instruction_held.address": "uint32",
    "profile.instruction_held.holder": "uint8",
    "profile.instruction_held.cycles": "int64",
    "profile.node_held.node": "uint32",
    "profile.node_held.holder": "uint8",
    "profile.node_held.cycles": "int64",
    "profile.event.cycle": "int64",
    "profile.event.node": "uint32",
    "profile.event.is_enter": "uint8",
}

Manifest = dict[str, Any]
"""Keys of a manifest (absent ones read as empty):

- `tinysim` version string; `record_format` int; `engine` "native" or "renode";
- `platform` {name, files: [{name, sha256}], cpu, clock_hz}; `firmware` {name, sha256};
- `streams` [{sensor, file, sha256, samples, rate_hz, duration_s}]; `options` {deadline_period_ms, until, ...};
- `timing` {model, version, calibrated, assumptions: [str], memory: [str] (wait states, cache state; optional)};
- `stages` [{name, symbol}]; `dma_masters`, `lines`, `levels` [str]; `irq_names` {"16": "POWER_CLOCK"};
- `absent` [str]: kinds of arrays and counters that the engine cannot give (not there, rather than zero);
- `trace_cycles` {cycles, instructions, clock_hz, ...}: the timing model's count of the run's trace (`--cycles`);
- `bus_slaves`, `bus_masters` [str], the names behind `bus.slave`, `bus.waiter` and `bus.holder` (masters 0 and 1 are
  the CPU's data and fetch ports): `bus.cycles` that the waiter stood behind the holder at the slave;
- `counters` {"accelerometer.samples_lost": n, "cpu.instructions": n, ...};
- `gaps` [{address, register|null, pc, function|null, access, count}];
- `stop` {reason, detail, fault|null, exit_code|null}; fault {kind, flags: [str], pc, address|null, function|null,
  source|null, registers: {name: value}, cfsr, hfsr, hint (only where one is known)};
- `profile` {causes, masters: [str], start_cycle, charged_cycles, time_line_end_cycle, dropped_events} (if profiled);
- `virtual_time_ns` int; `labels` [{start_s, end_s, class}] (optional); `arrays_sha256` (written by `save`).
"""


@dataclass
class Record:
    """One run: its manifest and its arrays by name."""

    manifest: Manifest = field(default_factory=dict)
    arrays: dict[str, NDArray[Any]] = field(default_factory=dict)

    def save(self, directory: str | Path) -> None:
        """Write the record into `directory` (made when missing; other files in it stay). All or nothing."""
        directory = Path(directory)
        archive = _arrays_to_zip(self.arrays)
        manifest = {
            **self.manifest,
            "record_format": RECORD_FORMAT,
            "arrays_sha256": hashlib.sha256(archive).hexdigest(),
        }
        text = json.dumps(manifest, sort_keys=True, indent=2, ensure_ascii=False) + "\n"
        try:
            _write_together(directory, {ARRAYS_NAME: archive, MANIFEST_NAME: text.encode()})
        except OSError as error:
            raise InputError(
                f"cannot write the record: {error.strerror or error}",
                file=directory,
                remedy="name a folder that can be written with -o",
            ) from None

    @classmethod
    def load(cls, directory: str | Path) -> Record:
        """Read a record; raises InputError when it is missing, of another format, or damaged."""
        directory = Path(directory)
        manifest = _read_manifest(directory / MANIFEST_NAME)
        return cls(manifest, _read_arrays(directory / ARRAYS_NAME, manifest))


def _arrays_to_zip(arrays: dict[str, NDArray[Any]]) -> bytes:
    """An .npz whose bytes depend on the arrays alone (numpy.savez stamps the time of day)."""
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(arrays):
            entry = zipfile.ZipInfo(f"{name}.npy", ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            payload = io.BytesIO()
            np.lib.format.write_array(payload, np.ascontiguousarray(arrays[name]), version=(1, 0), allow_pickle=False)
            archive.writestr(entry, payload.getvalue())
    return buffer.getvalue()


def _write_together(directory: Path, files: dict[str, bytes]) -> None:
    """Write complete files beside their place, then move them in; `arrays_sha256` tells a torn pair."""
    import shutil
    import tempfile

    directory.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".tinysim-", dir=directory))
    try:
        for name, content in files.items():
            (staging / name).write_bytes(content)
        for name in files:
            os.replace(staging / name, directory / name)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _read_manifest(path: Path) -> Manifest:
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise InputError(
            "is no record: the file is missing",
            file=path,
            remedy="give the folder that `tinysim run -o` wrote",
        ) from None
    except ValueError as error:
        raise InputError(f"is damaged: {error}", file=path, remedy="run again with -o") from None
    found = manifest.get("record_format") if isinstance(manifest, dict) else None
    if found != RECORD_FORMAT:
        raise InputError(
            f"has record format {found}, this tinysim reads {RECORD_FORMAT}",
            file=path,
            remedy="run again with this version, or read it with the version that wrote it",
        )
    assert isinstance(manifest, dict)
    return manifest


def _read_arrays(path: Path, manifest: Manifest) -> dict[str, NDArray[Any]]:
    from zipfile import BadZipFile

    try:
        content = path.read_bytes()
    except OSError:
        raise InputError("the record's arrays are missing", file=path, remedy="run again with -o") from None
    if hashlib.sha256(content).hexdigest() != manifest.get("arrays_sha256"):
        raise InputError(
            f"is truncated or does not belong to its manifest ({len(content)} bytes)",
            file=path,
            remedy="run again with -o",
        )
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except (ValueError, OSError, BadZipFile) as error:
        raise InputError(f"is damaged: {error}", file=path, remedy="run again with -o") from None
