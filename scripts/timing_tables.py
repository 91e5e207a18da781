"""Puts the tables into docs/timing.md: what each mechanism changes, what each uncertain number changes, and the cases.

`python scripts/timing_tables.py` runs the images of firmware/bench and the tap firmware with numbers of the chip's
`.toml` replaced, the cases of firmware/fixtures/timing and the kernel of fixtures/stm32/timing_kernel.c; what lies
between `<!-- table: NAME -->` and `<!-- end -->` is rewritten. `--check` changes nothing and exits 1 if a table is not
what it would write.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable

import click
from made_files import ROOT, settle

sys.path[:0] = [str(ROOT / "emulator"), str(ROOT / "scripts"), str(ROOT / "emulator" / "tests" / "engine")]

from timing_cases import case_tables, flash_matrix  # noqa: E402
from timing_placement import placement_table  # noqa: E402
from timing_runs import DidNotEnd  # noqa: E402
from timing_workloads import mechanisms_table, sensitivity_table  # noqa: E402

from tinysim.errors import TinysimError  # noqa: E402

PAGE = ROOT / "docs" / "timing.md"
BLOCK = re.compile(r"(<!-- table: (?P<name>\S+) -->\n)(?P<rows>.*?)(<!-- end -->)", re.DOTALL)
TABLES: dict[str, Callable[[], str]] = {
    "mechanisms": mechanisms_table,
    "sensitivity": lambda: sensitivity_table("nrf52840"),
    "sensitivity-stm32f4": lambda: sensitivity_table("stm32f4"),
    "cases-nrf52840": lambda: case_tables("nrf52840"),
    "cases-stm32f4": lambda: case_tables("stm32f4"),
    "wait-states": flash_matrix,
    "placement": placement_table,
}


def rewritten(page: str, wanted: tuple[str, ...]) -> str:
    """The page with the wanted tables (none named: all) made anew. Raises TinysimError."""

    def fresh(found: re.Match[str]) -> str:
        if wanted and found["name"] not in wanted:
            return found[0]
        click.echo(f"making table {found['name']}", err=True)
        return f"{found[1]}{TABLES[found['name']]()}\n{found[4]}"

    return BLOCK.sub(fresh, page)


@click.command()
@click.argument("tables", nargs=-1, type=click.Choice(list(TABLES)))
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if a table is not what the runs give.")
def main(tables: tuple[str, ...], check: bool) -> None:
    """Rewrite the tables of docs/timing.md (all, or those named)."""
    try:
        page = rewritten(PAGE.read_text(encoding="utf-8"), tables)
    except (TinysimError, DidNotEnd) as error:
        click.echo(f"timing_tables: {error}", err=True)
        sys.exit(2)
    sys.exit(0 if settle(PAGE, page, "scripts/timing_tables.py", check=check) else 1)


if __name__ == "__main__":
    main()
