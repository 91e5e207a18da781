"""Gives a suite that imports no keywords those of Renode, with renode-test's set-up: what `tinysim robot` adds."""

from __future__ import annotations

from robot.api import SuiteVisitor
from robot.running import Keyword, TestSuite  # type: ignore[import-untyped]

KEYWORDS_VARIABLE = "${RENODEKEYWORDS}"
SETUP, TEARDOWN = "Setup", "Teardown"
TEST_SETUP, TEST_TEARDOWN = "Reset Emulation", "Test Teardown"
OWN = ("tinysim.robot", "tinysim.resource")


class KeywordsImporter(SuiteVisitor):  # type: ignore[misc]
    """As renode-test: default set-ups and teardowns where the suite has none of its own."""

    def start_suite(self, suite: TestSuite) -> None:
        """Only suites with tests, and not those that import tinysim's own keywords."""
        imports = list(suite.resource.imports)
        if not suite.tests or any(str(one.name).endswith(OWN) for one in imports):
            return
        if all(one.name != KEYWORDS_VARIABLE for one in imports):
            suite.resource.imports.resource(KEYWORDS_VARIABLE)
        if not suite.has_setup:
            suite.setup = Keyword(name=SETUP, type=Keyword.SETUP)
        if not suite.has_teardown:
            suite.teardown = Keyword(name=TEARDOWN, type=Keyword.TEARDOWN)
        for test in suite.tests:
            if not test.has_setup:
                test.setup = Keyword(name=TEST_SETUP, type=Keyword.SETUP)
            if not test.has_teardown:
                test.teardown = Keyword(name=TEST_TEARDOWN, type=Keyword.TEARDOWN)
