"""Sensors are fed with Renode's names, its typos included; what is fed becomes a recording in virtual time.

Renode's sample files without times, which advance with each read of the sensor, are refused: here time decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tinysim.monitor.errors import SIGNATURE, MonitorError
from tinysim.monitor.methods import Method, methods
from tinysim.monitor.target import Target
from tinysim.monitor.values import File
from tinysim.sensors.feeding import FEEDINGS, resd_method, sample_method
from tinysim.streams.quantities import SOUND, Quantity

if TYPE_CHECKING:
    from tinysim.sensors import SensorPart
    from tinysim.streams.recording import Recording

SPECIFIED, CURRENT_TIME = "Specified", "CurrentVirtualTime"
_MOST = (1 << 31) - 1
_CONVERT = "see tinysim stream --help"


def _play(here: Target, recording: Recording) -> None:
    here.session.done.fed[*here.key, recording.quantity] = recording
    here.do(lambda machine: machine.engine.play(here.name, recording))


@dataclass(frozen=True)
class _Fed:
    """What feeds one quantity of a sensor: typed values are in `unit` of the quantity."""

    quantity: Quantity
    unit: str

    def feed_sample(
        self, here: Target, x: float | File, y: float | None = None, z: float | None = None, repeat: int = 1
    ) -> None:
        """Hold one sample from now on, a value for each axis; `repeat` has no meaning where time decides."""
        if isinstance(x, File):
            raise MonitorError(f"{x.text} has no times, and tinysim plays in virtual time", remedy="use Feed..FromRESD")
        values = [value for value in (x, y, z) if value is not None]
        if len(values) != len(self.quantity.axes):
            raise MonitorError(SIGNATURE, remedy=f"give {', '.join(self.quantity.columns)}")
        _play(here, self._constant(here, [self._integer(value) for value in values]))

    def feed_from_resd(
        self,
        here: Target,
        path: File,
        channel: int = 0,
        start_time: int = 0,
        sample_offset_type: str = SPECIFIED,
        sample_offset_time: int = 0,
        type: str = "Normal",
    ) -> None:
        """Play a recording (RESD, CSV); its time is the virtual time, plus the offset in ns, or begins now."""
        from tinysim.streams import quantities_in, read_recording

        if start_time or type != "Normal":
            raise MonitorError("start_time and type other than 0 and Normal are not supported", remedy=_CONVERT)
        if sample_offset_type not in (SPECIFIED, CURRENT_TIME):
            raise MonitorError(f"unknown offset type {sample_offset_type}", remedy=f"{SPECIFIED} or {CURRENT_TIME}")
        file, wanted = here.session.find(path), self.quantity.name
        held = quantities_in(file)
        if wanted not in held:
            raise MonitorError(f"{path.text} holds {', '.join(held)}, not {wanted}", remedy=_CONVERT)
        recording = read_recording(file, quantity=wanted, channel=channel)
        shift_ns = here.machine.engine.time_ns() if sample_offset_type == CURRENT_TIME else -sample_offset_time
        _play(here, replace(recording, start_ns=recording.start_ns + shift_ns))

    def axis(self, number: int) -> Callable[..., str | None]:
        """The property of one axis."""

        def get_or_set(here: Target, value: float | None = None) -> str | None:
            """What is measured now; with a value: hold it, and the other axes as they are, from now on."""
            if value is None:
                measured = self._now(here)[number] / self.quantity.per_unit[self.unit]
                return f"{measured:.6f}".rstrip("0").rstrip(".")
            is_fed = (*here.key, self.quantity.name) in here.session.done.fed
            values = self._now(here) if is_fed else [0] * len(self.quantity.axes)
            values[number] = self._integer(value)
            _play(here, self._constant(here, values))
            return None

        return get_or_set

    def _integer(self, value: float) -> int:
        factor = self.quantity.per_unit[self.unit]
        if abs(value * factor) > _MOST:
            limit = int(_MOST / factor)
            raise MonitorError(f"{value} is out of range", remedy=f"give -{limit} to {limit}")
        return round(value * factor)

    def _constant(self, here: Target, values: list[int]) -> Recording:
        """Values that hold from now on."""
        import numpy as np

        from tinysim.streams.recording import Recording

        now_ns = np.array([here.machine.engine.time_ns()], dtype=np.int64)
        return Recording(
            quantity=self.quantity.name, columns=self.quantity.columns, unit=self.quantity.unit,
            values=np.array([values], dtype=np.int32), time_ns=now_ns, rate_hz=None, file_name="monitor", sha256="",
            file_unit=self.quantity.unit, line_numbers=np.zeros(1, dtype=np.int64),
        )  # fmt: skip

    def _now(self, here: Target) -> list[int]:
        """The values that the sensor measures at this moment."""
        import numpy as np

        recording = here.session.done.fed.get((*here.key, self.quantity.name))
        if recording is None:
            raise MonitorError(f"{here.path} was fed nothing", remedy="feed samples first")
        now_ns = here.machine.engine.time_ns() - recording.start_ns
        row = int(np.searchsorted(recording.time_ns, now_ns, side="right")) - 1
        return [int(value) for value in recording.values[max(row, 0)]]


def set_input_file(here: Target, path: File) -> None:
    """Play a sound (.wav); its time is the virtual time."""
    _Fed(SOUND, "pa").feed_from_resd(here, path)


def sensor_methods(part: SensorPart) -> dict[str, Method]:
    """The methods of a part, named after what it measures."""
    if SOUND in part.plays:
        return methods(SetInputFile=set_input_file)
    found: dict[str, Method] = {}
    for quantity in part.plays:
        names = FEEDINGS[quantity.name]
        fed = _Fed(quantity, names.unit)
        found |= methods(FeedSample=fed.feed_sample) if len(part.plays) == 1 else {}
        for stem in names.stems:
            found |= methods(**{sample_method(stem): fed.feed_sample}, **{resd_method(stem): fed.feed_from_resd})
        for number, axis in enumerate(quantity.axes):
            found |= methods(**{names.stem + (axis.upper() if len(quantity.axes) > 1 else ""): fed.axis(number)})
    return found
