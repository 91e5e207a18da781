"""Two tasks with floats, switched by PendSV: lazily stacked and hand-saved registers survive. DDI 0403 B1.5.7."""

from __future__ import annotations

import exception_fixtures
import pytest

TASKS = {
    "tasks.switched": 1,
    "tasks.first": 1,
    "tasks.second": 1,
}


@pytest.fixture(scope="module")
def checks() -> dict[str, int]:
    return exception_fixtures.checks_of("task_switch")


def test_two_tasks_switched_by_pendsv_keep_their_floats(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in TASKS} == TASKS
