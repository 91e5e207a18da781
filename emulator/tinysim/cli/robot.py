"""`tinysim robot`: Robot Framework suites on an engine, ours and those that were written for Renode.

Plain `robot` runs ours as well; here the variables are set that renode-test gives, and a suite that imports nothing
gets Renode's keywords with their usual set-up, as there.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import click

from tinysim.errors import EngineMissing

KEYWORDS = Path(__file__).resolve().parent.parent / "robot" / "renode-keywords.robot"
HOW_TO_GET = "pip install 'tinysim[robot]'"
IMPORTER = "tinysim.robot.importer.KeywordsImporter"
EXIT_CODES = {0: 0, 251: 0, 252: 2, 255: 2}  # of Robot: passed, help, bad usage, broken; others: tests failed


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("suites", nargs=-1, required=True, metavar="[ROBOT OPTION]... SUITE...")
@click.option("--engine", default="native", show_default=True, help="Engine that runs the firmware: native or renode.")
@click.option("-o", "--outputdir", default="build/robot", show_default=True, help="Folder of the log and the reports.")
@click.option("--variable", multiple=True, metavar="NAME:VALUE", help="Variable for the suites; repeatable.")
def robot(suites: tuple[str, ...], engine: str, outputdir: str, variable: tuple[str, ...]) -> int:
    """Run Robot Framework suites, also those written for Renode.

    Exits with 1 when a test failed, 2 when a suite is missing or an option is wrong. What is not an option of tinysim's
    is handed to Robot Framework; its options come before the suites.
    """
    require_robot_framework()
    from tinysim.machine import require_engine

    require_engine(engine)
    from robot.run import run_cli  # type: ignore[import-untyped]

    options = ["--outputdir", outputdir, "--xunit", "junit.xml", "--prerunmodifier", IMPORTER]
    for name, value in {**_variables(outputdir), "TINYSIM_ENGINE": engine}.items():
        options += ["--variable", f"{name}:{value}"]
    for each in variable:
        options += ["--variable", each]
    return EXIT_CODES.get(int(run_cli([*options, *suites], exit=False)), 1)


def require_robot_framework() -> None:
    """Raises EngineMissing, with how to get it, when Robot Framework is not installed."""
    if importlib.util.find_spec("robot") is None:
        raise EngineMissing(f"Robot Framework is not installed: {HOW_TO_GET}")


def _variables(outputdir: str) -> dict[str, str]:
    """What renode-test sets, as far as it means something here."""
    return {
        "RENODEKEYWORDS": str(KEYWORDS),
        "RESULTS_DIRECTORY": str(Path(outputdir).resolve()),
        "DIRECTORY": str(Path.cwd()),
        "BINARY_NAME": "tinysim",
        "SKIP_RUNNING_SERVER": "True",
        "PORT_NUMBER": "0",
        "RENODE_PID": str(os.getpid()),
        "HOTSPOT_ACTION": "None",
        "CONFIGURATION": "Release",
        "HOLD_ON_ERROR": "False",
        "CREATE_EXECUTION_METRICS": "False",
        "SAVE_LOGS_WHEN": "never",
    }
