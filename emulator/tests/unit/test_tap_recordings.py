"""The synthetic recordings of models/tap: determinism, plausibility, and the committed files."""

from __future__ import annotations

import csv
from itertools import pairwise

import numpy as np
import pytest

from models.tap.motions import draw_tap_style, tap
from models.tap.preprocessing import G_PER_COUNT, to_counts
from models.tap.recordings import (
    DATA_FOLDER,
    RATE_HZ,
    committed_recordings,
    draw_session,
    labels_csv,
    stream_csv,
)
from models.tap.sessions import SPLIT

STEMS = ("tap_demo", "tap_single", "tap_double", "tap_knock")


def test_the_same_seed_gives_the_same_session() -> None:
    first, second = draw_session(5, seconds=16.0), draw_session(5, seconds=16.0)
    assert np.array_equal(first.acceleration_g, second.acceleration_g)
    assert first.events == second.events


def test_another_seed_gives_another_session() -> None:
    assert draw_session(5, seconds=16.0).events != draw_session(6, seconds=16.0).events


def test_no_session_is_in_two_parts_of_the_split() -> None:
    numbers = [number for part in SPLIT.values() for number in part]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("stem", STEMS)
def test_the_committed_stream_is_what_the_generator_makes(stem: str) -> None:
    lines = (DATA_FOLDER / f"{stem}.csv").read_text().splitlines()
    generated = stream_csv(committed_recordings()[stem]).splitlines()
    assert lines[0] == generated[0] == "t_s,ax_g,ay_g,az_g"
    committed = np.array([line.split(",") for line in lines[1:]], dtype=float)
    expected = np.array([line.split(",") for line in generated[1:]], dtype=float)
    assert committed.shape == expected.shape
    assert np.abs(committed - expected).max() < 1.5e-4, "run python -m models.tap.recordings"


@pytest.mark.parametrize("stem", STEMS)
def test_the_committed_labels_are_what_the_generator_makes(stem: str) -> None:
    committed = (DATA_FOLDER / f"{stem}.labels.csv").read_text()
    assert committed == labels_csv(committed_recordings()[stem])


@pytest.mark.parametrize("stem", STEMS)
def test_committed_events_leave_room_for_the_decision(stem: str) -> None:
    with (DATA_FOLDER / f"{stem}.labels.csv").open() as file:
        rows = list(csv.DictReader(file))
    starts_s = [float(row["start_s"]) for row in rows]
    end_s = len(committed_recordings()[stem].acceleration_g) / RATE_HZ
    assert starts_s[0] >= 1.0
    assert end_s - float(rows[-1]["end_s"]) >= 1.5
    assert all(after - before >= 1.6 for before, after in pairwise(starts_s))
    assert {row["class"] for row in rows} <= {"single", "double", "none"}


def test_the_committed_streams_stay_small() -> None:
    assert all(path.stat().st_size < 300_000 for path in DATA_FOLDER.glob("*.csv"))


def test_gravity_is_about_one_g_while_nothing_moves() -> None:
    quiet = committed_recordings()["tap_single"].acceleration_g[:200]
    assert np.abs(np.linalg.norm(quiet, axis=1) - 1.0).max() < 0.06


def test_a_tap_rises_within_two_samples_and_is_gone_after_five_decay_times() -> None:
    time_s = np.arange(200) / RATE_HZ
    for seed in range(50):
        rng = np.random.default_rng(seed)
        style = draw_tap_style(rng)
        size_g = np.linalg.norm(tap(time_s, 0.2013, style, rng), axis=1)
        assert size_g[:41].max() == 0.0
        assert size_g.argmax() - 40 <= 3
        assert size_g[time_s > 0.2013 + 5 * style.decay_s].max() < 0.01 * style.amplitude_g


def test_sensor_counts_of_a_stream_are_reproduced_from_its_csv_digits() -> None:
    values_g = committed_recordings()["tap_knock"].acceleration_g
    assert np.abs(to_counts(values_g) * G_PER_COUNT - values_g).max() <= 0.5 * G_PER_COUNT + 1e-9
