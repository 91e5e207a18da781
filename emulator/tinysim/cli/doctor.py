"""`tinysim doctor`: what is installed, what is missing, and how to get it. It reports; it never fails."""

from __future__ import annotations

import importlib
import importlib.metadata
import platform
import shutil
import subprocess
from collections.abc import Iterator

import click

from tinysim import __version__
from tinysim.cli.robot import HOW_TO_GET
from tinysim.errors import EngineMissing

CORE_MODULE = "tinysim._core"
_LIBRARIES = ("click", "rich", "numpy", "pyelftools", "intelhex")
_OPTIONAL = {"robotframework": f"for suites: {HOW_TO_GET}"}
_TOOLS = {
    "arm-none-eabi-gcc": "to build firmware: apt install gcc-arm-none-eabi, or developer.arm.com",
    "clang": "to build firmware with LLVM: apt install clang lld",
    "cmake": "to build the core from source: apt install cmake, or pip install cmake",
    "gdb-multiarch": "to debug the guest: apt install gdb-multiarch",
}


@click.command()
def doctor() -> int:
    """Say what is installed and how to get the rest."""
    for mark, name, text in _checks():
        click.echo(f"{mark:<8}{name:<20}{text}")
    return 0


def _checks() -> Iterator[tuple[str, str, str]]:
    yield "ok", "tinysim", __version__
    yield "ok", "python", f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    yield _core()
    for library in _LIBRARIES:
        yield _library(library, f"pip install {library}")
    for library, remedy in _OPTIONAL.items():
        yield _library(library, remedy)
    for tool, remedy in _TOOLS.items():
        yield _tool(tool, remedy)
    yield _renode()


def _core() -> tuple[str, str, str]:
    """The C++ core, and how it was built as far as it says so."""
    try:
        core = importlib.import_module(CORE_MODULE)
    except ImportError as error:
        return "missing", "C++ core", f"{error}; pip install . in the checkout builds it"
    build = getattr(core, "build", None)
    return "ok", "C++ core", str(build() if callable(build) else build or "importable")


def _library(name: str, remedy: str) -> tuple[str, str, str]:
    try:
        return "ok", name, importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "missing", name, remedy


def _tool(name: str, remedy: str) -> tuple[str, str, str]:
    found = shutil.which(name)
    return ("ok", name, _version(found)) if found else ("missing", name, remedy)


def _version(command: str) -> str:
    """The first line of --version."""
    try:
        done = subprocess.run([command, "--version"], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return command
    return (done.stdout.splitlines() or [command])[0]


def _renode() -> tuple[str, str, str]:
    """The second engine, which nobody needs: its version, or why there is none."""
    from tinysim.machine import require_engine

    try:
        return "ok", "renode", require_engine("renode")
    except EngineMissing as error:
        return "missing", "renode", str(error)
