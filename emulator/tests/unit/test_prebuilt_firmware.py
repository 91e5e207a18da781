"""The committed ELFs are what `make -C firmware prebuilt` builds from the committed sources, wherever it is built."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

FIRMWARE = Path(__file__).parents[3] / "firmware"
PREBUILT = sorted((FIRMWARE / "prebuilt").glob("*/*.elf"))
COMPILER_VERSION = FIRMWARE / "prebuilt" / "compiler.txt"


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of a copy in another folder, with the compiler that made the committed ELFs."""
    if shutil.which("arm-none-eabi-gcc") is None or shutil.which("make") is None:
        pytest.skip("arm-none-eabi-gcc or make is not installed")
    version = subprocess.run(["arm-none-eabi-gcc", "-dumpfullversion"], capture_output=True, text=True, check=True)
    committed = COMPILER_VERSION.read_text(encoding="utf-8").strip()
    if version.stdout.strip() != committed:
        pytest.skip(f"arm-none-eabi-gcc is {version.stdout.strip()}, the committed ELFs are made by {committed}")
    copy = tmp_path_factory.mktemp("rebuild") / "firmware"
    shutil.copytree(FIRMWARE, copy, ignore=shutil.ignore_patterns("build", "prebuilt"))
    subprocess.run(["make", "--silent", "-C", str(copy)], check=True, capture_output=True)
    return copy / "build"


def test_there_are_prebuilt_elfs() -> None:
    assert PREBUILT, "run `make -C firmware prebuilt` and commit firmware/prebuilt"


@pytest.mark.parametrize("path", PREBUILT, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_rebuilt_elf_is_byte_identical(path: Path, rebuilt: Path) -> None:
    fresh = rebuilt / path.parent.name / path.name
    assert fresh.exists(), f"{path.name} is committed but no longer built: remove it"
    assert fresh.read_bytes() == path.read_bytes(), (
        f"{path.name} is stale: run `make -C firmware prebuilt` and commit the result"
    )


def test_prebuilt_elfs_name_no_folder_of_the_build_machine() -> None:
    for path in PREBUILT:
        content = path.read_bytes()
        assert str(FIRMWARE.parent).encode() not in content
        assert b"/usr/" not in content and b"/home/" not in content, path.name
