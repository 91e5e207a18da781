"""The list of commands in docs/architecture.md, 7, against those of click: a list that is wrong is worse than none."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from tinysim.cli import tinysim

PAGE = Path(__file__).resolve().parents[3] / "docs" / "architecture.md"
CONTEXT = click.Context(tinysim)


def blocks() -> list[str]:
    """The code blocks below "Command line": what there is, and what is planned."""
    section = PAGE.read_text(encoding="utf-8").split("### Command line\n")[1].split("\n### ")[0]
    return re.findall(r"```\n(.*?)```", section, re.DOTALL)


def entries(block: str) -> dict[str, str]:
    """Verb to the rest of its entry, which may go over lines."""
    found = (entry.partition(" ") for entry in re.split(r"^tinysim ", block, flags=re.MULTILINE)[1:])
    return {verb.strip(): rest for verb, _, rest in found}


LISTED = entries(blocks()[0])


def command(verb: str) -> click.Command:
    found = tinysim.get_command(CONTEXT, verb)
    assert found is not None
    return found


def options_of(verb: str) -> set[str]:
    parameters = command(verb).params
    return {name for each in parameters if not getattr(each, "hidden", False) for name in each.opts if name[0] == "-"}


def stream_commands() -> list[str]:
    stream = command("stream")
    assert isinstance(stream, click.Group)
    return stream.list_commands(CONTEXT)


def words(alternatives: str) -> set[str]:
    """`info | check` as a set."""
    return set(re.findall(r"\w+", alternatives))


def listed_options(verb: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", LISTED[verb]))


def test_the_page_lists_the_commands_in_the_order_of_help() -> None:
    assert list(LISTED) == tinysim.list_commands(CONTEXT)


@pytest.mark.parametrize("verb", LISTED)
def test_options_on_the_page_are_options_of_the_command(verb: str) -> None:
    assert listed_options(verb) <= options_of(verb)


def test_the_page_lists_all_options_of_run() -> None:
    assert options_of("run") <= listed_options("run")


def test_the_page_lists_the_commands_of_stream() -> None:
    assert words(LISTED["stream"]) == set(stream_commands())


def test_nothing_planned_is_there_already() -> None:
    planned = entries(blocks()[1])
    assert not words(planned["stream"]) & set(stream_commands())
    assert not set(re.findall(r"--[a-z-]+", planned["run"])) & options_of("run")
    verbs = {"model", "check", *words(planned["check"].split("  ")[0])}
    assert verbs == {"model", "check", "contend", "report"}
    assert not verbs & set(tinysim.list_commands(CONTEXT))
