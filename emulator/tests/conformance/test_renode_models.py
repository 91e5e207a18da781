"""Our C# models for Renode: registers as in the vendor's SVD, and behaviour as firmware expects it, without a Renode.

The compiled tests want Mono: `mcs` and `mono` on PATH, or commands in TINYSIM_MCS and TINYSIM_MONO. They compile
against data/renode_models/Api.cs, in the spelling of 1.16 and in that of 1.14, and run data/renode_models/Drive.cs.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from svd_registers import peripherals, svd_archive

from tinysim.engines.renode_models import MODELS, model_files, model_text

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "platforms" / "models"
FILES = sorted(FOLDER.glob("*.cs"))
BENCH = ROOT / "emulator" / "tests" / "data" / "renode_models"
MCS = shlex.split(os.environ.get("TINYSIM_MCS", "mcs"))
MONO = shlex.split(os.environ.get("TINYSIM_MONO", "mono"))
NO_MONO = "needs Mono: mcs and mono on PATH, or TINYSIM_MCS and TINYSIM_MONO"
VERSIONS = {"1.16": (1, 16, 1), "1.14": (1, 14, 0)}
TIME_LIMIT_S = 120

# model: SVD, peripheral
VENDORS = {
    "NRF52840_NVMC": ("nrf52840.svd", "NVMC"),
    "NRF52840_PDM_DoubleBuffered": ("nrf52840.svd", "PDM"),
    "NRF52840_SAADC": ("nrf52840.svd", "SAADC"),
    "NRF52840_TWI_TWIM": ("nrf52840.svd", "TWIM0"),
    "NRF52840_Timer_Shorts": ("nrf52840.svd", "TIMER4"),
    "STM32F4_DMA": ("STM32F429x.svd", "DMA1"),
    "STM32F4_I2C": ("STM32F429x.svd", "I2C3"),
    "STM32F4_USART": ("STM32F429x.svd", "USART1"),
}
# Reset values that are not the SVD's: (model, register) -> ours, and why.
OTHER_RESETS = {
    ("STM32F4_USART", "SR"): (0xC0, "RM0090: TC and TXE are set; the SVD has them 16 bits higher"),
    ("NRF52840_NVMC", "READYNEXT"): (1, "nothing is being written, so the next write can come"),
}


def model_name(path: Path) -> str:
    return path.stem


def declared_registers(path: Path) -> dict[str, int]:
    block = re.search(r"enum Registers : long\s*\{(.*?)\}", path.read_text(encoding="utf-8"), re.DOTALL)
    assert block, "a model lists its registers in `enum Registers : long`"
    return {name: int(offset, 16) for name, offset in re.findall(r"(\w+) = (0x[0-9A-F]+),", block[1])}


def vendor_registers(model: str) -> dict[str, tuple[int, int]]:
    """Offset and reset value by name, CC[0] and RXD.PTR as CC_0 and RXD_PTR."""
    if svd_archive() is None:
        pytest.skip("needs the SVD files of pyocd")
    svd, peripheral = VENDORS[model]
    rows = peripherals(svd)[peripheral][1]
    return {re.sub(r"\W+", "_", row.name).strip("_"): (row.offset, row.reset) for row in rows}


def test_each_model_has_a_row_everywhere() -> None:
    stems = {path.stem for path in FILES}
    assert stems == {model.stem for model in MODELS.values()} == set(VENDORS)
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert all(f"`{stem}.cs`" in readme for stem in stems)
    assert all(f"`{name}`" in readme for name in MODELS)
    assert all(f"`{model.stands_in_for}`" in readme for model in MODELS.values() if model.stands_in_for)
    assert [path.stem for path in model_files([*MODELS, "GPIOPort.NRF52840_GPIO"])] == sorted(stems)


@pytest.mark.parametrize("path", FILES, ids=model_name)
def test_a_model_says_why_it_is_there_and_is_whole(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    header = text[: text.index("using System;")]
    assert "\n// Why: " in header and "Not modelled: " in header
    assert "For Renode 1.16 (IMachine)" in header and "Not run here: no Renode on this machine." in header
    assert all(text.count(left) == text.count(right) for left, right in ("{}", "()", "[]"))
    kind, model = next((kind, model) for kind, model in MODELS.items() if model.stem == path.stem)
    namespace, name = kind.split(".")
    assert f"namespace Antmicro.Renode.Peripherals.{namespace}\n" in text and f"public class {name} :" in text
    constructor = re.search(rf"public {name}\(IMachine machine(.*?)\)", text)
    assert constructor and set(re.findall(r", \w+ (\w+)", constructor[1])) == model.parameters
    numbered = {"#"} if "INumberedGPIOOutput" in text else set()
    assert set(re.findall(r"public GPIO (\w+)", text)) | numbered == model.outputs


@pytest.mark.parametrize("path", FILES, ids=model_name)
def test_registers_stand_where_the_vendor_has_them(path: Path) -> None:
    vendor = vendor_registers(path.stem)
    declared = declared_registers(path)
    assert declared == {name: vendor[name][0] for name in declared}


@pytest.fixture(scope="module", params=VERSIONS)
def program(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The models and what drives them, compiled for a version of Renode."""
    if shutil.which(MCS[0]) is None or shutil.which(MONO[0]) is None:
        pytest.skip(NO_MONO)
    folder = tmp_path_factory.mktemp("renode_models")
    for path in (*FILES, *BENCH.glob("*.cs")):
        (folder / path.name).write_text(model_text(path, VERSIONS[request.param]), encoding="utf-8")
    command = [*MCS, "-warnaserror", f"-out:{folder / 'drive.exe'}", *map(str, sorted(folder.glob("*.cs")))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIME_LIMIT_S, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "drive.exe"


def lines(program: Path, *arguments: str) -> list[str]:
    command = [*MONO, str(program), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=TIME_LIMIT_S, check=True).stdout.splitlines()


def test_models_do_what_firmware_expects(program: Path) -> None:
    said = lines(program)
    assert len(said) > 40 and [line for line in said if not line.startswith("ok ")] == []


def test_registers_after_reset_are_the_vendors(program: Path) -> None:
    rows = [line.split() for line in lines(program, "registers")]
    found = {(model, register): int(value) for model, register, _, value in rows}
    ours = {place: value for place, (value, _) in OTHER_RESETS.items()}
    assert found == {(model, register): vendor_registers(model)[register][1] for model, register in found} | ours
