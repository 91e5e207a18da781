"""The complete state of a machine at one moment, in memory and as a file; whom it fits, and how it is refused.

The file: a line that names it, a line of JSON (identity, consoles, checksum), the engine's state compressed by zlib.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tinysim import __version__
from tinysim.console import ConsoleCursor
from tinysim.errors import InputError

if TYPE_CHECKING:
    from typing import SupportsBytes

    from tinysim.engines.base import Engine
    from tinysim.firmware import Firmware
    from tinysim.platform import Platform
    from tinysim.streams.recording import Recording

SNAPSHOT_FORMAT = 1
_FIRST_LINE = b"tinysim snapshot\n"
_AGAIN = "take the snapshot again with this version, platform and firmware"


@dataclass(frozen=True)
class Identity:
    """What a snapshot belongs to: names for the reader, SHA-256 for the check."""

    format: int
    tinysim: str
    engine: str
    platform: str
    platform_sha256: str
    firmware: str
    firmware_sha256: str
    streams: Sequence[Sequence[str]]  # sensor, file, SHA-256
    stages: Sequence[Sequence[str]]  # name, symbol
    parameters: Sequence[str] = ()  # numbers set for the run, `name=value`


@dataclass(frozen=True)
class Snapshot:
    """Made by Machine.snapshot(), for Machine.restore(); unchanged memory is shared with the snapshot before."""

    identity: Identity
    state: SupportsBytes
    consoles: Mapping[str, ConsoleCursor]
    stop_reason: str | None


def identity_of(
    engine: str,
    platform: Platform,
    firmware: Firmware | None,
    streams: Sequence[tuple[str, Recording]],
    stages: Sequence[Mapping[str, str]],
    parameters: Mapping[str, int] | None = None,
) -> Identity:
    """What a machine is, as its snapshots remember it."""
    files = "\n".join(file.sha256 for file in platform.files)
    return Identity(
        format=SNAPSHOT_FORMAT,
        tinysim=__version__,
        engine=engine,
        platform=platform.name,
        platform_sha256=hashlib.sha256(files.encode()).hexdigest(),
        firmware=firmware.name if firmware else "",
        firmware_sha256=firmware.sha256 if firmware else "",
        streams=[(sensor, recording.file_name, recording.sha256) for sensor, recording in streams],
        stages=[(stage["name"], stage["symbol"]) for stage in stages],
        parameters=sorted(f"{name}={value}" for name, value in (parameters or {}).items()),
    )


def check_fits(snapshot: Identity, machine: Identity, file: Path | None = None) -> None:
    """Raises InputError that names both sides unless the snapshot can be continued on this machine.

    More streams and stages than at the time of the snapshot are fine: they begin to count from there.
    """
    for what, there, here in (
        ("snapshot format", snapshot.format, machine.format),
        ("tinysim", snapshot.tinysim, machine.tinysim),
        ("engine", snapshot.engine, machine.engine),
        ("platform", _named(snapshot.platform, snapshot.platform_sha256),
         _named(machine.platform, machine.platform_sha256)),
        ("firmware", _named(snapshot.firmware, snapshot.firmware_sha256),
         _named(machine.firmware, machine.firmware_sha256)),
        ("parameters", ", ".join(snapshot.parameters) or "none", ", ".join(machine.parameters) or "none"),
    ):  # fmt: skip
        if there != here:
            problem = f"the snapshot was taken with {what} {there}, this machine has {here}"
            raise InputError(problem, file, remedy=_AGAIN)
    _check_begins("streams", snapshot.streams, machine.streams, file)
    _check_begins("stages", snapshot.stages, machine.stages, file)


def _named(name: str, sha256: str) -> str:
    return f"{name} ({sha256[:12]})" if sha256 else "none"


def _check_begins(what: str, there: Sequence[Sequence[str]], here: Sequence[Sequence[str]], file: Path | None) -> None:
    if [list(row) for row in there] == [list(row) for row in here[: len(there)]]:
        return
    texts = [", ".join(" ".join(part[:12] for part in row) for row in side) or "none" for side in (there, here)]
    remedy = "set the machine up as it was, then restore"
    raise InputError(f"the snapshot was taken with {what} {texts[0]}, this machine has {texts[1]}", file, remedy=remedy)


def write_snapshot(snapshot: Snapshot, path: Path) -> None:
    """Write the file, whole or not at all. Raises InputError where it cannot be written."""
    payload = zlib.compress(bytes(snapshot.state), 1)
    header = {
        "identity": asdict(snapshot.identity),
        "consoles": {name: asdict(cursor) for name, cursor in snapshot.consoles.items()},
        "stop_reason": snapshot.stop_reason,
        "sha256": hashlib.sha256(payload).hexdigest(),
    }
    text = json.dumps(header, sort_keys=True).encode()
    try:
        handle, staging = tempfile.mkstemp(prefix=".tinysim-", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(_FIRST_LINE + text + b"\n" + payload)
        Path(staging).replace(path)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", path) from None


def read_snapshot(path: Path, engine: Engine, machine: Identity) -> Snapshot:
    """Read a file for this machine. Raises InputError: missing, damaged, or of another machine."""
    header, payload = _parts(path)
    identity = _identity(header, path)
    check_fits(identity, machine, path)
    if hashlib.sha256(payload).hexdigest() != header.get("sha256"):
        raise InputError("is truncated or damaged", path, remedy="take the snapshot again")
    consoles = {name: ConsoleCursor.from_json(cursor) for name, cursor in header["consoles"].items()}
    try:
        state = engine.state_from_bytes(zlib.decompress(payload))
    except (ValueError, zlib.error) as error:
        raise InputError(f"is damaged: {error}", path, remedy="take the snapshot again") from None
    return Snapshot(identity, state, consoles, header["stop_reason"])


def _parts(path: Path) -> tuple[dict[str, Any], bytes]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path) from None
    header, _, payload = content.removeprefix(_FIRST_LINE).partition(b"\n")
    try:
        fields = json.loads(header) if content.startswith(_FIRST_LINE) else None
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        raise InputError("is no snapshot of tinysim", path, remedy="Machine.save_snapshot() writes one")
    return fields, payload


def _identity(header: dict[str, Any], path: Path) -> Identity:
    fields = header.get("identity")
    found = fields.get("format") if isinstance(fields, dict) else None
    if not isinstance(fields, dict) or found != SNAPSHOT_FORMAT:
        raise InputError(f"has snapshot format {found}, this tinysim reads {SNAPSHOT_FORMAT}", path, remedy=_AGAIN)
    try:
        return Identity(**fields)
    except TypeError:
        raise InputError("is damaged: its identity is not complete", path, remedy="take the snapshot again") from None
