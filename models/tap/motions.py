"""Accelerations of single motions, in g, sampled at the times given (200 Hz in this package).

A tap is short and stiff: risen after 1-2 samples, ringing at 60-120 Hz (the ring above 100 Hz
aliases, as no filter stands before the sampling), gone after 10-30 ms. What is not a tap passes
through wood, cloth or the body first: it rings at 12-32 Hz, lasts 45-110 ms, and often comes in
several impacts. Not modelled: the sensor's own low-pass filter and its clipping (preprocessing.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

TAP_RISE_S = 0.0015


@dataclass(frozen=True)
class TapStyle:
    """How one finger taps one device: what the two taps of a double have in common."""

    amplitude_g: float
    ring_hz: float
    decay_s: float
    direction: FloatArray
    across: FloatArray


def unit_vector(rng: np.random.Generator) -> FloatArray:
    """Draw a direction, uniform over the sphere; shape (3,)."""
    vector = rng.normal(size=3)
    return np.asarray(vector / np.linalg.norm(vector))


def draw_tap_style(rng: np.random.Generator, lowest_g: float = 0.5, highest_g: float = 3.0) -> TapStyle:
    """Draw a tap's style; the amplitude is log-uniform between the two limits in g."""
    direction = unit_vector(rng)
    across = np.cross(direction, unit_vector(rng))
    return TapStyle(
        amplitude_g=float(np.exp(rng.uniform(np.log(lowest_g), np.log(highest_g)))),
        ring_hz=float(rng.uniform(60.0, 120.0)),
        decay_s=float(rng.uniform(0.010, 0.030)),
        direction=direction,
        across=np.asarray(across / np.linalg.norm(across)),
    )


def ringing(
    time_s: FloatArray,
    onset_s: float,
    style: TapStyle,
    rise_s: float,
    phase_rad: float,
) -> FloatArray:
    """Return a damped elliptic ring from onset_s on; shape (samples, 3), in g."""
    age_s = np.maximum(time_s - onset_s, 0.0)
    envelope_g = style.amplitude_g * (1.0 - np.exp(-age_s / rise_s)) * np.exp(-age_s / style.decay_s)
    turn_rad = 2.0 * np.pi * style.ring_hz * age_s + phase_rad
    main = np.outer(envelope_g * np.cos(turn_rad), style.direction)
    return np.asarray(main + np.outer(0.6 * envelope_g * np.sin(turn_rad), style.across))


def tap(time_s: FloatArray, onset_s: float, style: TapStyle, rng: np.random.Generator) -> FloatArray:
    """Return one tap; shape (samples, 3), in g."""
    return ringing(time_s, onset_s, style, TAP_RISE_S, float(rng.uniform(-0.6, 0.6)))


def impacts(time_s: FloatArray, onsets_s: list[float], strongest_g: float, rng: np.random.Generator) -> FloatArray:
    """Return soft impacts that shrink one after the other; shape (samples, 3), in g."""
    total = np.zeros((time_s.size, 3))
    ring_hz, decay_s = rng.uniform(12.0, 32.0), rng.uniform(0.045, 0.110)
    direction, across = unit_vector(rng), unit_vector(rng)
    amplitude_g = strongest_g
    for onset_s in onsets_s:
        style = TapStyle(amplitude_g, float(ring_hz), float(decay_s), direction, across)
        total += ringing(time_s, onset_s, style, 0.006, float(rng.uniform(-1.8, -0.9)))
        amplitude_g *= float(rng.uniform(0.45, 0.85))
    return total


def knock(time_s: FloatArray, start_s: float, rng: np.random.Generator) -> FloatArray:
    """Return a knock on the table that carries the device: 1-4 impacts 90-200 ms apart."""
    gaps_s = rng.uniform(0.09, 0.20, size=int(rng.integers(0, 4)))
    onsets_s = [start_s, *(start_s + np.cumsum(gaps_s)).tolist()]
    return impacts(time_s, onsets_s, float(rng.uniform(0.3, 1.6)), rng)


def put_down(time_s: FloatArray, start_s: float, rng: np.random.Generator) -> FloatArray:
    """Return a put-down: a slow swing, a thump, and bounces that come faster and weaker."""
    swing_s = time_s - (start_s - 0.15)
    swing_g = rng.uniform(0.1, 0.3) * np.exp(-((swing_s / 0.12) ** 2))
    gap_s, onsets_s = float(rng.uniform(0.07, 0.14)), [start_s]
    for _ in range(int(rng.integers(1, 4))):
        onsets_s.append(onsets_s[-1] + gap_s)
        gap_s *= 0.7
    thump = impacts(time_s, onsets_s, float(rng.uniform(0.5, 2.0)), rng)
    return np.asarray(np.outer(swing_g, unit_vector(rng)) + thump)


def walking(time_s: FloatArray, start_s: float, stop_s: float, rng: np.random.Generator) -> FloatArray:
    """Return a gait of about 2 steps a second with harmonics and a heel strike at each step."""
    steps_hz, strength_g = rng.uniform(1.7, 2.2), rng.uniform(0.10, 0.28)
    fade = np.clip(np.minimum(time_s - start_s, stop_s - time_s) / 0.4, 0.0, 1.0)
    angle_rad = 2.0 * np.pi * steps_hz * (time_s - start_s)
    upright_g = sum(
        strength_g * weight * np.sin(order * angle_rad + rng.uniform(0.0, 2.0 * np.pi))
        for order, weight in ((1, 1.0), (2, 0.5), (3, 0.25))
    )
    sway_g = 0.5 * strength_g * np.sin(0.5 * angle_rad + rng.uniform(0.0, 2.0 * np.pi))
    gait = np.outer(upright_g * fade, unit_vector(rng)) + np.outer(sway_g * fade, unit_vector(rng))
    strike_g = float(rng.uniform(0.1, 0.5))
    for onset_s in np.arange(start_s + 0.3, stop_s - 0.3, 1.0 / steps_hz):
        moment_s = float(onset_s + rng.normal(0.0, 0.01))
        gait += impacts(time_s, [moment_s], strike_g * float(rng.uniform(0.7, 1.2)), rng)
    return np.asarray(gait)


def typing(time_s: FloatArray, start_s: float, stop_s: float, rng: np.random.Generator) -> FloatArray:
    """Return typing on the same table: 5-9 weak thuds a second, 20-110 mg."""
    total = np.zeros((time_s.size, 3))
    moment_s = start_s
    while moment_s < stop_s:
        total += impacts(time_s, [moment_s], float(rng.uniform(0.02, 0.11)), rng)
        moment_s += float(rng.uniform(1.0 / 9.0, 1.0 / 5.0))
    return total


def gravity(time_s: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Return 1 g from any direction, turning slowly (some degrees a second); shape (samples, 3)."""
    start, towards = unit_vector(rng), unit_vector(rng)
    angle_rad = 0.25 * np.sin(2.0 * np.pi * rng.uniform(0.02, 0.08) * time_s + rng.uniform(0.0, 6.28))
    direction = np.outer(np.cos(angle_rad), start) + np.outer(np.sin(angle_rad), towards)
    return np.asarray(direction / np.linalg.norm(direction, axis=1, keepdims=True))
