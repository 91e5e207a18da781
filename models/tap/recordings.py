"""Synthetic accelerometer recordings by session, with the spans of their events.

A session is one person with one device: it has its own orientation, offset, noise and habits.
`python -m models.tap.recordings` writes the committed streams of models/tap/data/.
Synthetic throughout: no recording of a real device stands behind it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from models.tap import motions
from models.tap.motions import FloatArray

RATE_HZ = 200.0
DATA_FOLDER = Path(__file__).parent / "data"
EVENT_TAIL_S = 0.06


@dataclass(frozen=True)
class Cue:
    """One line of a session's script: a motion, its start, and its stop (walk, typing)."""

    motion: str
    start_s: float
    stop_s: float = 0.0
    lowest_g: float = 0.5
    gap_s: float = 0.17


@dataclass(frozen=True)
class Event:
    """A labelled span: `single`, `double`, or `none` for a hard negative (no onsets)."""

    kind: str
    start_s: float
    end_s: float
    onsets_s: tuple[float, ...] = ()
    while_walking: bool = False


@dataclass(frozen=True)
class Recording:
    """Accelerations in g, shape (samples, 3), at RATE_HZ from time 0, and their events."""

    acceleration_g: FloatArray
    events: tuple[Event, ...]

    @property
    def time_s(self) -> FloatArray:
        """Return the sample times in seconds."""
        return np.arange(len(self.acceleration_g)) / RATE_HZ


def play_cue(cue: Cue, time_s: FloatArray, rng: np.random.Generator) -> tuple[FloatArray, Event | None]:
    """Return a cue's acceleration in g and its event, if it is one a detector must judge."""
    if cue.motion in ("single", "double"):
        return _play_taps(cue, time_s, rng)
    if cue.motion == "walk":
        return motions.walking(time_s, cue.start_s, cue.stop_s, rng), None
    if cue.motion == "typing":
        return motions.typing(time_s, cue.start_s, cue.stop_s, rng), None
    play = {"knock": motions.knock, "put_down": motions.put_down}[cue.motion]
    return play(time_s, cue.start_s, rng), Event("none", cue.start_s, cue.start_s + 0.6)


def _play_taps(cue: Cue, time_s: FloatArray, rng: np.random.Generator) -> tuple[FloatArray, Event]:
    style = motions.draw_tap_style(rng, lowest_g=cue.lowest_g)
    onsets_s = (cue.start_s,) if cue.motion == "single" else (cue.start_s, cue.start_s + cue.gap_s)
    total = motions.tap(time_s, onsets_s[0], style, rng)
    for onset_s in onsets_s[1:]:
        again_g = float(np.clip(style.amplitude_g * rng.uniform(0.75, 1.3), cue.lowest_g, 3.0))
        second = motions.TapStyle(again_g, style.ring_hz, style.decay_s, style.direction, style.across)
        total = total + motions.tap(time_s, onset_s, second, rng)
    return total, Event(cue.motion, onsets_s[0], onsets_s[-1] + EVENT_TAIL_S, onsets_s)


def render(cues: list[Cue], seconds: float, seed: int) -> Recording:
    """Play a script of cues; the same seed gives the same recording, in 0.1 mg steps."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    total = motions.gravity(time_s, rng) + rng.uniform(-0.02, 0.02, size=3)
    total += rng.normal(0.0, rng.uniform(0.001, 0.003), size=total.shape)
    walks = [cue for cue in cues if cue.motion == "walk"]
    events = []
    for cue in cues:
        acceleration_g, event = play_cue(cue, time_s, rng)
        total += acceleration_g
        if event is not None:
            walking = any(walk.start_s < cue.start_s < walk.stop_s for walk in walks)
            events.append(replace(event, while_walking=walking))
    return Recording(np.round(total, 4), tuple(sorted(events, key=lambda each: each.start_s)))


def draw_session(seed: int, seconds: float = 30.0) -> Recording:
    """Draw one session for training or tests: events 1.6-2.4 s apart, some while walking."""
    rng = np.random.default_rng([seed, 1])
    walk_start_s = float(rng.uniform(2.0, seconds - 11.0))
    walk_stop_s = walk_start_s + float(rng.uniform(4.0, 8.0))
    typing_start_s = walk_stop_s if walk_stop_s < seconds / 2 else 1.0
    typing_stop_s = typing_start_s + float(rng.uniform(2.0, 4.0))
    cues = [Cue("walk", walk_start_s, walk_stop_s)]
    if typing_stop_s < walk_start_s or typing_start_s >= walk_stop_s:
        cues.append(Cue("typing", typing_start_s, typing_stop_s))
    start_s = float(rng.uniform(1.0, 1.6))
    while start_s < seconds - 1.5:
        motion = str(rng.choice(["single", "double", "knock", "put_down"], p=[0.3, 0.4, 0.2, 0.1]))
        walks = walk_start_s - 0.5 < start_s < walk_stop_s + 0.5
        gap_s = float(rng.uniform(0.12, 0.22))
        cues.append(Cue(motion, start_s, lowest_g=1.2 if walks else 0.5, gap_s=gap_s))
        start_s += float(rng.uniform(1.6, 2.4))
    return render(cues, seconds, seed)


def committed_recordings() -> dict[str, Recording]:
    """Return the streams of models/tap/data/ by stem, as the generator makes them today."""
    demo = [
        Cue("single", 1.533), Cue("double", 3.412, gap_s=0.150), Cue("knock", 5.62),
        Cue("single", 7.481), Cue("put_down", 9.37), Cue("double", 11.294, gap_s=0.121),
        Cue("typing", 12.60, 14.60), Cue("single", 15.032), Cue("double", 16.943, gap_s=0.205),
        Cue("walk", 18.30, 24.60), Cue("single", 20.57, lowest_g=1.2),
        Cue("double", 22.461, lowest_g=1.2, gap_s=0.180), Cue("knock", 25.61),
        Cue("single", 27.324),
    ]  # fmt: skip
    return {
        "tap_demo": render(demo, 29.0, seed=2024),
        "tap_single": render([Cue("single", 1.62)], 4.0, seed=11),
        "tap_double": render([Cue("double", 1.57, gap_s=0.165)], 4.0, seed=12),
        "tap_knock": render([Cue("knock", 1.60)], 4.0, seed=13),
    }


def stream_csv(recording: Recording) -> str:
    """Return a recording as the stream CSV of the emulator: seconds and g."""
    rows = ["t_s,ax_g,ay_g,az_g"]
    for moment_s, (x_g, y_g, z_g) in zip(recording.time_s, recording.acceleration_g, strict=True):
        rows.append(f"{moment_s:.3f},{x_g:.4f},{y_g:.4f},{z_g:.4f}")
    return "\n".join(rows) + "\n"


def labels_csv(recording: Recording) -> str:
    """Return a recording's label sidecar: event spans in seconds of stream time."""
    rows = ["start_s,end_s,class"]
    rows += [f"{each.start_s:.3f},{each.end_s:.3f},{each.kind}" for each in recording.events]
    return "\n".join(rows) + "\n"


def main() -> None:
    """Write the committed streams and their labels."""
    DATA_FOLDER.mkdir(exist_ok=True)
    for stem, recording in committed_recordings().items():
        (DATA_FOLDER / f"{stem}.csv").write_text(stream_csv(recording))
        (DATA_FOLDER / f"{stem}.labels.csv").write_text(labels_csv(recording))
        print(f"{stem}: {len(recording.acceleration_g)} samples, {len(recording.events)} events")


if __name__ == "__main__":
    main()
