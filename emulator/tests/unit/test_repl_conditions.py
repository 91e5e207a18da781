"""Conditions of bus registrations: what they split into, who can meet whom."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinysim.errors import InputError
from tinysim.platform.conditions import Access, can_meet, parse_condition
from tinysim.repl.complaints import Place

HERE = Place("x.repl", 1, 1)


def split(text: str) -> set[str]:
    """Each alternative as `cpu:secure,!privileged`."""
    return {
        f"{access.initiator or ''}:" + ",".join(sorted(name if value else f"!{name}" for name, value in access.states))
        for access in parse_condition(text, HERE)
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("secure", {":secure"}),
        ("!secure", {":!secure"}),
        ("!!secure", {":secure"}),
        ("initiator == cpu0", {"cpu0:"}),
        ("initiator==cpu1&&!secure", {"cpu1:!secure"}),
        ("initiator == a || initiator == b", {"a:", "b:"}),
        ("(initiator == a || initiator == b) && secure", {"a:secure", "b:secure"}),
        ("!(secure && privileged)", {":!secure", ":!privileged"}),
        ("!(secure || privileged)", {":!privileged,!secure"}),
        ("!(initiator != a)", {"a:"}),
        ("secure && secure", {":secure"}),
        ("initiator == a && initiator == b || secure", {":secure"}),
    ],
)
def test_a_condition_is_split_by_initiator_and_state(text: str, expected: set[str]) -> None:
    assert split(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "&&", "secure &&", "secure secure", "(secure", "secure)", "initiator", "initiator == ", "initiator == 3",
     "a = b", "initiator != a", "!(initiator == a)", "initiator == a && initiator == b", "secure && !secure", "((" * 40,
     "1"],
)  # fmt: skip
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_condition(text, HERE)
    assert caught.value.problem.startswith("E21") and caught.value.remedy


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("secure", "!secure", False),
        ("secure", "privileged", True),
        ("initiator == a", "initiator == b", False),
        ("initiator == a", "secure", True),
        ("initiator == a || secure", "initiator == b && !secure", False),
        ("initiator == a || !secure", "initiator == b && !secure", True),
    ],
)
def test_two_registrations_may_share_addresses_when_no_access_meets_both(one: str, other: str, meet: bool) -> None:
    assert can_meet(parse_condition(one, HERE), parse_condition(other, HERE)) is meet
    assert can_meet((), parse_condition(one, HERE))


def test_an_access_of_somebody_else_cannot_be_narrowed() -> None:
    assert Access("a").with_initiator("b") is None and Access(None).with_initiator("b") == Access("b")


@given(
    st.lists(st.sampled_from(["a", "b", "!", "(", ")", "&&", "||", "initiator", "==", "!="]), max_size=14).map(" ".join)
)
def test_any_text_is_split_or_refused(text: str) -> None:
    try:
        assert parse_condition(text, HERE)
    except InputError as error:
        assert error.remedy
