"""The label sidecar: its place, its rows and its refusals."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinysim.errors import InputError
from tinysim.streams.labels import labels_of, labels_path, parse_labels

HEADER = "start_s,end_s,class\n"


def test_the_sidecar_stands_beside_the_stream(tmp_path: Path) -> None:
    stream = tmp_path / "tap.csv"
    assert labels_path(stream) == tmp_path / "tap.labels.csv"
    assert labels_of(stream) is None
    labels_path(stream).write_text(HEADER + "0.5,0.6,single\n")
    labels = labels_of(stream, duration_s=1.0)
    assert labels is not None
    assert (labels[0].start_s, labels[0].end_s, labels[0].name, labels[0].line) == (0.5, 0.6, "single", 2)


def test_labels_come_sorted_and_comments_are_skipped() -> None:
    labels = parse_labels("# by hand\n" + HEADER + "2,2.5,double\n\n1,1.5,none\n", "tap.labels.csv")
    assert [label.name for label in labels] == ["none", "double"]
    assert parse_labels(HEADER, "tap.labels.csv") == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "tap: no header"),
        ("start,end,class\n", "tap:1: the header must be start_s,end_s,class"),
        (HEADER + "1,2\n", "tap:2: 2 columns, expected 3"),
        (HEADER + "1,x,single\n", "tap:2: start_s and end_s must be numbers"),
        (HEADER + "nan,1,single\n", "tap:2: start_s and end_s must be finite"),
        (HEADER + "2,1,single\n", "tap:2: the span ends at 1 s, not after its start 2 s"),
        (HEADER + "1,99,single\n", "tap:2: the span ends at 99 s, after the stream's end 10 s"),
        (HEADER + "1,2,\n", "tap:2: the class is empty"),
        (HEADER + "1,3,single\n2,4,double\n", "tap:3: the span overlaps the one of line 2"),
    ],
)
def test_a_wrong_sidecar_is_refused_with_its_line(text: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_labels(text, "tap", duration_s=10.0)
    assert str(caught.value).startswith(expected)


@given(st.text(max_size=60) | st.text(alphabet='0.5,\n"nasingle', max_size=60).map(lambda text: HEADER + text))
def test_any_text_gives_labels_or_an_input_error(text: str) -> None:
    try:
        parse_labels(text, "any")
    except InputError as error:
        assert str(error).startswith("any")
