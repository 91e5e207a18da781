"""Finds an installed Renode and asks it for its version: $TINYSIM_RENODE, renode-run, renode, renode-test.

What it prints is from recordings of 1.14.0 and 1.16.1 (Mono). `renode-run -- ...` is from that project's own README.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tinysim.engines.renode_errors import RenodeBroken
from tinysim.errors import EngineMissing

VARIABLE = "TINYSIM_RENODE"
OLDEST = (1, 14)  # the oldest whose answers are known to us; its server is what the newer ones have
VERSION_LIMIT_S = 60.0
HOW_TO_GET = (
    "get one: `pip install git+https://github.com/antmicro/renode-run` and `renode-run download` (it is not on PyPI), "
    "a portable or distribution package from github.com/renode/renode/releases, or set TINYSIM_RENODE to yours"
)
_VERSION = re.compile(r"Renode,? v(?:ersion )?(\d+)\.(\d+)(?:\.(\d+))?")
_RUNTIME = re.compile(r"runtime: (.+)")
_IN_A_FOLDER = ("renode", "Renode.dll", "Renode.exe", "bin/Renode.dll", "bin/Renode.exe")
_RUNNERS = {".dll": ("dotnet",), ".exe": ("mono",)}


@dataclass(frozen=True)
class FoundRenode:
    """How to start it, where it was found (`$TINYSIM_RENODE`, `PATH`), what it says of itself."""

    command: tuple[str, ...]
    found_by: str
    version: tuple[int, ...]
    runtime: str | None = None

    @property
    def version_text(self) -> str:
        return ".".join(str(number) for number in self.version)

    def is_at_least(self, *version: int) -> bool:
        """Whether it is that version or a newer one."""
        return self.version >= version

    def __str__(self) -> str:
        runtime = f", {self.runtime}" if self.runtime else ""
        return f"{self.version_text}{runtime} ({self.found_by}: {' '.join(self.command)})"


def find_renode(environment: Mapping[str, str] = os.environ) -> FoundRenode:
    """Raises EngineMissing without one, with one that is too old, and with one that does not say its version."""
    found = next(_candidates(environment), None)
    if found is None:
        raise EngineMissing(f"no Renode is installed; {HOW_TO_GET}; or use --engine native")
    command, found_by = found
    version, runtime = _ask_version(command, found_by)
    if version[: len(OLDEST)] < OLDEST:
        text, oldest = (".".join(str(number) for number in each) for each in (version, OLDEST))
        raise EngineMissing(
            f"Renode {text} ({found_by}: {' '.join(command)}) is too old: its robot server is known to tinysim from "
            f"{oldest} on; {HOW_TO_GET}"
        )
    return FoundRenode(command, found_by, version, runtime)


def _candidates(environment: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], str]]:
    named = environment.get(VARIABLE)
    if named:
        yield _command_of(Path(named)), f"${VARIABLE}"
    path = environment.get("PATH")
    if found := shutil.which("renode-run", path=path):
        yield (found, "--"), "PATH"
    if found := shutil.which("renode", path=path):
        yield (found,), "PATH"
    if found := shutil.which("renode-test", path=path):
        beside = Path(found).resolve().with_name("renode")
        if beside.is_file():
            yield (str(beside),), "beside renode-test"


def _command_of(named: Path) -> tuple[str, ...]:
    """The command of a file, or of a folder that Renode is in. Raises EngineMissing."""
    within = [named / name for name in _IN_A_FOLDER] if named.is_dir() else [named]
    program = next((each for each in within if each.is_file()), None)
    if program is None:
        is_what = "has no Renode in it" if named.is_dir() else "is not there"
        raise EngineMissing(f"{VARIABLE}={named} {is_what}; name the program renode, or its folder")
    if program.name == "renode-run":
        return (str(program), "--")
    runner = _RUNNERS.get(program.suffix.lower(), ())
    missing = next((each for each in runner if shutil.which(each) is None), None)
    if missing:
        raise EngineMissing(f"{VARIABLE}={named} needs {missing}, which is not on PATH")
    return (*runner, str(program))


def _ask_version(command: tuple[str, ...], found_by: str) -> tuple[tuple[int, ...], str | None]:
    shown = f"{' '.join(command)} --version"
    try:
        done = subprocess.run(
            [*command, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=VERSION_LIMIT_S,
            check=False,
        )
    except OSError as error:
        raise RenodeBroken(f"Renode cannot be started ({found_by}): {shown}: {error.strerror}") from None
    except subprocess.TimeoutExpired:
        raise RenodeBroken(
            f"Renode does not say its version within {VERSION_LIMIT_S:g} s ({found_by}): {shown}"
        ) from None
    text = done.stdout + done.stderr
    version = _VERSION.search(text)
    if version is None:
        said = " ".join(text.split())[:200] or "nothing"
        raise RenodeBroken(f"{shown} ({found_by}) ended with {done.returncode} and names no version: it said: {said}")
    runtime = _RUNTIME.search(text)
    return tuple(int(number) for number in version.groups() if number), runtime[1].strip() if runtime else None
