"""Prints the table of chips and blocks in the README: modelled, partly, gap; `--left-out` says what each leaves out.

Derived from the chips' .repl files, the type registry of the core and the header of each class: a block is *partly*
modelled where its header says "not modelled", *modelled* where it says nothing of the kind, and a *gap* where the
chip's .repl lists it as one or the core does not know its type.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "emulator"))

from tinysim import _core  # noqa: E402
from tinysim.platform import PlatformFile, load_platform  # noqa: E402

SOURCE = ROOT / "emulator" / "core" / "src"
CHIPS = ROOT / "platforms" / "chips"
ROW = re.compile(r'^    \{"(?P<type>[^"]+)", make<(?:\w+::)?(?P<name>\w+)>\}', re.MULTILINE)
LISTED = re.compile(r"Not modelled, so an access is reported as a gap: (.+?)\.(?:\s|$)")
LEFT_OUT = re.compile(r"not modelled", re.IGNORECASE)
NUMBERED = re.compile(r"^(?P<stem>.*?[a-z_])(?P<index>\d+|[A-Z])$")
WIRING = ("Miscellaneous.CombinedInput",)  # an OR gate of the description, no block
IN_THE_CPU = {"IRQControllers.NVIC": SOURCE / "cpu" / "system_control.h"}


@dataclass(frozen=True)
class Chip:
    """Names of a chip's blocks, as its .repl has them, and those that are not there."""

    name: str
    whole: tuple[str, ...]
    partly: tuple[str, ...]
    gaps: tuple[str, ...]


def opening(path: Path) -> str:
    """The comment that a file opens with, as one line."""
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("//"):
            break
        lines.append(line[2:].strip())
    return " ".join(lines)


def headers() -> dict[str, Path]:
    """Type name -> the header that declares its class."""
    registry = (SOURCE / "soc" / "registry.cc").read_text(encoding="utf-8")
    included = [SOURCE / name for name in re.findall(r'#include "((?:soc|parts)/[^"]+)"', registry)]
    texts = {path: path.read_text(encoding="utf-8") for path in included}
    found = dict(IN_THE_CPU)
    for row in ROW.finditer(registry):
        declared = re.compile(rf"(?:class|struct) {row['name']}\b[^;]*\{{|using {row['name']} =")
        found[row["type"]] = next(path for path, text in texts.items() if declared.search(text))
    return found


def collapsed(names: Iterable[str]) -> tuple[str, ...]:
    """`uart0`, `uart1`, `uart2` -> `uart0-2`; in order of first appearance."""
    groups: dict[str, list[str]] = {}
    for name in names:
        numbered = NUMBERED.match(name)
        groups.setdefault(numbered["stem"] if numbered else name, []).append(numbered["index"] if numbered else "")
    return tuple(stem + " and ".join(runs(indexes)) for stem, indexes in groups.items())


def runs(indexes: list[str]) -> Iterator[str]:
    """`1 2 3 6` -> `1-3`, `6`; letters likewise."""
    ordered = sorted(indexes, key=lambda index: (len(index), index))
    places = [int(index) if index.isdigit() else ord(index or "0") for index in ordered]
    begin = 0
    for i in range(len(ordered)):
        if i + 1 < len(ordered) and places[i + 1] == places[i] + 1:
            continue
        yield ordered[begin] if begin == i else f"{ordered[begin]}-{ordered[i]}"
        begin = i + 1


def listed_gaps(files: Iterable[PlatformFile]) -> tuple[str, ...]:
    """The blocks that a chip's .repl files name as not modelled."""
    found = [LISTED.search(opening(CHIPS / Path(file.path).name)) for file in files if file.path.endswith(".repl")]
    return tuple(name for each in found if each for name in each[1].split(", "))


def chip_of(path: Path) -> Chip:
    """The blocks of one chip. Raises TinysimError if the file does not load."""
    sources = headers()
    known = {*_core.known_types(), *IN_THE_CPU}
    kinds: dict[str, list[str]] = {"whole": [], "partly": [], "gap": []}
    platform = load_platform(path)
    for device in platform.devices:
        if device.type in WIRING:
            continue
        if device.type not in known:
            kinds["gap"].append(device.name)
        else:
            is_partly = LEFT_OUT.search(opening(sources[device.type]))
            kinds["partly" if is_partly else "whole"].append(device.name)
    gaps = (*collapsed(kinds["gap"]), *listed_gaps(platform.files))
    return Chip(path.stem, collapsed(kinds["whole"]), collapsed(kinds["partly"]), gaps)


def chips() -> list[Chip]:
    """All chips that have numbers of their own, by name; a `.toml` without [chip] is one that chips share."""
    numbers = [path for path in sorted(CHIPS.glob("*.toml")) if "chip" in tomllib.loads(path.read_text("utf-8"))]
    return [chip_of(path.with_suffix(".repl")) for path in numbers]


def left_out() -> Iterator[str]:
    """One line per type: what its header says is not modelled."""
    for kind, path in sorted(headers().items()):
        text = opening(path)
        found = LEFT_OUT.search(text)
        sentence = text[text.rfind(". ", 0, found.start()) + 1 :].strip() if found else "nothing is said to be left out"
        yield f"{kind} ({path.relative_to(ROOT)}): {sentence}"


@click.command()
@click.option("--left-out", "wants_left_out", is_flag=True, help="What each block's header says is not modelled.")
def main(wants_left_out: bool) -> None:
    """Print the table of chips and blocks as Markdown."""
    if wants_left_out:
        click.echo("\n".join(left_out()))
        return
    click.echo("| chip | modelled | partly | gap |\n| --- | --- | --- | --- |")
    for chip in chips():
        cells = (", ".join(names) or "none" for names in (chip.whole, chip.partly, chip.gaps))
        click.echo(f"| {chip.name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
